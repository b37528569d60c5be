import { expect, it } from 'vitest';
import { Refusal } from '../../support/stub-bridge.ts';
import { stubStores } from '../../support/stub-stores.ts';

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

it('a refusal is announced, or kept beside the field it was typed in', async () => {
  const { stores, announced: heard } = stubStores({ ...ANSWERS, watchFolder: refuse });
  await stores.folder.watch('/a');
  expect(stores.folder.store.getState()).toMatchObject({ busy: false, refusal: null });
  expect(heard).toMatchObject([{ tone: 'bad', text: '/a is a file: choose a folder' }]);
  await stores.folder.watch('/a', { quietly: true });
  expect(stores.folder.store.getState()).toMatchObject({
    busy: false,
    refusal: '/a is a file: choose a folder',
  });
  expect(heard).toHaveLength(1);
});

it('the next folder that is watched takes a refusal away', async () => {
  const { stores, announced: heard, ...bridge } = stubStores({ ...ANSWERS, watchFolder: refuse });
  await stores.folder.watch('/a', { quietly: true });
  bridge.answers.watchFolder = ({ path }) => ({ path, state: 'watching', notice: null });
  await stores.folder.watch('/b');
  expect(stores.folder.store.getState().refusal).toBeNull();
  expect(stores.folder.store.getState().folders).toMatchObject({ value: { recent: [{ path: '/b' }] } });
  expect(heard.at(-1)).toMatchObject({ tone: 'good', title: 'Watching another folder' });
});

it('stays busy until the last of several wishes is done', async () => {
  const releases: (() => void)[] = [];
  const { stores } = stubStores({
    ...ANSWERS,
    watchFolder: async ({ path }) => {
      await new Promise<void>((resolve) => releases.push(resolve));
      return { path, state: 'watching', notice: null };
    },
  });
  const first = stores.folder.watch('/a');
  const second = stores.folder.watch('/b');
  releases[0]?.();
  await first;
  expect(stores.folder.store.getState().busy).toBe(true);
  releases[1]?.();
  await second;
  expect(stores.folder.store.getState().busy).toBe(false);
});
