import { chmod, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { returned } from '../../support/returned.ts';
import { canLimitWatches, startEngineProcess } from '../engine-process.ts';
import { answering, bench, eventually, live, makeFolder, save } from '../workspace.ts';

const PACKAGE = {
  'p/logic.js': "import v from 'pkg'; export const execute = () => ({ v });",
  'p/node_modules/pkg/package.json': '{"name":"pkg","main":"index.js"}',
  'p/node_modules/pkg/index.js': 'module.exports = "one";',
};

describe('a folder without file events', () => {
  it('is compared regularly, says so, and reloads all the same', async () => {
    const b = await bench({ 'p/logic.ts': answering(1) }, { watch: 'polling' });
    expect(b.engine.folder()).toMatchObject({
      state: 'watching',
      notice: expect.stringMatching(/^Files are compared every 200 ms .* MOZAIKS_WATCH is set to polling\.$/),
    });
    expect(b.logged.join()).toContain('Files are compared every 200 ms');
    await b.write('p/logic.ts', answering(2));
    await live(b, 2);
    await b.write('q/logic.ts', answering('new'));
    await live(b, 'new', 'q');
    await rename(join(b.folder, 'q'), join(b.folder, 'r'));
    await live(b, 'new', 'r');
    await eventually(() => b.engine.canRun('q')).toBe(false);
    await rm(b.folder, { recursive: true });
    await eventually(() => b.engine.folder().state, { timeout: 5_000 }).toBe('missing');
    expect(b.engine.folder().notice).not.toContain('compared');
    await b.write('p/logic.ts', answering(3));
    await live(b, 3);
    await eventually(() => b.engine.folder().notice).toContain('compared every 200 ms');
  });

  it('polls packages too', async () => {
    const b = await bench(PACKAGE, { watch: 'polling' });
    await live(b, 'one');
    await delay(300);
    await b.write('p/node_modules/pkg/index.js', 'module.exports = "two";');
    await live(b, 'two');
  });

  it('trusts events on an ordinary file system', async () => {
    const b = await bench({ 'p/logic.ts': answering(1) });
    expect(b.engine.folder()).toMatchObject({ state: 'watching', notice: null });
  });

  it.skipIf(!canLimitWatches())('takes over at run time when the system has no watches left', async () => {
    const folder = await makeFolder({ ...PACKAGE, 'q/logic.js': answering(1) });
    const limited = { inNamespace: 'echo 5 > /proc/sys/user/max_inotify_watches' };
    const engine = await startEngineProcess(folder, limited);
    await eventually(async () => (await engine.state()).folder.notice).toContain(
      'since the system has no file watches left',
    );
    const answer = async (name: string) => engine.call(name);
    await save(join(folder, 'q/logic.js'), answering(2));
    await eventually(() => answer('q')).toEqual(returned({ v: 2 }));
    await save(join(folder, 'p/node_modules/pkg/index.js'), 'module.exports = "two";');
    await eventually(() => answer('p')).toEqual(returned({ v: 'two' }));
    const { logged } = await engine.state();
    expect(logged.filter((line) => line.includes('Could not watch the plugins folder'))).toHaveLength(1);
  });
});

describe('a folder without permission', () => {
  // Root reads whatever it likes, so the engine runs as another user; without root the test removes its own
  // permission.
  const asRoot = process.getuid?.() === 0;
  it.skipIf(process.platform === 'win32')('F8 keeps serving, says so, and resumes', async () => {
    const folder = await makeFolder({ 'p/logic.js': answering(1) });
    await chmod(folder, 0o755);
    const engine = await startEngineProcess(folder, asRoot ? { uid: 65_534 } : {});
    expect(await engine.call('p')).toEqual(returned({ v: 1 }));
    await chmod(folder, 0o000);
    await eventually(async () => (await engine.state()).folder.state).toBe('unreadable');
    const { folder: view, plugins } = await engine.state();
    expect(view.notice).toContain("can't be read: EACCES: permission denied");
    expect(plugins.map(({ name, serving }) => ({ name, serving }))).toEqual([{ name: 'p', serving: true }]);
    expect(await engine.call('p')).toEqual(returned({ v: 1 }));
    await chmod(folder, 0o755);
    await eventually(async () => (await engine.state()).folder.state).toBe('watching');
    await save(join(folder, 'p/logic.js'), answering(2));
    await eventually(() => engine.call('p')).toEqual(returned({ v: 2 }));
  });
});
