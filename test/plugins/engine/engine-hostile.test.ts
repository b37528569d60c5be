import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TOKEN_MASK } from '../../../main/traces/record/redact.ts';
import { returned } from '../../support/returned.ts';
import { bench, eventually, isRunning } from '../workspace.ts';

/** The cases P1–P8, P13 and P15: whatever a plugin does, the runtime answers, and the next call works. */
describe('hostile and unlucky plugins', () => {
  it.each([
    ['an endless loop', 'for (;;);'],
    ['a catastrophic regex', 'return { m: /^(a+)+$/.test("a".repeat(40) + "!") };'],
    ['Atomics.wait', 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);'],
    ['a promise that never settles', 'return new Promise(() => {});'],
    ['execSync', 'require("node:child_process").execSync("sleep 60");'],
  ])('P1 ends %s at the limit', async (_, body) => {
    const source = `export const execute = async ({ hang }) => { if (hang) { ${body} } return { ok: true }; };`;
    const { call, value, engine } = await bench({ 'p/logic.js': source });
    const pid = engine.get('p')?.pid ?? 0;
    const began = performance.now();
    const { result } = await call('p', { hang: true }, 500);
    expect(result).toEqual({ kind: 'timeout' });
    // 250 ms is the promise; the machine may be busy with other tests.
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(await value('p')).toEqual({ ok: true });
    await eventually(() => isRunning(pid)).toBe(false);
  });

  it("P1 leaves other plugins' calls alone", async () => {
    const { call } = await bench({
      'loop/logic.js': 'export const execute = () => { for (;;); };',
      'calm/logic.js':
        'import { setTimeout as d } from "node:timers/promises"; export const execute = async () => { await d(900); return { ok: true }; };',
    });
    const [calm, loop] = await Promise.all([call('calm'), call('loop', {}, 300)]);
    expect(loop.result.kind).toBe('timeout');
    expect(calm.result).toEqual(returned({ ok: true }));
  });

  it('ends the descendants of a plugin with it', async () => {
    const source = `import { spawn } from 'node:child_process';
      export const execute = ({ end }) => {
        const child = spawn('sleep', ['300'], { stdio: 'inherit' });
        console.log(String(child.pid));
        if (end) process.exit(3);
        return new Promise(() => {});
      };`;
    const { call } = await bench({ 'p/logic.js': source });
    for (const end of [false, true]) {
      const { console: lines, result } = await call('p', { end }, 2_500);
      expect(result.kind).toBe(end ? 'crashed' : 'timeout');
      const pid = Number(lines[0]?.text);
      expect(pid).toBeGreaterThan(0);
      await eventually(() => isRunning(pid)).toBe(false);
    }
  });

  it.each([
    ['a child in a group of its own', `spawn('sleep', ['300'], { detached: true, stdio: 'ignore' }).pid`],
    [
      'an orphan in a session of its own',
      `Number(execSync("setsid sh -c 'sleep 300 >/dev/null 2>&1 & echo $!'"))`,
    ],
  ])('P13: ends %s with the plugin: at a timeout, a crash and a stop', async (_, start) => {
    const source = `import { execSync, spawn } from 'node:child_process';
      export const execute = ({ end }) => {
        console.log(String(${start}));
        if (end === 'crash') process.exit(3);
        if (end === 'timeout') for (;;);
        return {};
      };`;
    const { call, engine } = await bench({ 'p/logic.js': source });
    for (const end of ['timeout', 'crash', 'stop']) {
      const { console: lines } = await call('p', { end }, 1_500);
      const pid = Number(lines.find(({ level }) => level === 'log')?.text);
      expect(pid).toBeGreaterThan(0);
      if (end === 'stop') await engine.stop();
      // A second is the promise; the machine may be busy with other tests.
      await eventually(() => isRunning(pid), { timeout: 10_000 }).toBe(false);
    }
  });

  it('P13: ends a child that has left its group and removed its mark', async () => {
    const source = `import { spawn } from 'node:child_process';
      export const execute = () => {
        console.log(String(spawn('/bin/sleep', ['300'], { detached: true, stdio: 'ignore', env: {} }).pid));
        for (;;);
      };`;
    const { call } = await bench({ 'p/logic.js': source });
    const { console: lines } = await call('p', {}, 1_500);
    const pid = Number(lines[0]?.text);
    expect(pid).toBeGreaterThan(0);
    await eventually(() => isRunning(pid), { timeout: 10_000 }).toBe(false);
  });

  it('P15: ends a plugin whose children together hold too much memory', async () => {
    const source = `import { spawn } from 'node:child_process';
      const script = 'import time\\nheld = b"1" * 60_000_000\\ntime.sleep(60)';
      export const execute = ({ children }) => {
        for (let n = 0; n < children; n += 1) spawn('python3', ['-c', script], { detached: n % 2 === 0 });
        return children > 0 ? new Promise(() => {}) : { ok: true };
      };`;
    const { call, value } = await bench({ 'p/logic.js': source }, { memoryLimitMb: 200 });
    const { result } = await call('p', { children: 6 }, 25_000);
    expect(result).toMatchObject({ kind: 'crashed', reason: expect.stringContaining('out of memory') });
    expect(await value('p')).toEqual({ ok: true });
  });

  it('P15: counts memory that processes share only once', async () => {
    const source = `import os, time
held = b"1" * 60_000_000
def execute(data):
    children = []
    for _ in range(6):
        child = os.fork()
        if child == 0:
            time.sleep(60)
        children.append(child)
    time.sleep(2.5)
    for child in children:
        os.kill(child, 9)
    return {"ok": True}
`;
    const { value } = await bench({ 'p/logic.py': source }, { memoryLimitMb: 200 });
    expect(await value('p')).toEqual({ ok: true });
  });

  it.each([
    ['its heap', 'const hoard = []; for (;;) hoard.push(new Array(10_000).fill({}));'],
    [
      'buffers',
      'const hoard = []; for (;;) { hoard.push(Buffer.alloc(8_000_000, 1)); await new Promise((r) => setTimeout(r, 5)); }',
    ],
  ])('P2 ends a plugin that grows %s without end', async (_, body) => {
    const source = `export const execute = async ({ grow }) => { if (grow) { ${body} } return { ok: true }; };`;
    const { call, value } = await bench({ 'p/logic.js': source }, { memoryLimitMb: 160 });
    const before = process.memoryUsage().rss;
    const { result } = await call('p', { grow: true }, 25_000);
    expect(result).toMatchObject({ kind: 'crashed', reason: expect.stringContaining('out of memory') });
    // The memory was the plugin's: the runtime's own stays flat.
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
    expect(await value('p')).toEqual({ ok: true });
  });

  it.each([
    ['process.exit(0)', 'process.exit(0);', 'exit code 0'],
    ['process.abort()', 'process.abort();', 'SIGABRT'],
    ['a signal', 'process.kill(process.pid, 9); await new Promise(() => {});', 'SIGKILL'],
    [
      'an error in a timer',
      'setTimeout(() => { throw new Error("late"); }); await new Promise(() => {});',
      'an uncaught error: late (logic.js:1:',
    ],
    [
      'a rejection nobody handles',
      'Promise.reject(new Error("lost")); await new Promise(() => {});',
      'an unhandled rejection: lost',
    ],
    [
      'an error although it listens for errors',
      'process.on("uncaughtException", () => {}); setTimeout(() => { throw 1; }); await new Promise(() => {});',
      'an uncaught error: 1',
    ],
  ])('P3 survives %s', async (_, body, reason) => {
    const source = `export const execute = async ({ end }) => { if (end) { ${body} } return { ok: true }; };`;
    const { call, value } = await bench({ 'p/logic.js': source });
    const { result } = await call('p', { end: true });
    expect(result).toMatchObject({ kind: 'crashed', reason: expect.stringContaining(reason) });
    expect(await value('p')).toEqual({ ok: true });
  });

  it('P3 quarantines after three crashes until a click or a change', async () => {
    const source = 'export const execute = ({ end }) => { if (end) process.exit(7); return { ok: true }; };';
    const { call, engine, value, write } = await bench({ 'p/logic.js': source });
    const crashThrice = async () => {
      for (let n = 0; n < 3; n += 1) expect((await call('p', { end: true })).result.kind).toBe('crashed');
    };
    await crashThrice();
    expect(engine.get('p')).toMatchObject({ status: 'quarantined', serving: false, pid: null });
    expect(engine.loadedCount()).toBe(0);
    expect((await call('p')).result).toMatchObject({
      kind: 'crashed',
      reason: expect.stringMatching(
        /quarantined after 3 crashes in 5 minutes: .*exit code 7; reload or change it/,
      ),
    });
    await engine.restart('p');
    expect(await value('p')).toEqual({ ok: true });
    await crashThrice();
    expect((await call('p')).result.kind).toBe('crashed');
    await write('p/logic.js', source.replace('ok: true', 'ok: "changed"'));
    await eventually(async () => (await call('p')).result).toEqual(returned({ ok: 'changed' }));
  });

  it('a timeout is not a crash: it never quarantines', async () => {
    const { call, engine } = await bench({
      'p/logic.js': 'export const execute = () => new Promise(() => {});',
    });
    for (let n = 0; n < 4; n += 1) expect((await call('p', {}, 100)).result.kind).toBe('timeout');
    expect(engine.get('p')?.status).not.toBe('quarantined');
  });

  it('P5 cuts a flood of lines, call by call', async () => {
    const source = `export const execute = ({ lines, text }) => { for (let n = 0; n < lines; n++) console.log(text ?? 'line ' + n); return {}; };`;
    const { call } = await bench({ 'p/logic.js': source });
    const flood = await call('p', { lines: 1_000_000 }, 30_000);
    expect(flood.console).toHaveLength(1_001);
    expect(flood.console.at(-1)?.text).toContain('output cut');
    const wide = await call('p', { lines: 30, text: 'x'.repeat(20_000) });
    expect(wide.console.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThanOrEqual(257 * 1024);
    expect(wide.console.at(-1)?.text).toContain('output cut');
    expect((await call('p', { lines: 2 })).console.map(({ text }) => text)).toEqual(['line 0', 'line 1']);
  });

  it('P5 keeps a token out of its own log and views', async () => {
    const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1In0.c2lnbmF0dXJl';
    const source =
      'export const execute = ({ user_jwt }) => { setTimeout(() => { throw new Error("for " + user_jwt); }); return new Promise(() => {}); };';
    const { call, engine, logged } = await bench({ 'p/logic.js': source });
    for (let n = 0; n < 3; n += 1) await call('p', { user_jwt: jwt });
    expect(engine.get('p')?.status).toBe('quarantined');
    expect(logged.join('\n')).toContain(`for ${TOKEN_MASK}`);
    expect(JSON.stringify(engine.list()) + logged.join('\n')).not.toContain(jwt.slice(0, 30));
  });

  it('P6 shows a plugin no secret of the runtime, and what was meant for it', async () => {
    const environment = {
      ...process.env,
      JWT_SECRET: 'top-secret',
      AWS_SECRET_ACCESS_KEY: 'aws',
      NODE_OPTIONS: '--no-warnings',
      ELECTRON_RUN_AS_NODE: '1',
      MOZAIKS_PLUGIN_ENV_STRIPE_KEY: 'sk_test',
      MOZAIKS_PLUGIN_ENV_NODE_OPTIONS: '--bad',
    };
    const { value } = await bench(
      { 'p/logic.js': 'export const execute = () => ({ ...process.env });' },
      { environment },
    );
    const seen = await value('p');
    expect(seen).toMatchObject({ PATH: process.env.PATH, STRIPE_KEY: 'sk_test' });
    expect(
      Object.keys(seen).filter((name) => /SECRET|NODE_OPTIONS|ELECTRON|NODE_CHANNEL/.test(name)),
    ).toEqual([]);
  });

  it('P7 answers fifty calls at once, each with its own context and lines', async () => {
    const source = `import { setTimeout as d } from 'node:timers/promises';
      export const execute = async (data) => { console.log('a', data.user_id); await d(Math.random() * 20); console.log('b', data.user_id); return { user: data._context.user_id }; };`;
    const { call } = await bench({ 'p/logic.js': source }, { maxConcurrency: 20 });
    const users = Array.from({ length: 50 }, (_, n) => (n % 2 === 0 ? 'ann' : 'bob'));
    const reports = await Promise.all(users.map((user_id) => call('p', { user_id, _context: { user_id } })));
    reports.forEach(({ result, console: lines }, n) => {
      expect(result).toEqual(returned({ user: users[n] ?? null }));
      expect(lines.map(({ text }) => text)).toEqual([`a ${users[n]}`, `b ${users[n]}`]);
    });
  });

  it('P8 gives up on a top level that never settles, and keeps the last good version', async () => {
    const good = 'export const execute = () => ({ v: 1 });';
    const { engine, value, write, call } = await bench({ 'p/logic.js': good });
    await write('p/logic.js', `await new Promise(() => {}); ${good}`);
    await eventually(() => engine.get('p')?.failure?.message, { timeout: 20_000 }).toContain(
      'did not finish within 10 s',
    );
    expect(engine.get('p')).toMatchObject({ status: 'failed', serving: true });
    expect(await value('p')).toEqual({ v: 1 });
    await write('p/logic.js', good.replace('1', '2'));
    await eventually(async () => (await call('p')).result).toEqual(returned({ v: 2 }));
  });

  it('P8 lets a newer change overtake a load that hangs', async () => {
    const { write, call, value, folder } = await bench({
      'p/logic.js': 'export const execute = () => ({ v: 1 });',
    });
    const begun = join(folder, 'begun');
    await write(
      'p/logic.js',
      `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(begun)}, ''); for (;;);`,
    );
    await eventually(() => existsSync(begun)).toBe(true);
    expect(await value('p')).toEqual({ v: 1 });
    await write('p/logic.js', 'export const execute = () => ({ v: 3 });');
    await eventually(async () => (await call('p')).result, { timeout: 8_000 }).toEqual(returned({ v: 3 }));
  });

  it('treats a closed channel as a crash', async () => {
    const source =
      'import { closeSync } from "node:fs"; export const execute = ({ close }) => { if (close) closeSync(4); return { ok: true }; };';
    const { call, value } = await bench({ 'p/logic.js': source });
    expect((await call('p', { close: true })).result).toMatchObject({
      kind: 'crashed',
      reason: 'its process ended by itself with exit code 1: Error: it closed its channel to the runtime',
    });
    expect(await value('p')).toEqual({ ok: true });
  });
});
