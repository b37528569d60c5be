import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createTemporaryFolder } from '../../main/system/temporary-folder.ts';
import { startEngineProcess } from './engine-process.ts';
import { answering, bench, eventually, live, makeFolder, save } from './workspace.ts';

/** F11, R4 and R5: what surrounds the runtime fails, and is right again. */

/** A folder of the test's own as the temporary one, until the test ends. */
async function ownTemporaryFolder(): Promise<string> {
  const before = process.env.TMPDIR;
  const path = await realpath(await mkdtemp(join(tmpdir(), 'faults-')));
  onTestFinished(async () => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    await rm(path, { recursive: true, force: true });
  });
  process.env.TMPDIR = path;
  return path;
}

async function empty(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
}

const pythonAnswering = (v: number) => `def execute(data):\n    return {"v": ${v}}\n`;

describe('the temporary folder', () => {
  it('F11: is emptied: saves, parked plugins and those that crash are live', async () => {
    const folder = await makeFolder({
      'crash/logic.js':
        'export const execute = ({ end }) => { if (end) process.exit(1); return { v: "crash" }; };',
      'parked/logic.js': answering('parked'),
      'python/logic.py': pythonAnswering(1),
      'saved/logic.ts': answering(1),
    });
    const temporary = await ownTemporaryFolder();
    const b = await bench({}, { path: folder, maxLiveHosts: 1 });
    for (const name of ['parked', 'python', 'crash']) await b.call(name);
    await eventually(() => b.engine.list().map(({ status }) => status)).toEqual([
      'loaded',
      'parked',
      'parked',
      'parked',
    ]);
    await empty(temporary);
    expect((await b.call('crash', { end: true })).result.kind).toBe('crashed');
    expect(await b.value('crash')).toEqual({ v: 'crash' });
    await empty(temporary);
    expect(await b.value('parked')).toEqual({ v: 'parked' });
    expect(await b.value('python')).toEqual({ v: 1 });
    await empty(temporary);
    await b.write('saved/logic.ts', answering(2));
    await live(b, 2, 'saved');
    await b.write('python/logic.py', pythonAnswering(2));
    await live(b, 2, 'python');
    expect(b.engine.list().filter(({ failure }) => failure !== null)).toEqual([]);
  });

  it('F11: is emptied while what is on disk does not load: the failure is shown, the fix is live', async () => {
    const folder = await makeFolder({ 'p/logic.js': answering(1), 'q/logic.js': answering(1) });
    const temporary = await ownTemporaryFolder();
    const b = await bench({}, { path: folder, maxLiveHosts: 1 });
    await b.call('p');
    await b.write('p/logic.js', 'export const execute = (');
    await eventually(() => b.engine.get('p')?.status).toBe('failed');
    expect(await b.value('p')).toEqual({ v: 1 });
    expect(await b.value('q')).toEqual({ v: 1 });
    await empty(temporary);
    expect((await b.call('p')).result.kind).toBe('load-failed');
    expect(b.engine.get('p')).toMatchObject({ status: 'failed', failure: { file: 'logic.js' } });
    await b.write('p/logic.js', answering(2));
    await live(b, 2);
  });

  it('F11: is gone at the start: failed, with the remedy; once it is there, the next call is answered', async () => {
    const folder = await makeFolder({ 'p/logic.js': answering(1), 'q/logic.py': pythonAnswering(1) });
    const temporary = await ownTemporaryFolder();
    process.env.TMPDIR = join(temporary, 'gone');
    const b = await bench({}, { path: folder });
    for (const name of ['p', 'q']) {
      expect(b.engine.get(name)).toMatchObject({
        status: 'failed',
        failure: { message: expect.stringContaining(`can't be stored in ${temporary}/gone (ENOENT)`) },
      });
    }
    await mkdir(join(temporary, 'gone'));
    for (const name of ['p', 'q']) expect(await b.value(name)).toEqual({ v: 1 });
    expect(b.engine.list().map(({ status }) => status)).toEqual(['loaded', 'loaded']);
  });

  it.runIf(canMount())('F11: is full, or read-only: failed while it is so, then live', async () => {
    const temporary = await realpath(await mkdtemp(join(tmpdir(), 'faults-')));
    onTestFinished(() => rm(temporary, { recursive: true, force: true }));
    const command = (line: string) =>
      `import { execSync } from 'node:child_process'; export const execute = () => { execSync(${JSON.stringify(line)}, { cwd: ${JSON.stringify(temporary)} }); return {}; };`;
    const folder = await makeFolder({
      'fill/logic.js': command('cat /dev/zero > filler || true'),
      'clear/logic.js': command('rm filler'),
      'forbid/logic.js': command(`mount -o remount,ro ${temporary}`),
      'allow/logic.js': command(`mount -o remount,rw ${temporary}`),
      'p/logic.js': answering(0),
    });
    const engine = await startEngineProcess(folder, {
      inNamespace: `mount -t tmpfs -o size=2m tmpfs ${temporary}; export TMPDIR=${temporary}`,
    });
    const failure = async () =>
      (await engine.state()).plugins.find(({ name }) => name === 'p')?.failure?.message;
    for (const [turn, [on, off]] of [
      ['fill', 'clear'],
      ['forbid', 'allow'],
    ].entries()) {
      expect(await engine.call(`${on}`)).toMatchObject({ kind: 'returned' });
      await save(join(folder, 'p/logic.js'), answering(turn + 1));
      await eventually(failure).toMatch(turn === 0 ? /\(ENOSPC\): make room/ : /\(EROFS\): make room/);
      expect(await engine.call('p')).toMatchObject({ kind: 'returned', value: { v: turn } });
      expect(await engine.call(`${off}`)).toMatchObject({ kind: 'returned' });
      await eventually(() => engine.call('p')).toMatchObject({ kind: 'returned', value: { v: turn + 1 } });
      expect(await failure()).toBeUndefined();
    }
  });
});

