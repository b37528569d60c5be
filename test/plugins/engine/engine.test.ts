import { describe, expect, it } from 'vitest';
import { bench } from '../workspace.ts';

/** One row of CONTRACT.md §4 after the other, over real processes. */
describe('what a plugin does and what the engine reports', () => {
  it.each([
    ['typescript', 'logic.ts', 'export const execute = (d: { n: number }) => ({ n: d.n + 1 });'],
    ['typescript, .mts', 'logic.mts', 'export async function execute(d: any) { return { n: d.n + 1 } }'],
    ['javascript', 'logic.js', 'export const execute = (d) => ({ n: d.n + 1 });'],
    ['.mjs', 'logic.mjs', 'export const execute = (d) => ({ n: d.n + 1 });'],
    ['.cjs', 'logic.cjs', 'module.exports = { execute: (d) => ({ n: d.n + 1 }) };'],
    ['.cjs exporting a function', 'logic.cjs', 'module.exports = (d) => ({ n: d.n + 1 });'],
    ['CommonJS in .js', 'logic.js', 'exports.execute = (d) => ({ n: d.n + 1 });'],
    ['run', 'logic.js', 'export const run = (d) => ({ n: d.n + 1 });'],
    ['a default export', 'logic.js', 'export default async (d) => ({ n: d.n + 1 });'],
    [
      'execute before run',
      'logic.js',
      'export const run = () => 0; export const execute = (d) => ({ n: d.n + 1 });',
    ],
    ['backend/', 'backend/logic.ts', 'export const execute = (d: { n: number }) => ({ n: d.n + 1 });'],
    [
      'await at the top',
      'logic.js',
      'const one = await Promise.resolve(1); export const execute = (d) => ({ n: d.n + one });',
    ],
  ])('runs %s', async (_, file, source) => {
    const { value } = await bench({ [`adder/${file}`]: source });
    expect(await value('adder', { n: 1 })).toEqual({ n: 2 });
  });

  it("returns an object with `error` as it is: what becomes of it is the server's decision", async () => {
    const { value } = await bench({
      'p/logic.js': 'export const execute = () => ({ error: "no", error_code: "X" });',
    });
    expect(await value('p')).toEqual({ error: 'no', error_code: 'X' });
  });

  it("reports what was thrown, with the author's own lines", async () => {
    const source = [
      '// comments and types move code away from where it was written',
      'type Anything = { deep: unknown };',
      "import { fail } from './lib/fail.ts';",
      'export const execute = (d: Anything): never => {',
      '  return fail(d);',
      '};',
    ].join('\n');
    const lib =
      'interface A { b: 1 }\n\nexport function fail(_: unknown): never {\n  throw new TypeError("boom");\n}\n';
    const { call } = await bench({ 'p/logic.ts': source, 'p/lib/fail.ts': lib });
    const { result } = await call('p');
    expect(result).toMatchObject({ kind: 'threw', message: 'boom' });
    const stack = result.kind === 'threw' ? result.stack : null;
    expect(stack).toMatch(/^TypeError: boom\n +at fail \(lib\/fail\.ts:4:\d+\)\n +at .*logic\.ts:5:\d+\)?$/);
  });

  it.each([
    ['an Error', 'throw new Error("bad input")', 'bad input'],
    ['a rejection', 'return Promise.reject(new Error("later"))', 'later'],
    ['null', 'throw null', 'null'],
    ['a string', 'throw "just text"', 'just text'],
    ['a hostile object', 'throw { toString() { throw 1 } }', 'an error without a message'],
    ['a stack overflow', 'const f = () => f(); f()', 'Maximum call stack size exceeded'],
  ])('P3 survives a plugin that throws %s', async (_, body, message) => {
    const { call, engine } = await bench({ 'p/logic.js': `export const execute = async () => { ${body} };` });
    const pid = engine.get('p')?.pid;
    expect((await call('p')).result).toMatchObject({ kind: 'threw', message });
    expect((await call('p')).pid).toBe(pid);
  });

  it('says unknown for a plugin that is not there, and for one that is disabled', async () => {
    const { call, engine } = await bench({
      'off/logic.js': 'export const execute = () => ({});',
      'off/manifest.json': '{"enabled": false}',
    });
    expect((await call('nobody')).result).toEqual({ kind: 'unknown' });
    expect((await call('off')).result).toEqual({ kind: 'unknown' });
    expect([engine.canRun('off'), engine.canRun('nobody'), engine.loadedCount()]).toEqual([false, false, 0]);
    expect(engine.get('off')).toMatchObject({ status: 'disabled', enabled: false, serving: false });
  });

  it('names the place when a plugin has never loaded', async () => {
    const { call, engine } = await bench({
      'p/logic.ts': 'export const execute = () => {\n  return {;\n};\n',
    });
    expect((await call('p')).result).toMatchObject({
      kind: 'load-failed',
      message: expect.stringContaining('found ";"'),
    });
    const failure = engine.get('p')?.failure;
    expect(failure).toMatchObject({ file: 'logic.ts', line: 2, column: 11 });
    expect(failure?.codeFrame).toContain('> 2 |   return {;\n    |           ^');
  });

  it('names the place of an error at the top level', async () => {
    const { engine } = await bench({
      'p/logic.ts': 'const n: number = 1;\n\nthrow new Error("top " + n);\nexport const execute = 1;',
    });
    expect(engine.get('p')).toMatchObject({
      status: 'failed',
      serving: false,
      failure: { message: 'top 1', file: 'logic.ts', line: 3 },
    });
  });

  it('says which exports it found when none is a handler', async () => {
    const { call } = await bench({
      'p/logic.js': 'export const handle = () => ({}); export const answer = 42;',
    });
    expect((await call('p')).result).toMatchObject({
      kind: 'load-failed',
      message: 'no function execute(data) is exported (exports found: answer, handle); export one',
    });
  });

  it('lists a Python plugin as failed where there is no Python, with the remedy', async () => {
    const files = {
      'py/logic.py': 'def execute(data):\n    return {}\n',
      'js/logic.js': 'export const execute = () => ({});',
    };
    const { engine, call, value } = await bench(files, { python: '/nowhere/python3' });
    expect(engine.get('py')).toMatchObject({ language: 'python', status: 'failed', entry: 'py/logic.py' });
    expect((await call('py')).result).toMatchObject({
      kind: 'load-failed',
      message: expect.stringMatching(/^no Python was found; .*MOZAIKS_PYTHON.*reload the plugin$/),
    });
    expect(await value('js')).toEqual({});
  });

  it("gives the plugin its deadline and its call's own log", async () => {
    const source = `export const execute = (_, { deadline, log, signal }) => {
      log('one', { two: 2 }); console.warn('careful'); process.stdout.write('three\\n');
      return { left: deadline - Date.now(), aborted: signal.aborted };
    };`;
    const { call } = await bench({ 'p/logic.js': source });
    const { result, console: lines } = await call('p', {}, 5_000);
    expect(lines.map(({ level, text }) => [level, text])).toEqual([
      ['log', 'one { two: 2 }'],
      ['warn', 'careful'],
      ['log', 'three'],
    ]);
    const value = result.kind === 'returned' ? result.value : {};
    expect(value.aborted).toBe(false);
    expect(value.left).toBeGreaterThan(3_000);
    expect(value.left).toBeLessThanOrEqual(5_000);
  });

  it('shows the plugin: manifest, defaults, hash, process', async () => {
    const { engine } = await bench({
      'my_first-plugin/logic.ts': 'export const execute = () => ({});',
      'other/backend/logic.ts': 'export const execute = () => ({});',
      'other/logic.js': 'export const execute = () => ({});',
      'other/manifest.json': '{"display_name": "Other!", "description": "d", "version": "2.1.0"}',
      'bad/logic.ts': 'export const execute = () => ({});',
      'bad/manifest.json': '{"version": 3,',
    });
    expect(engine.list().map(({ name }) => name)).toEqual(['bad', 'my_first-plugin', 'other']);
    expect(engine.get('my_first-plugin')).toMatchObject({
      displayName: 'My First-Plugin',
      description: 'Plugin for my_first-plugin',
      version: '1.0.0',
      backend: 'plugins.my_first-plugin.logic',
      language: 'typescript',
      status: 'loaded',
      serving: true,
      contentHash: expect.stringMatching(/^[0-9a-f]{12}$/),
      pid: expect.any(Number),
      failure: null,
      notice: null,
      entry: 'my_first-plugin/logic.ts',
      lastReload: { cause: 'start', ok: true, latencyMs: null },
    });
    expect(engine.get('other')).toMatchObject({
      displayName: 'Other!',
      version: '2.1.0',
      backend: 'plugins.other.backend.logic',
      notice: expect.stringContaining('logic.js is ignored: backend/logic.ts comes first'),
    });
    expect(engine.get('bad')).toMatchObject({
      status: 'loaded',
      notice: expect.stringContaining('not valid JSON'),
    });
    expect(engine.loadedCount()).toBe(3);
  });
});
