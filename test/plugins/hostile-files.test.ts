import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { PluginFailure } from '../../main/contract/plugin-view.ts';
import type { EnginePlugin } from '../../main/plugins/engine/types.ts';
import { commandLine } from '../cli/command-line.ts';
import { cleanUpAfterAll } from '../support/clean-up.ts';
import { HOSTILE_KINDS, type HostileFiles, hostileFiles, KINDS } from '../support/hostile-files.ts';
import { startRuntime, type TestRuntime } from '../support/runtime.ts';

/**
 * F10 and P12: FIFOs, sockets and devices in the place of files. Nobody writes to the FIFOs, so whoever opens one
 * as a file waits for ever.
 */

const ANSWER = 'export const execute = () => ({ ok: true });';
const PYTHON_ANSWER = 'def execute(data):\n    return {"ok": True}\n';

/** A plugin for each kind: its good files, and the place of the bad one. */
interface Place {
  readonly files: Readonly<Record<string, string>>;
  readonly bad: string;
}

/** They can't load without the bad file. */
const FATAL: Readonly<Record<string, Place>> = {
  import: { files: { 'logic.js': `import './x.js';\n${ANSWER}` }, bad: 'x.js' },
  typed: { files: { 'logic.ts': `import { x } from './lib/x.ts';\n${ANSWER}\nvoid x;` }, bad: 'lib/x.ts' },
  data: { files: { 'logic.js': `import x from './x.json';\n${ANSWER}\nvoid x;` }, bad: 'x.json' },
  module: { files: { 'logic.js': `import 'm';\n${ANSWER}` }, bad: 'node_modules/m/index.js' },
  package: {
    files: { 'logic.js': `import 'm';\n${ANSWER}`, 'node_modules/m/index.js': '' },
    bad: 'node_modules/m/package.json',
  },
  settings: { files: { 'logic.ts': ANSWER }, bad: 'tsconfig.json' },
};

/** They answer without it, and say so. */
const HARMLESS: Readonly<Record<string, Place>> = {
  manifest: { files: { 'logic.js': ANSWER }, bad: 'manifest.json' },
  sample: { files: { 'logic.js': ANSWER, 'samples/good.json': '{}' }, bad: 'samples/bad.json' },
  entitlements: { files: { 'logic.js': ANSWER }, bad: 'entitlements.yaml' },
  unused: { files: { 'logic.py': PYTHON_ANSWER }, bad: 'helper.py' },
};

const ENTRY: Place = { files: { 'readme.md': '' }, bad: 'logic.js' };
const PYTHON: Place = { files: { 'logic.py': `import helper\n${PYTHON_ANSWER}` }, bad: 'helper.py' };

const PLACES = { ...FATAL, ...HARMLESS, entry: ENTRY, python: PYTHON };

/** The file that a stack names, relative to the plugin's folder, and what stands there. */
const LIES = [
  { name: 'fifo', file: 'x.js', kind: 'fifo' },
  { name: 'socket', file: 'x.js', kind: 'socket' },
  { name: 'endless', file: 'x.js', kind: 'endless' },
  { name: 'link', file: 'x.js', kind: 'link' },
  { name: 'above', file: '../../elsewhere.js', kind: 'nothing' },
] as const;

const SECRET_OF_ANOTHER = 'the secret of another';

const LIMIT = { timeout: 20_000, interval: 50 };

let bench: TestRuntime;
let hostile: HostileFiles;
let memoryBefore = 0;

const cleanUp = cleanUpAfterAll();
beforeAll(async () => {
  bench = await startRuntime({
    start: false,
    env: { MONETIZATION: '1', MOZAIKS_PLUGIN_MEMORY_MB: '128' },
    plugins: { calm: ANSWER },
    cleanUp,
  });
  hostile = await hostileFiles(dirname(bench.plugins), cleanUp);
  for (const [place, { files, bad }] of Object.entries(PLACES)) {
    for (const kind of KINDS) {
      const name = `${place}-${kind}`;
      await mkdir(join(bench.plugins, name));
      await bench.write(name, files);
      await hostile.put(kind, join(bench.plugins, name, bad));
    }
  }
  await writeFile(join(bench.plugins, '../elsewhere.js'), SECRET_OF_ANOTHER);
  await writeLiar('lie-own', 'logic.js');
  for (const { name, file, kind } of LIES) {
    await writeLiar(`lie-${name}`, file);
    const path = join(bench.plugins, `lie-${name}`, file);
    if (kind === 'link') await symlink(join(bench.plugins, '../elsewhere.js'), path);
    else if (kind !== 'nothing') await hostile.put(kind, path);
  }
  memoryBefore = process.memoryUsage().rss;
  await bench.runtime.start();
});

/** A plugin that gives a file of its choice as the place of its failure. */
async function writeLiar(name: string, file: string): Promise<void> {
  const place = join(bench.plugins, name, file);
  const lie = `const e = new Error('it lies'); e.stack = 'Error: it lies\\n    at f (${place}:1:1)'; throw e;`;
  await bench.write(name, lie);
}

function viewOf(name: string): EnginePlugin {
  const view = bench.runtime.engine.get(name);
  if (view === undefined) throw new Error(`there is no plugin ${name}`);
  return view;
}