function canMount(): boolean {
  return spawnSync('unshare', ['-Urm', 'sh', '-c', 'mount -t tmpfs tmpfs /mnt']).status === 0;
}

describe('the compiler', () => {
  it('R4: is killed: the next save is live', async () => {
    const b = await bench({ 'p/logic.ts': answering(1), 'q/logic.ts': answering(1) });
    for (const pid of await compilers()) process.kill(pid, 'SIGKILL');
    await b.write('p/logic.ts', answering(2));
    await b.write('q/logic.ts', answering(2));
    await Promise.all([live(b, 2, 'p'), live(b, 2, 'q')]);
    expect(b.reloads.filter(({ ok }) => !ok)).toEqual([]);
    await eventually(async () => (await compilers()).length).toBe(1);
  });
});

/** The processes of esbuild that this one has. */
async function compilers(): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', [
    '-o',
    'pid=,stat=,args=',
    '--ppid',
    String(process.pid),
  ]);
  const lines = stdout.split('\n').filter((line) => line.includes('--service=') && !/^\s*\d+ Z/.test(line));
  return lines.map((line) => Number.parseInt(line, 10));
}

describe('a runtime that is killed', () => {
  it('R5: leaves temporary folders, which the next start clears, and no other', async () => {
    const folder = await makeFolder({ 'p/logic.js': answering(1) });
    const temporary = await ownTemporaryFolder();
    const killed = await startEngineProcess(folder, {});
    await killed.kill();
    const [left = ''] = await readdir(temporary);
    // As nineteen others would leave theirs, and what only looks like one.
    const pid = /-(\d+)-\d+-\w{6}$/.exec(left)?.[1] ?? '';
    const others = Array.from({ length: 19 }, (_, n) => left.replace(/\w{6}$/, `${100_000 + n}`));
    const strangers = [left.replace(/-[0-9a-f]{8}-/, '-00000000-'), `mozaiks-workbench-${pid}`, 'mozaiks'];
    const own = await createTemporaryFolder('check');
    for (const name of [...others, ...strangers]) await mkdir(join(temporary, name));
    execFileSync('ln', ['-s', folder, join(temporary, left.replace(/\w{6}$/, 'linked'))]);
    const b = await bench({}, { path: folder });
    const names = await readdir(temporary);
    expect(names.filter((name) => others.includes(name) || name === left)).toEqual([]);
    expect(names).toEqual(expect.arrayContaining([...strangers, own.split('/').at(-1)]));
    expect(await readFile(join(folder, 'p/logic.js'), 'utf8')).toBe(answering(1));
    expect(await b.value('p')).toEqual({ v: 1 });
  });
});
