import { existsSync } from 'node:fs';
import { mkdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { loadConfig } from '../../../main/config/config.ts';
import type { ArgumentOf, InspectorName } from '../../../main/contract/inspector.ts';
import type { Desktop } from '../../../main/inspector/deps.ts';
import { type CleanUp, cleanUpAfterAll } from '../../support/clean-up.ts';
import { temporaryFolder } from '../../support/folders.ts';
import { callInspector } from '../../support/inspector-call.ts';
import { startRuntime } from '../../support/runtime.ts';

/** Exchanging the watched folder through the Inspector, over a whole runtime. */

const OLD = 'export const execute = () => ({ from: "old" });';
const NEW = 'export const execute = () => ({ from: "new" });';

async function setUp(cleanUp: CleanUp = onTestFinished, desktop?: Desktop) {
  const options = { plugins: { p: OLD }, cleanUp };
  const test = await startRuntime(desktop === undefined ? options : { ...options, desktop });
  const { path, remove } = await temporaryFolder('other-plugins');
  cleanUp(remove);
  const other = join(await realpath(path), 'plugins');
  await mkdir(join(other, 'p'), { recursive: true });
  await mkdir(join(other, 'q'));
  await writeFile(join(other, 'p', 'logic.js'), NEW);
  await writeFile(join(other, 'q', 'logic.js'), NEW);
  const call = <N extends InspectorName>(name: N, argument: ArgumentOf<N>) =>
    callInspector(test, name, argument);
  return { ...test, call, other };
}

it('exchanges the folder under the same address: each has its traces, settings and health tell the truth', async () => {
  const { call, other, execute, get, runtime, baseUrl, plugins } = await setUp();
  expect((await execute('p')).json).toEqual({ from: 'old' });
  expect(await call('watchFolder', { path: `${other}/` })).toMatchObject({ path: other, state: 'watching' });
  expect(runtime.baseUrl).toBe(baseUrl);
  expect((await execute('p')).json).toEqual({ from: 'new' });
  expect((await get('/health')).json).toMatchObject({ plugins_loaded: 2 });
  expect((await call('traces', { limit: 10 })).kept).toBe(1);
  const folderSetting = (await call('settings', null)).find(({ name }) => name === 'MOZAIKS_PLUGINS_PATH');
  expect(folderSetting).toMatchObject({
    value: other,
    source: 'window',
    origin: `chosen while running; started with ${plugins}`,
  });
  const recent = (await call('folders', null)).recent.map(({ path }) => path);
  expect(recent).toEqual([other, plugins]);
  // Those of the first folder wait on disk.
  await call('watchFolder', { path: plugins });
  await vi.waitFor(async () => {
    expect(await call('traces', { limit: 10 })).toMatchObject({ kept: 1, traces: [{ plugin: 'p' }] });
  }, 10_000);
  await call('watchFolder', { path: other });
  // What is made now is made there.
  const made = await call('createPlugin', { name: 'made', language: 'javascript' });
  expect(made.folder).toBe(join(other, 'made'));
});

it('stays ready and healthy all the while', async () => {
  const { call, other, get } = await setUp();
  let done = false;
  const answers: number[] = [];
  const asking = (async () => {
    while (!done) {
      for (const path of ['/ready', '/health']) answers.push((await get(path)).status);
    }
  })();
  await call('watchFolder', { path: other });
  done = true;
  await asking;
  expect(answers.length).toBeGreaterThan(2);
  expect(new Set(answers)).toEqual(new Set([200]));
});

describe('refuses, and goes on watching the one it has,', () => {
  let shared: Awaited<ReturnType<typeof setUp>>;
  const cleanUp = cleanUpAfterAll();
  beforeAll(async () => {
    shared = await setUp(cleanUp);
  });
  afterEach(async () => {
    expect((await shared.call('snapshot', null)).folder.path).toBe(shared.plugins);
  });

  it.each([
    ['plugins', 'not an absolute path'],
    ['/no/such/folder', 'doesn’t exist'],
    ['/', 'too broad'],
    [homedir(), 'too broad'],
    [dirname(homedir()), 'too broad'],
    ['/proc', 'too broad'],
    ['/proc/self', 'too broad'],
    ['/sys/kernel', 'too broad'],
    ['/dev', 'too broad'],
  ])('%s: %s', async (path, words) => {
    await expect(shared.call('watchFolder', { path })).rejects.toThrow(words);
  });

  it('a link to what is too broad', async () => {
    const link = join(shared.other, '..', 'everything');
    for (const target of ['/', homedir(), '/proc']) {
      await symlink(target, link);
      await expect(shared.call('watchFolder', { path: link })).rejects.toThrow('too broad');
      await rm(link);
    }
  });
});

it('fails no call of a hundred that are in flight while folders are exchanged to and fro, and traces each once', async () => {
  const { call, other, execute, plugins } = await setUp();
  let sent = 0;
  let done = false;
  const answers: number[] = [];
  const caller = async () => {
    while (!done) {
      sent += 1;
      const { status, headers } = await execute('p');
      answers.push(headers.get('x-mozaiks-runtime-version') === '1.0.0' ? status : 0);
    }
  };
  const callers = Array.from({ length: 100 }, caller);
  await Promise.all([call('watchFolder', { path: other }), call('watchFolder', { path: plugins })]);
  await call('watchFolder', { path: other });
  done = true;
  await Promise.all(callers);
  expect(new Set(answers)).toEqual(new Set([200]));
  const here = await settledCount(call);
  await call('watchFolder', { path: plugins });
  expect(here + (await settledCount(call))).toBe(sent);
});

/** How many traces there are, once those of earlier have been read. */
async function settledCount(call: Awaited<ReturnType<typeof setUp>>['call']): Promise<number> {
  return vi.waitFor(async () => {
    const page = await call('traces', { limit: 1 });
    expect(page.reading).toBeUndefined();
    return page.kept;
  }, 20_000);
}

it('refuses a file and a plugin itself, and goes on as before', async () => {
  const { call, other, execute, plugins } = await setUp();
  const refusal = call('watchFolder', { path: join(other, 'p', 'logic.js') });
  await expect(refusal).rejects.toThrow(/BAD_REQUEST: .*logic\.js is a file: choose a folder/);
  const plugin = call('watchFolder', { path: join(other, 'p') });
  await expect(plugin).rejects.toThrow(`is itself a plugin: choose the folder around it, ${other}`);
  expect((await execute('p')).json).toEqual({ from: 'old' });
  expect((await call('folders', null)).recent).toEqual([]);
  expect((await call('snapshot', null)).folder.path).toBe(plugins);
});

it('is opened again by the next start, unless that names another or is told not to', async () => {
  const { call, other, config } = await setUp();
  await call('watchFolder', { path: other });
  const { configPath } = config;
  const cwd = configPath;
  const start = (more: { argv?: string[]; env?: Record<string, string> } = {}) =>
    loadConfig({ env: {}, argv: [], ...more, cwd, configPath });
  const reopened = await start();
  expect(reopened.pluginsPath).toBe(other);
  expect(reopened.notices.join()).toContain(`Started with ${other}, the folder of last time`);
  expect(reopened.settings.find(({ name }) => name === 'MOZAIKS_PLUGINS_PATH')).toMatchObject({
    source: 'window',
    origin: 'MOZAIKS_PLUGINS_PATH (chosen in the window)',
  });
  expect(await start({ argv: ['--plugins', '/named'] })).toMatchObject({
    pluginsPath: '/named',
    notices: [],
  });
  expect((await start({ env: { MOZAIKS_PLUGINS_PATH: '/named' } })).pluginsPath).toBe('/named');
  await call('setReopenFolder', { on: false });
  expect((await start()).pluginsPath).toBe(join(cwd, 'plugins'));
  await call('setReopenFolder', { on: true });
  await rm(other, { recursive: true });
  const gone = await start();
  expect(gone.pluginsPath).toBe(join(cwd, 'plugins'));
  expect(gone.notices.join()).toContain(`${other}, watched last time, is gone`);
  expect((await call('folders', null)).recent[0]).toEqual({ path: other, state: 'missing' });
});

it('forgets one folder, or all, and minds no damaged file', async () => {
  const { call, other, config, plugins } = await setUp();
  await call('watchFolder', { path: other });
  expect((await call('forgetFolder', { path: plugins })).recent.map(({ path }) => path)).toEqual([other]);
  expect((await call('forgetFolder', { path: null })).recent).toEqual([]);
  await writeFile(join(config.configPath, 'folders.json'), '{"recent":[1,"relative","/ok"],"last":{}}');
  expect(await call('folders', null)).toEqual({ recent: [{ path: '/ok', state: 'missing' }], reopen: true });
  await writeFile(join(config.configPath, 'folders.json'), 'not json');
  expect(await call('folders', null)).toEqual({ recent: [], reopen: true });
});

describe('in the window', () => {
  /** Whose user answers the question as the test says, and chooses `chosen` in the system's dialog. */
  function stubDesktop() {
    const answers = { agrees: false, chosen: '' };
    const confirmFolder = vi.fn(async (_path: string) => answers.agrees);
    const showFolder = vi.fn();
    const desktop: Desktop = {
      confirmFolder,
      showFolder,
      chooseFolder: async () => answers.chosen,
      openLink: async () => undefined,
      setAppearance: () => ({ theme: 'auto', zoom: 1 }),
      saveFile: async () => null,
    };
    return { answers, confirmFolder, showFolder, desktop };
  }

  it('I8: runs a new folder’s code only when the user agrees, and asks once', async () => {
    const { answers, confirmFolder, desktop } = stubDesktop();
    const { call, other, execute, plugins } = await setUp(onTestFinished, desktop);
    const mark = join(other, 'ran');
    await writeFile(
      join(other, 'q', 'logic.js'),
      `require('node:fs').writeFileSync(${JSON.stringify(mark)}, ''); export const execute = () => ({});`,
    );
    expect(await call('watchFolder', { path: other })).toBeNull();
    expect((await call('snapshot', null)).folder.path).toBe(plugins);
    expect((await execute('p')).json).toEqual({ from: 'old' });
    expect(existsSync(mark)).toBe(false);
    answers.agrees = true;
    expect(await call('watchFolder', { path: other })).toMatchObject({ path: other });
    expect(existsSync(mark)).toBe(true);
    expect(confirmFolder.mock.calls).toEqual([[other], [other]]);
    answers.agrees = false;
    for (const path of [plugins, other]) expect(await call('watchFolder', { path })).toMatchObject({ path });
    expect(confirmFolder).toHaveBeenCalledTimes(2);
  });

  it('I8: asks again about a folder that was forgotten, and not about one chosen in the system’s dialog', async () => {
    const { answers, confirmFolder, desktop } = stubDesktop();
    const { call, other, plugins } = await setUp(onTestFinished, desktop);
    answers.chosen = other;
    expect(await call('chooseFolder', null)).toMatchObject({ path: other });
    await call('watchFolder', { path: plugins });
    await call('watchFolder', { path: other });
    expect(confirmFolder).not.toHaveBeenCalled();
    await call('forgetFolder', { path: plugins });
    expect(await call('watchFolder', { path: plugins })).toBeNull();
    expect(confirmFolder.mock.calls).toEqual([[plugins]]);
  });

  it('I10: shows a folder in the file manager, whatever its name', async () => {
    const { showFolder, desktop } = stubDesktop();
    const { call, plugins } = await setUp(onTestFinished, desktop);
    await call('openPluginFolder', { name: null });
    await call('openPluginFolder', { name: 'p' });
    expect(showFolder.mock.calls).toEqual([[plugins], [join(plugins, 'p')]]);
  });
});