async function failureOf(name: string): Promise<PluginFailure> {
  return vi.waitFor(() => {
    const { failure } = viewOf(name);
    if (failure === null) throw new Error(`${name} has not failed yet`);
    return failure;
  }, LIMIT);
}

const casesOf = (places: Readonly<Record<string, Place>>) =>
  Object.keys(places).flatMap((place) => KINDS.map((kind) => ({ place, kind, name: `${place}-${kind}` })));

describe('something else in the place of a file', () => {
  it.each(casesOf(FATAL))('F10: $kind as $place: refused, with the place', async ({ place, kind, name }) => {
    const { message, file, line } = await failureOf(name);
    expect(message).toContain(HOSTILE_KINDS[kind]);
    // A link is followed: what it leads to is named, and the import that it stands for.
    if (place !== 'settings') expect(`${file}:${line}`).toMatch(/^logic\.[jt]s:1$/);
    expect(await bench.execute(name)).toMatchObject({
      status: 500,
      json: { error_code: 'PLUGIN_LOAD_FAILED' },
    });
  });

  it.each(casesOf(HARMLESS))(
    'F10: $kind as $place: answers without it',
    { timeout: 20_000 },
    async ({ name }) => {
      expect(await bench.execute(name)).toMatchObject({ status: 200, json: { ok: true } });
    },
  );

  it.each(KINDS)(
    'F10: %s as manifest, sample, entitlements: says what it is',
    { timeout: 20_000 },
    async (kind) => {
      expect(viewOf(`manifest-${kind}`).notice).toContain(HOSTILE_KINDS[kind]);
      const samples = await bench.runtime.inspector.call('samples', { plugin: `sample-${kind}` });
      const problem = kind === 'fifo' || kind === 'socket' ? HOSTILE_KINDS[kind] : 'it is a link';
      expect(samples).toMatchObject({
        ok: true,
        value: {
          samples: [
            { name: 'bad', problem: expect.stringContaining(problem) },
            { name: 'good', problem: null },
          ],
        },
      });
      await bench.execute(`entitlements-${kind}`);
      expect(JSON.stringify(bench.lastTrace())).toContain(`can't be read: ${HOSTILE_KINDS[kind]}`);
    },
  );

  it.each(KINDS)('F10: %s as entry file: no plugin, with a notice', (kind) => {
    expect(bench.runtime.engine.get(`entry-${kind}`)).toBeUndefined();
    expect(bench.runtime.engine.folder().notice).toContain(`entry-${kind}: logic.js is ignored: it `);
  });

  it('F10: as a module that Python imports: the call ends', { timeout: 40_000 }, async () => {
    const statuses = KINDS.map(async (kind) => [kind, (await bench.execute(`python-${kind}`)).status]);
    expect(Object.fromEntries(await Promise.all(statuses))).toEqual({
      fifo: 500,
      socket: 500,
      device: 500,
      endless: 500,
    });
  });
});

describe('something else in the place of a file that a command is given', () => {
  const COMMANDS: Readonly<Record<string, (file: string) => readonly string[]>> = {
    '--data': (file) => ['exec', 'calm', '--url', bench.baseUrl, '--data', `@${file}`],
    '--token': (file) => ['exec', 'calm', '--url', bench.baseUrl, '--token', `@${file}`],
    '--secret': (file) => ['check', bench.baseUrl, '--secret', `@${file}`],
    '--expected-failures': (file) => ['check', bench.baseUrl, '--expected-failures', file],
    'trace file': (file) => ['replay', file, '--url', bench.baseUrl],
  };
  const cases = Object.keys(COMMANDS).flatMap((place) => KINDS.map((kind) => ({ place, kind })));

  it.each(cases)(
    'F10: $kind as $place: refused with the name',
    { timeout: 20_000 },
    async ({ place, kind }) => {
      const cwd = dirname(bench.plugins);
      const file = `given-${kind}`;
      await hostile.put(kind, join(cwd, file));
      const { code, err } = await commandLine(COMMANDS[place]?.(file) ?? [], { cwd });
      expect({ code, err }).toEqual({
        code: 3,
        err: expect.stringContaining(`${file} can't be read (${HOSTILE_KINDS[kind]}`),
      });
    },
  );
});

describe('a stack of the plugin’s own making', () => {
  it.each(LIES)('P12: names a file that is $name: no line of it is shown', async ({ name }) => {
    const failure = await failureOf(`lie-${name}`);
    expect(failure).toMatchObject({ message: 'it lies', codeFrame: null });
    expect(JSON.stringify(viewOf(`lie-${name}`))).not.toContain(SECRET_OF_ANOTHER);
  });

  it('P12: shows the lines of a file of its own', async () => {
    expect((await failureOf('lie-own')).codeFrame).toContain('1 | const e = ');
  });
});

it('F10: leaves the runtime calm', async () => {
  expect(await bench.execute('calm')).toMatchObject({ status: 200 });
  expect((await bench.get('/health')).status).toBe(200);
  // What /dev/zero gives in the time that all this took is a multiple of it.
  expect(process.memoryUsage().rss - memoryBefore).toBeLessThan(300 * 1024 * 1024);
  await bench.write('import-fifo', ANSWER);
  await vi.waitFor(async () => expect((await bench.execute('import-fifo')).status).toBe(200));
});
