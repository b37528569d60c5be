import type { PluginFailure } from '../../contract/plugin-view.ts';
import type { Bundle } from '../../hosts/call.ts';
import { compile } from './compile.ts';
import type { DiscoveredPlugin } from './discover.ts';
import { failureAt } from './failure.ts';
import { hashSources, readSources, scanSources, snapshotOf } from './python-files.ts';
import type { Version } from './serving.ts';

/** What is on disk as a version that could be loaded; nothing of it is written yet. */
export interface Prepared {
  readonly ok: true;
  readonly hash: string;
  /** Every file it was made from; absolute. */
  readonly inputs: readonly string[];
  /** What a process is given to load, with the extension of its file. */
  readonly code: string;
  readonly extension: '.mjs' | '.json';
  readonly bundle: Omit<Bundle, 'file'>;
}

export type Preparation = Prepared | { readonly ok: false; readonly failure: PluginFailure };

/** Compiles JavaScript and TypeScript, takes a snapshot of Python. Never rejects. */
export async function prepare(
  found: DiscoveredPlugin,
  root: string,
  serving: Version | null,
  now: () => number,
): Promise<Preparation> {
  const { folder, entry, language } = found;
  if (language === 'python') {
    return preparePython(found, root, serving).catch(async (error: unknown) => {
      const { message } = error as Error;
      return { ok: false, failure: await failureAt(folder, message, null, null, now()) } as const;
    });
  }
  const compiled = await compile(folder, entry, now);
  if (!compiled.ok) return compiled;
  return { ...compiled, extension: '.mjs', bundle: { entry } };
}

/**
 * Python is what it imports, which only a process that has imported it knows: that list decides, and before there is one
 * every Python file of the folder. Rejects with the system's error when one can't be read.
 */
async function preparePython(
  { folder, entry, backend }: DiscoveredPlugin,
  root: string,
  serving: Version | null,
): Promise<Prepared> {
  const isKnown = serving !== null && serving.bundle.entry === entry;
  const inputs = isKnown ? [...serving.inputs] : await scanSources(folder);
  const sources = await readSources(new Set([...inputs, entry]));
  return {
    ok: true,
    hash: hashSources(root, sources),
    inputs: [...sources.keys()],
    code: snapshotOf(sources),
    extension: '.json',
    bundle: { entry, python: { module: backend, root } },
  };
}
