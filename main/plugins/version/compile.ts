import { createHash } from 'node:crypto';
import { readFile, realpath } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildResult, build, type Message, type Plugin } from 'esbuild';
import { NODE_TARGET } from '../../bin/fallback-electron/floor.ts';
import type { SourcePlace } from '../../contract/host.ts';
import type { PluginFailure } from '../../contract/plugin-view.ts';
import { errorMessage } from '../../system/errors.ts';
import { waitAtMost } from '../../system/wait.ts';
import { failureAt } from './failure.ts';

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

/** A build that reads something endless (an imported FIFO) must not block reloads forever. */
const COMPILE_TIMEOUT_MS = 20_000;
/** Errors of one build that are reported. */
const MAX_ERRORS = 10;

/**
 * Bundles a plugin with its own files and packages into one ES module, the only format that allows `await` at
 * the top level. Never rejects.
 */
export async function compile(folder: string, entry: string, now: () => number): Promise<Compilation> {
  try {
    const real = await realpath(folder);
    return compiled(real, await withTimeout(bundle(real, entry)));
  } catch (error) {
    const messages = messagesOf(error);
    const [first] = messages;
    if (first === undefined) return failed(folder, errorMessage(error), null, now);
    return failed(folder, formatMessages(messages), positionOf(first), now);
  }
}

function bundle(folder: string, entry: string) {
  const url = JSON.stringify(pathToFileURL(entry).href);
  return build({
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
    plugins: [nativeAddons, ownLocations],
  });
}

type Built = BuildResult<{ write: false; metafile: true }>;

function compiled(folder: string, { outputFiles, metafile }: Built): CompiledVersion {
  const code = outputFiles[0]?.text ?? '';
  const hash = createHash('sha256').update(code).digest('hex').slice(0, 12);
  const inputs = Object.keys(metafile.inputs).map((path) => resolve(folder, path));
  return { ok: true, code, hash, inputs };
}

async function withTimeout<T>(work: Promise<T>): Promise<T> {
  if (await waitAtMost(work, COMPILE_TIMEOUT_MS)) return work;
  const seconds = COMPILE_TIMEOUT_MS / 1000;
  throw new Error(`compiling did not finish within ${seconds} s: does it import something endless?`);
}

async function failed(folder: string, message: string, position: SourcePlace | null, now: () => number) {
  return { ok: false, failure: await failureAt(folder, message, position, null, now()) } as const;
}

/** The messages of a failed build, the first error first. */
function messagesOf(error: unknown): readonly Message[] {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors) ? error.errors : [];
}

/** The first error on the first line, the others below with their places. */
function formatMessages(messages: readonly Message[]): string {
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
function positionOf({ location }: Message): SourcePlace | null {
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

/**
 * Packages that read files beside their own code use `__dirname` or `import.meta.url`, which would be the
 * plugin's inside a bundle: each such file is given its own. The author's files stay unchanged, so that
 * positions are correct.
 */
const ownLocations: Plugin = {
  name: 'own-locations',
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const contents = withLocations(source, path);
      return contents === source ? null : { contents, loader: 'js', resolveDir: dirname(path) };
    });
  },
};

/** Pure. */
function withLocations(source: string, path: string): string {
  const url = JSON.stringify(pathToFileURL(path).href);
  const text = source.replaceAll(/\bimport\.meta\.url\b/g, url);
  // An ES module has no such names unless it declares them itself; then a second declaration would clash.
  if (!/\b__(dirname|filename)\b/.test(text) || /\b(const|let|var)\s+__(dirname|filename)\b/.test(text))
    return text;
  const names = `var __filename = ${JSON.stringify(path)}, __dirname = ${JSON.stringify(dirname(path))};`;
  return text.startsWith('#!') ? text.replace('\n', `\n${names}`) : `${names}${text}`;
}
