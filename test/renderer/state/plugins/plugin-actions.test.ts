import { expect, it } from 'vitest';
import type { PluginView } from '../../../../main/contract/plugin-view.ts';
import type { Announcement } from '../../../../renderer/state/app/announcements.ts';
import { Refusal } from '../../support/stub-bridge.ts';
import { stubStores } from '../../support/stub-stores.ts';

const echo = { name: 'echo', failure: null, contentHash: '3f9c21ab77d0' } as PluginView;

const lines = (announced: readonly Announcement[]) =>
  announced.map(({ tone, title, text }) => `${tone} ${title}: ${text}`);

it('an action is busy while it runs, and asked for once however often it is clicked', async () => {
  let finish: (plugin: PluginView) => void = () => undefined;
  const { stores, announced, ...stub } = stubStores({
    reloadPlugin: () => new Promise((resolve) => (finish = resolve)),
  });
  const first = stores.pluginActions.act('reload', 'echo');
  const second = stores.pluginActions.act('reload', 'echo');
  expect([...stores.pluginActions.store.getState().busy]).toEqual(['reload:echo']);
  finish(echo);
  await Promise.all([first, second]);
  expect(stub.calls).toHaveLength(1);
  expect([...stores.pluginActions.store.getState().busy]).toEqual([]);
  expect(lines(announced)).toEqual(['good echo reloaded: version 3f9c21ab77d0']);
});

it('enable and disable say which', async () => {
  const { stores, ...stub } = stubStores({ setPluginEnabled: () => echo });
  await stores.pluginActions.act('disable', 'echo');
  await stores.pluginActions.act('enable', 'echo');
  expect(stub.calls.map(({ argument }) => argument)).toEqual([
    { name: 'echo', enabled: false },
    { name: 'echo', enabled: true },
  ]);
});

it('debug and stop debugging say which, and why not', async () => {
  const { stores, announced, ...stub } = stubStores({ debugPlugin: () => echo });
  await stores.pluginActions.act('debug', 'echo');
  await stores.pluginActions.act('stop-debugging', 'echo');
  expect(stub.calls.map(({ argument }) => argument)).toEqual([
    { name: 'echo', on: true },
    { name: 'echo', on: false },
  ]);
  stub.answers.debugPlugin = () => {
    throw new Refusal('CONFLICT', 'it is disabled');
  };
  await stores.pluginActions.act('debug', 'echo');
  expect(lines(announced)).toEqual(['bad echo not opened for debuggers: it is disabled']);
});

it('a refusal is announced and frees the button', async () => {
  const refuse = () => {
    throw new Refusal('NOT_FOUND', 'no plugin of that name');
  };
  const { stores, announced } = stubStores({ restartPlugin: refuse, openPluginFolder: refuse });
  await stores.pluginActions.act('restart', 'echo');
  await stores.pluginActions.openPluginsFolder();
  expect(lines(announced)).toEqual([
    'bad echo not restarted: no plugin of that name',
    'bad Folder not opened: no plugin of that name',
  ]);
  expect(stores.pluginActions.store.getState().busy.size).toBe(0);
});
