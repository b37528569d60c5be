import { describe, expect, it } from 'vitest';
import { bench, isRunning } from './workspace.ts';

/** One row of contract §4 after the other, over real processes. */
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
    ['a hostile object', 'throw { toString() { throw 1 } }', 'an error that has no text'],
    ['a stack overflow', 'const f = () => f(); f()', 'Maximum call stack size exceeded'],
  ])('survives a plugin that throws %s', async (_, body, message) => {
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

  it('lists a Python plugin as failed, with the reason', async () => {
    const { engine, call } = await bench({ 'py/logic.py': 'def execute(data):\n    return {}\n' });
    expect(engine.get('py')).toMatchObject({ language: 'python', status: 'failed', entry: 'py/logic.py' });
    expect((await call('py')).result).toMatchObject({
      message: expect.stringContaining('TypeScript and JavaScript plugins only'),
    });
  });

  it('times out at the limit and takes the next call at once', async () => {
    const { call } = await bench({
      'p/logic.js': 'export const execute = ({ wait }) => (wait ? new Promise(() => {}) : { ok: true });',
    });
    const report = await call('p', { wait: true }, 300);
    expect(report.result).toEqual({ kind: 'timeout' });
    expect(report.runMs).toBeGreaterThanOrEqual(290);
    expect((await call('p')).result).toEqual({ kind: 'returned', value: { ok: true } });
  });

  it('tells calls that shared the process of a timed-out one why they were lost', async () => {
    const { call } = await bench({ 'p/logic.js': 'export const execute = () => new Promise(() => {});' });
    const [short, long] = await Promise.all([call('p', {}, 300), call('p', {}, 20_000)]);
    expect(short.result).toEqual({ kind: 'timeout' });
    expect(long.result).toMatchObject({
      kind: 'crashed',
      reason: expect.stringContaining('ran past its deadline'),
    });
  });

  it('queues calls beyond the limit in order and counts the wait towards the timeout', async () => {
    const source =
      'import { setTimeout as d } from "node:timers/promises"; let n = 0; export const execute = async ({ ms }) => { const at = ++n; await d(ms); return { at }; };';
    const { call } = await bench({ 'p/logic.js': source }, { maxConcurrency: 1 });
    const first = call('p', { ms: 400 });
    const second = call('p', { ms: 1 });
    const late = call('p', { ms: 1 }, 200);
    expect((await Promise.race([late, first])).result).toEqual({ kind: 'timeout' });
    expect((await late).pid).toBeNull();
    expect((await first).result).toEqual({ kind: 'returned', value: { at: 1 } });
    expect((await second).result).toEqual({ kind: 'returned', value: { at: 2 } });
    expect((await second).queueMs).toBeGreaterThan(200);
  });

  it('answers an aborted caller at once, tells the plugin, and keeps a process that obeys', async () => {
    const source = `import { setTimeout as d } from 'node:timers/promises';
      let told = 0;
      export const execute = async ({ ms }, { signal }) => {
        if (ms) await d(ms, null, { signal }).catch(() => { told += 1; });
        return { told };
      };`;
    const { call, value, engine } = await bench({ 'p/logic.js': source }, { maxConcurrency: 2 });
    const pid = engine.get('p')?.pid;
    const leave = new AbortController();
    const left = call('p', { ms: 60_000 }, 60_000, leave.signal);
    // Answered after the other call was taken up: messages keep their order.
    expect(await value('p')).toEqual({ told: 0 });
    const other = call('p', { ms: 1_000 });
    leave.abort();
    expect((await left).result).toEqual({ kind: 'aborted' });
    // Its turn is free at once, while the other call still has the second one.
    await expect.poll(() => value('p')).toEqual({ told: 1 });
    await other;
    expect(engine.get('p')?.pid).toBe(pid);
  });

  it('kills a plugin that ignores the signal when its deadline passes', async () => {
    const source = 'export const execute = ({ hang }) => (hang ? new Promise(() => {}) : {});';
    const { call, value, engine } = await bench({ 'p/logic.js': source });
    const pid = engine.get('p')?.pid ?? 0;
    const leave = new AbortController();
    const left = call('p', { hang: true }, 1_000, leave.signal);
    // Answered after the other call was taken up: messages keep their order.
    await value('p');
    leave.abort();
    expect((await left).result).toEqual({ kind: 'aborted' });
    expect(await isRunning(pid)).toBe(true);
    await expect.poll(() => isRunning(pid), { timeout: 5_000 }).toBe(false);
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

  it("bundles packages of the plugin's own node_modules, CommonJS ones too", async () => {
    const { value } = await bench({
      'p/logic.ts':
        "import add from 'add'; import * as fs from 'fs'; const mul = require('mul'); export const execute = () => ({ sum: add(1, 2), product: mul(2, 3), here: fs.existsSync(__filename), meta: import.meta.url });",
      'p/node_modules/add/package.json': '{"name":"add","main":"index.js"}',
      'p/node_modules/add/index.js':
        "const { isArray } = require('util'); module.exports = (a, b) => a + b + (typeof isArray === 'string' ? 1 : 0);",
      'p/node_modules/mul/package.json': '{"name":"mul","main":"index.js"}',
      'p/node_modules/mul/index.js': 'module.exports = (a, b) => a * b;',
    });
    expect(await value('p')).toMatchObject({
      sum: 3,
      product: 6,
      here: true,
      meta: expect.stringMatching(/^file:.*\/p\/logic\.ts$/),
    });
  });

  it('lets packages read the files beside their own code', async () => {
    const { value } = await bench({
      'p/logic.ts':
        "import old from 'old'; import { word } from 'modern'; export const execute = () => ({ old, word, own: __dirname });",
      'p/node_modules/old/package.json': '{"name":"old","main":"lib/index.js"}',
      'p/node_modules/old/lib/index.js':
        "'use strict'; module.exports = require('fs').readFileSync(require('path').join(__dirname, 'word.txt'), 'utf8');",
      'p/node_modules/old/lib/word.txt': 'old word',
      'p/node_modules/modern/package.json': '{"name":"modern","type":"module","exports":"./index.js"}',
      'p/node_modules/modern/index.js':
        "import { readFileSync } from 'node:fs'; export const word = readFileSync(new URL('./word.txt', import.meta.url), 'utf8');",
      'p/node_modules/modern/word.txt': 'modern word',
    });
    expect(await value('p')).toEqual({
      old: 'old word',
      word: 'modern word',
      own: expect.stringMatching(/\/p$/),
    });
  });

  it('lets a module declare what CommonJS would provide', async () => {
    const { value } = await bench({
      'p/logic.mjs':
        "import { createRequire } from 'node:module'; import { dirname } from 'node:path'; import { fileURLToPath } from 'node:url'; const require = createRequire(import.meta.url); const __filename = fileURLToPath(import.meta.url); const __dirname = dirname(__filename); export const execute = () => ({ sep: require('node:path').sep, dir: __dirname });",
    });
    expect(await value('p')).toEqual({ sep: '/', dir: expect.stringMatching(/\/p$/) });
  });

  it('parks the process that was used longest ago when there are more plugins than processes', async () => {
    const source = 'export const execute = () => ({ pid: process.pid });';
    const { engine, value } = await bench(
      { 'a/logic.js': source, 'b/logic.js': source, 'c/logic.js': source },
      { maxLiveHosts: 2 },
    );
    expect(
      engine
        .list()
        .map(({ status }) => status)
        .sort(),
    ).toEqual(['loaded', 'loaded', 'parked']);
    expect(engine.loadedCount()).toBe(3);
    for (const name of ['a', 'b', 'c', 'a', 'b', 'c']) {
      const { pid } = await value(name);
      expect(engine.get(name)).toMatchObject({ status: 'loaded', pid });
      expect(engine.list().filter(({ status }) => status === 'loaded').length).toBeLessThanOrEqual(2);
    }
  });

  it('lets a call wait for a process when all are at work', async () => {
    const source =
      'import { setTimeout as d } from "node:timers/promises"; export const execute = async ({ ms }) => { await d(ms ?? 0); return {}; };';
    const { call, value } = await bench({ 'a/logic.js': source, 'b/logic.js': source }, { maxLiveHosts: 1 });
    const busy = call('a', { ms: 800 });
    await value('a');
    const waiting = await call('b');
    expect(waiting.result.kind).toBe('returned');
    expect(waiting.queueMs).toBeGreaterThan(200);
    expect((await busy).result.kind).toBe('returned');
  });

  it('reloads, restarts and disables by hand', async () => {
    const { engine, value, call, reloads } = await bench({
      'p/logic.js': 'let n = 0; export const execute = () => ({ n: ++n });',
    });
    await value('p');
    expect(await value('p')).toEqual({ n: 2 });
    const before = engine.get('p')?.pid;
    const after = await engine.restart('p');
    expect(after.pid).not.toBe(before);
    expect(await value('p')).toEqual({ n: 1 });
    expect((await engine.reload('p')).pid).not.toBe(after.pid);
    expect(reloads.map(({ cause, ok, latencyMs }) => [cause, ok, latencyMs])).toEqual([
      ['start', true, null],
      ['restart', true, null],
      ['manual', true, null],
    ]);
    expect(await engine.setEnabled('p', false)).toMatchObject({
      status: 'disabled',
      enabled: false,
      pid: null,
    });
    expect((await call('p')).result).toEqual({ kind: 'unknown' });
    expect(await engine.setEnabled('p', true)).toMatchObject({ status: 'loaded', enabled: true });
    expect(await value('p')).toEqual({ n: 1 });
    await expect(engine.reload('nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('says what is wrong when no process can be started', async () => {
    const { call } = await bench(
      { 'p/logic.js': 'export const execute = () => ({});' },
      { hostScript: '/nowhere/host.cjs' },
    );
    expect((await call('p')).result).toMatchObject({
      kind: 'load-failed',
      message: expect.stringContaining("Cannot find module '/nowhere/host.cjs'"),
    });
  });

  it('delivers a result that was sent right before the process ended', async () => {
    const source =
      'export const execute = () => { setImmediate(() => process.exit(0)); return { ok: true }; };';
    const { value } = await bench({ 'p/logic.js': source });
    expect(await value('p')).toEqual({ ok: true });
  });

  it('ends every process when it stops, those that hang too, and settles their calls', async () => {
    const { engine, call } = await bench({
      'loop/logic.js': 'export const execute = () => { for (;;); };',
      'calm/logic.js': 'export const execute = () => ({});',
    });
    const pids = engine.list().map(({ pid }) => pid ?? 0);
    const lost = call('loop');
    const queued = call('loop');
    const began = performance.now();
    await engine.stop();
    expect(performance.now() - began).toBeLessThan(3_000);
    for (const { result } of await Promise.all([lost, queued])) {
      expect(result).toMatchObject({ kind: 'crashed', reason: 'the runtime is stopping' });
    }
    for (const pid of pids) expect(await isRunning(pid)).toBe(false);
  });
});
