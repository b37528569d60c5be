import { beforeEach, expect, test } from 'vitest';
import type { CreatedPlugin, PluginView } from '../../../../main/contract/plugin-view.ts';
import type { RuntimeSnapshot } from '../../../../main/contract/snapshot.ts';
import { ready } from '../../../../renderer/state/app/loadable.ts';
import { currentSnapshot, runtimeStore } from '../../../../renderer/state/app/runtime.ts';
import {
  chooseLanguage,
  closeNewPlugin,
  createNewPlugin,
  nameNewPlugin,
  newPluginStore,
  openNewPlugin,
  problemOf,
} from '../../../../renderer/state/plugins/new-plugin.ts';
import { Refusal, stubBridge } from '../../support/stub-bridge.ts';
import { stubPage } from '../../support/stub-page.ts';

const view = (name: string) => ({ name }) as PluginView;
const made: CreatedPlugin = {
  name: 'greeter',
  folder: '/p/greeter',
  files: ['logic.py'],
  plugin: view('greeter'),
};

beforeEach(() => {
  runtimeStore.setState({
    snapshot: ready({ plugins: [view('echo'), view('zulu')] } as unknown as RuntimeSnapshot),
  });
  newPluginStore.setState({ open: false, busy: false });
  openNewPlugin();
});

const problem = () => problemOf(newPluginStore.getState());

test('a name is judged while it is typed', () => {
  expect(problem()).toBeNull();
  for (const [name, words] of [
    ['a b', 'letters, digits, _ and - only'],
    ['_a', 'are skipped'],
    ['echo', 'There is a plugin named echo already'],
  ] as const) {
    nameNewPlugin(name);
    expect(problem()).toContain(words);
  }
  nameNewPlugin('echo2');
  expect(problem()).toBeNull();
});

test('what is wrong is not even asked for', async () => {
  const stub = stubBridge({});
  await createNewPlugin();
  nameNewPlugin('a/b');
  await createNewPlugin();
  expect(stub.calls).toEqual([]);
});

test('a new plugin is shown at once, also before the next snapshot', async () => {
  const page = stubPage('/overview');
  const stub = stubBridge({ createPlugin: () => made });
  nameNewPlugin('greeter');
  chooseLanguage('python');
  const both = [createNewPlugin(), createNewPlugin()];
  closeNewPlugin();
  expect(newPluginStore.getState()).toMatchObject({ open: true, busy: true });
  await Promise.all(both);
  expect(stub.calls).toEqual([{ name: 'createPlugin', argument: { name: 'greeter', language: 'python' } }]);
  expect(page.hash()).toBe('/plugins/greeter');
  expect(currentSnapshot()?.plugins.map(({ name }) => name)).toEqual(['echo', 'greeter', 'zulu']);
  expect(newPluginStore.getState()).toMatchObject({ open: false, busy: false, name: '', language: 'python' });
});

test('a refusal stays in the dialog until the name changes', async () => {
  stubBridge({
    createPlugin: () => {
      throw new Refusal('CONFLICT', '/p/notes is there already');
    },
  });
  nameNewPlugin('notes');
  await createNewPlugin();
  expect(newPluginStore.getState()).toMatchObject({ open: true, busy: false });
  expect(problem()).toBe('/p/notes is there already');
  nameNewPlugin('notes2');
  expect(problem()).toBeNull();
  closeNewPlugin();
  openNewPlugin();
  expect(newPluginStore.getState().name).toBe('');
});
