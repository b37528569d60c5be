import { expect, onTestFinished, test } from 'vitest';
import { type Announcement, onAnnouncement } from '../../../../renderer/state/app/announcements.ts';
import { folderStore, watchFolder } from '../../../../renderer/state/app/folder.ts';
import { Refusal, stubBridge } from '../../support/stub-bridge.ts';

function announced(): Announcement[] {
  const heard: Announcement[] = [];
  onTestFinished(onAnnouncement((one) => heard.push(one)));
  return heard;
}

const ANSWERS = {
  folders: () => ({ recent: [{ path: '/b', state: 'there' as const }], reopen: true }),
  settings: () => [],
  snapshot: () => {
    throw new Refusal('NOT_READY', 'not in this test');
  },
};
const refuse = () => {
  throw new Refusal('BAD_REQUEST', '/a is a file: choose a folder');
};

test('a refusal is announced, or kept beside the field it was typed in', async () => {
  const heard = announced();
  stubBridge({ ...ANSWERS, watchFolder: refuse });
  await watchFolder('/a');
  expect(folderStore.getState()).toMatchObject({ busy: false, refusal: null });
  expect(heard).toMatchObject([{ tone: 'bad', text: '/a is a file: choose a folder' }]);
  await watchFolder('/a', { quietly: true });
  expect(folderStore.getState()).toMatchObject({ busy: false, refusal: '/a is a file: choose a folder' });
  expect(heard).toHaveLength(1);
});

test('the next folder that is watched takes a refusal away', async () => {
  const heard = announced();
  const bridge = stubBridge({ ...ANSWERS, watchFolder: refuse });
  await watchFolder('/a', { quietly: true });
  bridge.answers.watchFolder = ({ path }) => ({ path, state: 'watching', notice: null });
  await watchFolder('/b');
  expect(folderStore.getState().refusal).toBeNull();
  expect(folderStore.getState().folders).toMatchObject({ value: { recent: [{ path: '/b' }] } });
  expect(heard.at(-1)).toMatchObject({ tone: 'good', title: 'Watching another folder' });
});

test('stays busy until the last of several wishes is done', async () => {
  const releases: (() => void)[] = [];
  stubBridge({
    ...ANSWERS,
    watchFolder: async ({ path }) => {
      await new Promise<void>((resolve) => releases.push(resolve));
      return { path, state: 'watching', notice: null };
    },
  });
  const first = watchFolder('/a');
  const second = watchFolder('/b');
  releases[0]?.();
  await first;
  expect(folderStore.getState().busy).toBe(true);
  releases[1]?.();
  await second;
  expect(folderStore.getState().busy).toBe(false);
});
