import { expect, onTestFinished, test } from 'vitest';
import { type Announcement, onAnnouncement } from '../../../renderer/state/announcements.ts';
import { folderStore, watchFolder } from '../../../renderer/state/folder.ts';
import { Refusal, stubBridge } from '../support/stub-bridge.ts';

function announced(): Announcement[] {
  const heard: Announcement[] = [];
  onTestFinished(onAnnouncement((one) => heard.push(one)));
  return heard;
}

test('a refusal is announced and kept, and the next folder that is watched takes it away', async () => {
  const heard = announced();
  const bridge = stubBridge({
    watchFolder: () => {
      throw new Refusal('BAD_REQUEST', '/a is a file: choose a folder');
    },
    folders: () => ({ recent: [{ path: '/b', state: 'there' }], reopen: true }),
    settings: () => [],
    snapshot: () => {
      throw new Refusal('NOT_READY', 'not in this test');
    },
  });
  await watchFolder('/a');
  expect(folderStore.getState()).toMatchObject({ busy: false, refusal: '/a is a file: choose a folder' });
  expect(heard).toMatchObject([{ tone: 'bad', text: '/a is a file: choose a folder' }]);
  bridge.answers.watchFolder = ({ path }) => ({ path, state: 'watching', notice: null });
  await watchFolder('/b');
  expect(folderStore.getState().refusal).toBeNull();
  expect(folderStore.getState().folders).toMatchObject({ value: { recent: [{ path: '/b' }] } });
  expect(heard.at(-1)).toMatchObject({ tone: 'good', title: 'Watching another folder' });
});

test('one folder at a time: a second wish meanwhile is not sent', async () => {
  let release: () => void = () => undefined;
  const bridge = stubBridge({
    watchFolder: async ({ path }) => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return { path, state: 'watching', notice: null };
    },
    folders: () => ({ recent: [], reopen: true }),
    settings: () => [],
  });
  const first = watchFolder('/a');
  await watchFolder('/b');
  expect(bridge.calls.filter(({ name }) => name === 'watchFolder')).toEqual([
    { name: 'watchFolder', argument: { path: '/a' } },
  ]);
  release();
  await first;
});
