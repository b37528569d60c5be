import { expect, onTestFinished, test } from 'vitest';
import type { PluginView } from '../../../../main/contract/plugin-view.ts';
import { onAnnouncement } from '../../../../renderer/state/app/announcements.ts';
import {
  actOnPlugin,
  openPluginsFolder,
  pluginActionStore,
} from '../../../../renderer/state/plugins/plugin-actions.ts';
import { Refusal, stubBridge } from '../../support/stub-bridge.ts';

const echo = { name: 'echo', failure: null, contentHash: '3f9c21ab77d0' } as PluginView;

function hear(): string[] {
  const heard: string[] = [];
  onTestFinished(onAnnouncement(({ tone, title, text }) => heard.push(`${tone} ${title}: ${text}`)));
  return heard;
}

test('an action is busy while it runs, and asked for once however often it is clicked', async () => {
  let finish: (plugin: PluginView) => void = () => undefined;
  const stub = stubBridge({ reloadPlugin: () => new Promise((resolve) => (finish = resolve)) });
  const heard = hear();
  const first = actOnPlugin('reload', 'echo');
  const second = actOnPlugin('reload', 'echo');
  expect([...pluginActionStore.getState().busy]).toEqual(['reload:echo']);
  finish(echo);
  await Promise.all([first, second]);
  expect(stub.calls).toHaveLength(1);
  expect([...pluginActionStore.getState().busy]).toEqual([]);
  expect(heard).toEqual(['good echo reloaded: version 3f9c21ab77d0']);
});

test('enable and disable say which', async () => {
  const stub = stubBridge({ setPluginEnabled: () => echo });
  await actOnPlugin('disable', 'echo');
  await actOnPlugin('enable', 'echo');
  expect(stub.calls.map(({ argument }) => argument)).toEqual([
    { name: 'echo', enabled: false },
    { name: 'echo', enabled: true },
  ]);
});

test('debug and stop debugging say which, and why not', async () => {
  const stub = stubBridge({ debugPlugin: () => echo });
  const heard = hear();
  await actOnPlugin('debug', 'echo');
  await actOnPlugin('stop-debugging', 'echo');
  expect(stub.calls.map(({ argument }) => argument)).toEqual([
    { name: 'echo', on: true },
    { name: 'echo', on: false },
  ]);
  stub.answers.debugPlugin = () => {
    throw new Refusal('CONFLICT', 'it is disabled');
  };
  await actOnPlugin('debug', 'echo');
  expect(heard).toEqual(['bad echo not opened for debuggers: it is disabled']);
});

test('a refusal is announced and frees the button', async () => {
  const refuse = () => {
    throw new Refusal('NOT_FOUND', 'no plugin of that name');
  };
  stubBridge({ restartPlugin: refuse, openPluginFolder: refuse });
  const heard = hear();
  await actOnPlugin('restart', 'echo');
  await openPluginsFolder();
  expect(heard).toEqual([
    'bad echo not restarted: no plugin of that name',
    'bad Folder not opened: no plugin of that name',
  ]);
  expect(pluginActionStore.getState().busy.size).toBe(0);
});
