import type { Language, PluginFailure } from '../../contract/plugin-view.ts';
import type { Bundle, HostKind } from '../../hosts/call.ts';
import { errorMessage } from '../../system/errors.ts';
import { compile } from './compile.ts';
import type { DiscoveredPlugin } from './discover.ts';
import { failureAt } from './failure.ts';
import { hashSources, readSources, scanSources, snapshotOf } from './python-files.ts';
import type { Version } from './serving.ts';

/** What is on disk as a version that could be loaded; nothing of it is written yet. */
export interface PreparedVersion {
  readonly ok: true;
  readonly hash: string;
  /** Every file it was made from; absolute. */
  readonly inputs: readonly string[];
  /** What a process is given to load, with the extension of its file. */
  readonly code: string;
  readonly extension: '.mjs' | '.json';
  readonly bundle: Omit<Bundle, 'file'>;
}

type Preparation = PreparedVersion | { readonly ok: false; readonly failure: PluginFailure };

interface PreparationRequest {
  readonly found: DiscoveredPlugin;
  /** The watched folder's real path. */
  readonly root: string;
  readonly serving: Version | null;
  readonly now: () => number;
}

/** How plugins of one language become something to load. */
interface LanguageSupport {
  readonly kind: HostKind;
  /** Never rejects. */
  prepare(request: PreparationRequest): Promise<Preparation>;
  /** Whether a version that failed may load later although its own files are the same. */
  readonly canRecover: boolean;
}

const COMPILED: LanguageSupport = { kind: 'node', prepare: prepareCompiled, canRecover: false };
/** A module that was missing may be there now, which no hash of the plugin's own files shows. */
const PYTHON: LanguageSupport = { kind: 'python', prepare: preparePython, canRecover: true };

export const LANGUAGE_SUPPORT: Readonly<Record<Language, LanguageSupport>> = {
  typescript: COMPILED,
  javascript: COMPILED,
  python: PYTHON,
};

async function prepareCompiled({ found, now }: PreparationRequest): Promise<Preparation> {
  const { folder, entry } = found;
  const compiled = await compile(folder, entry, now);
  return compiled.ok ? { ...compiled, extension: '.mjs', bundle: { kind: 'node', entry } } : compiled;
}

async function preparePython(request: PreparationRequest): Promise<Preparation> {
  try {
    return await takeSnapshot(request);
  } catch (error) {
    const { found, now } = request;
    return { ok: false, failure: await failureAt(found.folder, errorMessage(error), null, null, now()) };
  }
}

/**
 * Python is what it imports, which only a process that has imported it knows: that list decides, and before
 * there is one every Python file of the folder. Rejects with the system's error when one can't be read.
 */
async function takeSnapshot({ found, root, serving }: PreparationRequest): Promise<PreparedVersion> {
  const { folder, entry, backend } = found;
  const isKnown = serving !== null && serving.bundle.entry === entry;
  const inputs = isKnown ? [...serving.inputs] : await scanSources(folder);
  const sources = await readSources(new Set([...inputs, entry]));
  return {
    ok: true,
    hash: hashSources(root, sources),
    inputs: [...sources.keys()],
    code: snapshotOf(sources),
    extension: '.json',
    bundle: { kind: 'python', entry, python: { module: backend, root } },
  };
}
