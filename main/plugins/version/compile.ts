import { createHash } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BuildResult, Message, Plugin } from 'esbuild';
import { NODE_TARGET } from '../../bin/fallback-electron/floor.ts';
import type { SourcePlace } from '../../contract/host.ts';
import type { PluginFailure } from '../../contract/plugin-view.ts';
import { errorMessage } from '../../system/errors.ts';
import { runBuild } from './compiler.ts';
import { failureAt } from './failure.ts';
import { boundedSources } from './source-reading.ts';

/** A version of a plugin as one file of code. */
interface CompiledVersion {
  readonly ok: true;
  readonly code: string;
  /** Of the code and its source map: 12 hex digits. A comment that moves no line doesn't change it. */
  readonly hash: string;
  /** Every file it was made from; absolute. */
  readonly inputs: readonly string[];
}

type Compilation = CompiledVersion | { readonly ok: false; readonly failure: PluginFailure };

/** Errors of one build that are reported. */
const MAX_ERRORS = 10;

/**
 * Bundles a plugin with its own files and packages into one ES module, the only format that allows `await` at
 * the top level. `folder`: its real path. Never rejects.
 */
export async function compile(folder: string, entry: string, now: () => number): Promise<Compilation> {
  try {
    const built = await bundle(folder, entry);
    const missing = built.warnings.filter(isMissingExport);
    return missing.length === 0 ? compiled(folder, built) : failed(folder, missing, now);
  } catch (error) {
    const messages = messagesOf(error);
    return failed(
      folder,
      messages.length === 0 ? [{ text: errorMessage(error), location: null }] : messages,
      now,
    );
  }
}

/**
 * Whether the plugin's own code imports a name from a file that exports nothing, as one that is just being saved:
 * an error in Node, of which esbuild only warns. A member of a whole module (`module.name`) may be missing.
 */
function isMissingExport({ id, location }: Message): boolean {
  if (id !== 'import-is-undefined' || location === null || location.file.includes('node_modules/'))
    return false;
  // esbuild counts columns in bytes.
  const before = Buffer.from(location.lineText).subarray(0, location.column).toString();
  return !/[.[]\s*$/.test(before);
}

function bundle(folder: string, entry: string) {
  const url = JSON.stringify(pathToFileURL(entry).href);
  return runBuild({
    entryPoints: [entry],
    absWorkingDir: folder,
    // Never written: the base of the source map's paths.
    outfile: join(folder, 'plugin.bundle.mjs'),
    write: false,
    metafile: true,
    bundle: true,
    platform: 'node',
    target: NODE_TARGET,
    format: 'esm',
    sourcemap: 'inline',
    sourcesContent: false,
    sourceRoot: pathToFileURL(`${folder}/`).href,
    logLevel: 'silent',
    define: {
      'import.meta.url': url,
      'import.meta.filename': JSON.stringify(entry),
      'import.meta.dirname': JSON.stringify(dirname(entry)),
    },
    plugins: [nativeAddons, boundedSources],
  });
}

type Built = BuildResult<{ write: false; metafile: true }>;

function compiled(folder: string, { outputFiles, metafile }: Built): CompiledVersion {
  const code = outputFiles[0]?.text ?? '';
  const hash = createHash('sha256').update(code).digest('hex').slice(0, 12);
  const inputs = Object.keys(metafile.inputs).map((path) => resolve(folder, path));
  return { ok: true, code, hash, inputs };
}

type Problem = Pick<Message, 'text' | 'location'>;

async function failed(folder: string, problems: readonly Problem[], now: () => number) {
  const position = problems.map(positionOf).at(0) ?? null;
  return {
    ok: false,
    failure: await failureAt(folder, formatMessages(problems), position, null, now()),
  } as const;
}

/** The messages of a failed build, the first error first. */
function messagesOf(error: unknown): readonly Message[] {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors) ? error.errors : [];
}

/** The first error on the first line, the others below with their places. */
function formatMessages(messages: readonly Problem[]): string {
  const others = messages.slice(1, MAX_ERRORS).map((message) => {
    const { file, line, column } = positionOf(message) ?? {};
    return `${file === undefined ? '' : `${file}:${line}:${column} `}${withRemedy(message.text)}`;
  });
  return [...messages.slice(0, 1).map(({ text }) => withRemedy(text)), ...others].join('\n');
}

/** For a missing package, adds the command that installs it. */
function withRemedy(text: string): string {
  const name = /^Could not resolve "((?:@[\w.~-]+\/)?[\w~-][\w.~-]*)(?:\/[^"]*)?"$/.exec(text)?.[1];
  return name === undefined ? text : `${text}: run "npm install ${name}" in the plugin's folder`;
}

/** esbuild counts columns from 0. */
function positionOf({ location }: Problem): SourcePlace | null {
  return location === null ? null : { file: location.file, line: location.line, column: location.column + 1 };
}

/** A compiled addon can't be bundled: it stays where it is and is required by its absolute path. */
const nativeAddons: Plugin = {
  name: 'native-addons',
  setup: ({ onResolve }) => {
    onResolve({ filter: /\.node$/ }, ({ path, resolveDir }) => ({
      path: resolve(resolveDir, path),
      external: true,
    }));
  },
};
