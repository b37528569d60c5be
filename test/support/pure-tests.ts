import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseSync } from 'vite';

/**
 * Which tests are pure: nothing that they import, however far away, can open a socket, start a process or a
 * thread, watch a folder or drive a window. Told by the imports, so there is no list to keep, and no test
 * that is on it by mistake. (`fetch` needs no import: `pure.setup.ts` takes it away.)
 */
const IMPURE: ReadonlySet<string> = new Set([
  'node:child_process',
  'node:cluster',
  'node:dgram',
  'node:http',
  'node:http2',
  'node:https',
  'node:module',
  'node:net',
  'node:tls',
  'node:worker_threads',
  'chokidar',
  'electron',
  'esbuild',
  'playwright-core',
]);

const TEST = /\.test\.tsx?$/;
const SOURCE = /\.[cm]?[jt]sx?$/;

/**
 * Full paths of the pure tests below `folder`; `elsewhere` are folders in it whose tests are of another kind.
 */
export function findPureTests(folder: string, elsewhere: readonly string[] = []): string[] {
  const isImpure = createImpurityCheck();
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && TEST.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !elsewhere.some((other) => path.startsWith(join(folder, other))))
    .filter((path) => !isImpure(path))
    .sort();
}

function createImpurityCheck(): (path: string) => boolean {
  const imports = new Map<string, readonly string[]>();
  const importsOfOnce = (path: string) => {
    const known = imports.get(path) ?? importsOf(path);
    imports.set(path, known);
    return known;
  };
  return (test) => {
    const met = new Set([test]);
    // A set hands out what is added while it is walked.
    for (const path of met) {
      for (const specifier of importsOfOnce(path)) {
        if (IMPURE.has(specifier)) return true;
        const file = resolve(dirname(path), specifier.replace(/\?.*$/, ''));
        if (specifier.startsWith('.') && SOURCE.test(file) && existsSync(file)) met.add(file);
      }
    }
    return false;
  };
}

/** What a module asks for while it runs: types alone are gone by then. */
function importsOf(path: string): readonly string[] {
  const text = readFileSync(path, 'utf8');
  const { module } = parseSync(path, text);
  const isTypeOnly = (entries: readonly { readonly isType: boolean }[]) =>
    entries.length > 0 && entries.every(({ isType }) => isType);
  return [
    ...module.staticImports
      .filter(({ entries }) => !isTypeOnly(entries))
      .map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest, isType }) =>
        moduleRequest === null || isType ? [] : [moduleRequest.value],
      ),
    ),
    ...module.dynamicImports.map(({ moduleRequest }) =>
      text.slice(moduleRequest.start, moduleRequest.end).replaceAll(/['"`]/g, ''),
    ),
  ];
}
