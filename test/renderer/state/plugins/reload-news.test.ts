import { expect, it, onTestFinished } from 'vitest';
import type { PluginView, ReloadRecord } from '../../../../main/contract/plugin-view.ts';
import type { RuntimeSnapshot } from '../../../../main/contract/snapshot.ts';
import { ready } from '../../../../renderer/state/app/loadable.ts';
import { stubStores } from '../../support/stub-stores.ts';

const record = (changes: Partial<ReloadRecord>): ReloadRecord => ({
  plugin: 'echo',
  at: 0,
  ok: true,
  latencyMs: 41,
  version: null,
  cause: 'change',
  error: null,
  ...changes,
});
const broken = record({ ok: false, latencyMs: null, error: 'Unexpected ")"' });
const withPlugins = (...plugins: Partial<PluginView>[]) => ({ plugins }) as unknown as RuntimeSnapshot;

function listen(hash = '/traces') {
  const stub = stubStores({}, { hash });
  const { announcements, reloadNews } = stub.stores;
  onTestFinished(reloadNews.start());
  const heard: string[] = [];
  announcements.onAnnouncement(({ title, text }) => heard.push(`${title}: ${text}`));
  announcements.onWithdrawal((key) => heard.push(`withdrawn ${key}`));
  return { ...stub, heard };
}

it('a failure stays until it is healed, which is said once', () => {
  const { heard, announced, ...stub } = listen();
  stub.emit('reload', broken);
  expect(announced[0]).toMatchObject({ tone: 'bad', lasting: true, action: { label: 'Open' } });
  stub.emit('reload', record({}));
  stub.emit('reload', record({}));
  expect(heard).toEqual([
    'echo didn’t load: Unexpected ")"',
    'withdrawn reload:echo',
    'echo loads again: The fix is serving after 41.0 ms.',
  ]);
});

it('reloads that go well are no news', () => {
  const { heard, ...stub } = listen();
  stub.emit('reload', record({}));
  stub.emit('reload', record({ cause: 'start', latencyMs: null }));
  expect(heard).toEqual([]);
});

it('nothing is told of the plugin on the screen, named by the address or chosen by itself', () => {
  const { stores, heard, ...stub } = listen('/plugins/echo');
  stub.emit('reload', broken);
  stub.emit('reload', record({}));
  expect(heard).toEqual(['withdrawn reload:echo']);
  stores.runtime.store.setState({ snapshot: ready(withPlugins({ name: 'echo', failure: null })) });
  stores.ui.navigate('plugins');
  stub.emit('reload', broken);
  expect(heard).toHaveLength(1);
});

it('the Overview lists what is wrong: nothing is told there', () => {
  const { heard, ...stub } = listen('/overview');
  stub.emit('reload', broken);
  stub.emit('reload', record({}));
  expect(heard).toEqual(['withdrawn reload:echo']);
});

it('Open leads to the plugin, and looking at it closes the announcement', () => {
  const { heard, announced, ...stub } = listen();
  stub.emit('reload', broken);
  announced[0]?.action?.run();
  expect(heard.at(-1)).toBe('withdrawn reload:echo');
});

it('a plugin that is deleted takes its failure along', () => {
  const { heard, ...stub } = listen();
  stub.emit('reload', broken);
  stub.emit('snapshot', withPlugins({ name: 'other', failure: null, status: 'loaded' }));
  expect(heard.at(-1)).toBe('withdrawn reload:echo');
});

it('a quarantine is told once, and taken back when it ends', () => {
  const { heard, ...stub } = listen();
  const held = withPlugins({ name: 'echo', failure: null, status: 'quarantined', notice: 'crashed 3 times' });
  stub.emit('snapshot', held);
  stub.emit('snapshot', held);
  stub.emit('snapshot', withPlugins({ name: 'echo', failure: null, status: 'loaded', notice: null }));
  expect(heard).toEqual(['echo is quarantined: crashed 3 times', 'withdrawn reload:echo']);
});
