import { expect, it } from 'vitest';
import type { CreatedPlugin, PluginView } from '../../../../main/contract/plugin-view.ts';
import type { RuntimeSnapshot } from '../../../../main/contract/snapshot.ts';
import { ready } from '../../../../renderer/state/app/loadable.ts';
import { type Answers, Refusal } from '../../support/stub-bridge.ts';
import { stubStores } from '../../support/stub-stores.ts';

const view = (name: string) => ({ name }) as PluginView;
const made: CreatedPlugin = {
  name: 'greeter',
  folder: '/p/greeter',
  files: ['logic.py'],
  plugin: view('greeter'),
};

function begin(answers: Answers = {}) {
  const stub = stubStores(answers, { hash: '/overview' });
  const { runtime, newPlugin } = stub.stores;
  runtime.store.setState({
    snapshot: ready({ plugins: [view('echo'), view('zulu')] } as unknown as RuntimeSnapshot),
  });
  newPlugin.open();
  return { ...stub, problem: () => newPlugin.problemOf(newPlugin.store.getState()) };
}

it('a name is checked while it is typed', () => {
  const { stores, problem } = begin();
  expect(problem()).toBeNull();
  for (const [name, words] of [
    ['a b', 'letters, digits, _ and - only'],
    ['_a', 'are skipped'],
    ['echo', 'There is a plugin named echo already'],
  ] as const) {
    stores.newPlugin.setName(name);
    expect(problem()).toContain(words);
  }
  stores.newPlugin.setName('echo2');
  expect(problem()).toBeNull();
});

it('what is wrong is not even asked for', async () => {
  const { stores, ...stub } = begin();
  await stores.newPlugin.create();
  stores.newPlugin.setName('a/b');
  await stores.newPlugin.create();
  expect(stub.calls).toEqual([]);
});

it('a new plugin is shown at once, also before the next snapshot', async () => {
  const { stores, page, ...stub } = begin({ createPlugin: () => made });
  stores.newPlugin.setName('greeter');
  stores.newPlugin.chooseLanguage('python');
  const both = [stores.newPlugin.create(), stores.newPlugin.create()];
  stores.newPlugin.close();
  expect(stores.newPlugin.store.getState()).toMatchObject({ open: true, busy: true });
  await Promise.all(both);
  expect(stub.calls).toEqual([{ name: 'createPlugin', argument: { name: 'greeter', language: 'python' } }]);
  expect(page.hash()).toBe('/plugins/greeter');
  expect(stores.runtime.currentSnapshot()?.plugins.map(({ name }) => name)).toEqual([
    'echo',
    'greeter',
    'zulu',
  ]);
  expect(stores.newPlugin.store.getState()).toMatchObject({
    open: false,
    busy: false,
    name: '',
    language: 'python',
  });
});

it('a refusal stays in the dialog until the name changes', async () => {
  const { stores, problem } = begin({
    createPlugin: () => {
      throw new Refusal('CONFLICT', '/p/notes is there already');
    },
  });
  stores.newPlugin.setName('notes');
  await stores.newPlugin.create();
  expect(stores.newPlugin.store.getState()).toMatchObject({ open: true, busy: false });
  expect(problem()).toBe('/p/notes is there already');
  stores.newPlugin.setName('notes2');
  expect(problem()).toBeNull();
  stores.newPlugin.close();
  stores.newPlugin.open();
  expect(stores.newPlugin.store.getState().name).toBe('');
});
