import { beforeEach, expect, onTestFinished, test } from 'vitest';
import type { PluginView, ReloadRecord } from '../../../../main/contract/plugin-view.ts';
import type { RuntimeSnapshot } from '../../../../main/contract/snapshot.ts';
import {
  type Announcement,
  onAnnouncement,
  onWithdrawal,
} from '../../../../renderer/state/app/announcements.ts';
import { LOADING, ready } from '../../../../renderer/state/app/loadable.ts';
import { runtimeStore } from '../../../../renderer/state/app/runtime.ts';
import { navigate } from '../../../../renderer/state/app/ui.ts';
import { startReloadNews } from '../../../../renderer/state/plugins/reload-news.ts';
import { stubBridge } from '../../support/stub-bridge.ts';
import { stubPage } from '../../support/stub-page.ts';

beforeEach(() => runtimeStore.setState({ snapshot: LOADING }));

const record = (changes: Partial<ReloadRecord>): ReloadRecord => ({
  ...{ plugin: 'echo', at: 0, ok: true, latencyMs: 41, version: null, cause: 'change', error: null },
  ...changes,
});
const broken = record({ ok: false, latencyMs: null, error: 'Unexpected ")"' });
const withPlugins = (...plugins: Partial<PluginView>[]) => ({ plugins }) as unknown as RuntimeSnapshot;

function listen(hash = '/traces') {
  stubPage(hash);
  const stub = stubBridge({});
  onTestFinished(startReloadNews());
  const heard: string[] = [];
  const announcements: Announcement[] = [];
  onTestFinished(
    onAnnouncement((announcement) => {
      announcements.push(announcement);
      heard.push(`${announcement.title}: ${announcement.text}`);
    }),
  );
  onTestFinished(onWithdrawal((key) => heard.push(`withdrawn ${key}`)));
  return { stub, heard, announcements };
}

test('a failure stays until it is healed, which is said once', () => {
  const { stub, heard, announcements } = listen();
  stub.emit('reload', broken);
  expect(announcements[0]).toMatchObject({ tone: 'bad', lasting: true, action: { label: 'Open' } });
  stub.emit('reload', record({}));
  stub.emit('reload', record({}));
  expect(heard).toEqual([
    'echo didn’t load: Unexpected ")"',
    'withdrawn reload:echo',
    'echo loads again: The fix serves after 41.0 ms.',
  ]);
});

test('reloads that go well are no news', () => {
  const { stub, heard } = listen();
  stub.emit('reload', record({}));
  stub.emit('reload', record({ cause: 'start', latencyMs: null }));
  expect(heard).toEqual([]);
});

test('nothing is told of the plugin on the screen, named by the address or chosen by itself', () => {
  const { stub, heard } = listen('/plugins/echo');
  stub.emit('reload', broken);
  stub.emit('reload', record({}));
  expect(heard).toEqual(['withdrawn reload:echo']);
  runtimeStore.setState({ snapshot: ready(withPlugins({ name: 'echo', failure: null })) });
  navigate('plugins');
  stub.emit('reload', broken);
  expect(heard).toHaveLength(1);
});

test('the Overview lists what is wrong: nothing is told there', () => {
  const { stub, heard } = listen('/overview');
  stub.emit('reload', broken);
  stub.emit('reload', record({}));
  expect(heard).toEqual(['withdrawn reload:echo']);
});

test('Open leads to the plugin, and looking at it closes the announcement', () => {
  const { stub, heard, announcements } = listen();
  stub.emit('reload', broken);
  announcements[0]?.action?.run();
  expect(heard.at(-1)).toBe('withdrawn reload:echo');
});

test('a plugin that is deleted takes its failure along', () => {
  const { stub, heard } = listen();
  stub.emit('reload', broken);
  stub.emit('snapshot', withPlugins({ name: 'other', failure: null, status: 'loaded' }));
  expect(heard.at(-1)).toBe('withdrawn reload:echo');
});

test('a quarantine is told once, and taken back when it ends', () => {
  const { stub, heard } = listen();
  const held = withPlugins({ name: 'echo', failure: null, status: 'quarantined', notice: 'crashed 3 times' });
  stub.emit('snapshot', held);
  stub.emit('snapshot', held);
  stub.emit('snapshot', withPlugins({ name: 'echo', failure: null, status: 'loaded', notice: null }));
  expect(heard).toEqual(['echo is quarantined: crashed 3 times', 'withdrawn reload:echo']);
});
