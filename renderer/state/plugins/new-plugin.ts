import { createStore } from 'zustand/vanilla';
import { pluginNameProblem } from '../../../main/contract/plugin-name.ts';
import type { PluginView } from '../../../main/contract/plugin-view.ts';
import type { Inspector } from '../../bridge.ts';
import type { Announcements } from '../app/announcements.ts';
import type { EditorStore } from '../app/editor.ts';
import { toFailure } from '../app/loadable.ts';
import type { RuntimeStore } from '../app/runtime.ts';
import type { UiStore } from '../app/ui.ts';

export interface NewPluginState {
  readonly open: boolean;
  readonly name: string;
  /** Remembered for the next one. */
  readonly language: PluginView['language'];
  /** It is being created. */
  readonly busy: boolean;
  /** Why the runtime refused; cleared when the name changes. */
  readonly refusal: string | null;
}

const EMPTY = { name: '', busy: false, refusal: null };

interface NewPluginDeps {
  readonly runtime: RuntimeStore;
  readonly inspector: Inspector;
  readonly ui: UiStore;
  readonly announcements: Announcements;
  readonly editor: EditorStore;
}

export function createNewPluginStore({ runtime, inspector, ui, announcements, editor }: NewPluginDeps) {
  const store = createStore<NewPluginState>()(() => ({
    ...EMPTY,
    open: false,
    language: 'typescript',
  }));

  function open(): void {
    if (!store.getState().open) store.setState({ ...EMPTY, open: true });
  }

  /** The dialog stays open while the plugin is being created. */
  function close(): void {
    if (!store.getState().busy) store.setState({ open: false });
  }

  function setName(name: string): void {
    store.setState({ name, refusal: null });
  }

  function chooseLanguage(language: PluginView['language']): void {
    store.setState({ language });
  }

  /** What is wrong with the name, or null; an empty name is not reported. */
  function problemOf({ name, refusal }: NewPluginState): string | null {
    if (refusal !== null) return refusal;
    if (name === '') return null;
    const taken = runtime.currentSnapshot()?.plugins.some((plugin) => plugin.name === name);
    return pluginNameProblem(name) ?? (taken ? `There is a plugin named ${name} already` : null);
  }

  /** Creates the plugin and shows it. Never rejects; a refusal is shown in the dialog. */
  async function create(): Promise<void> {
    const { name, language, busy } = store.getState();
    if (busy || name === '' || problemOf(store.getState()) !== null) return;
    store.setState({ busy: true });
    try {
      const { folder, files, plugin } = await inspector.call('createPlugin', { name, language });
      store.setState({ ...EMPTY, open: false });
      if (plugin !== null) runtime.replacePlugin(plugin);
      ui.navigate('plugins', { item: name });
      announcements.announce({
        tone: 'good',
        title: `${name} created`,
        text: `${folder}: ${files.join(', ')}`,
        key: `new:${name}`,
        action: { label: 'Open in editor', run: () => editor.open({ name }) },
      });
    } catch (error) {
      store.setState({ busy: false, refusal: toFailure(error).message });
    }
  }
  return {
    store,
    open,
    close,
    setName,
    chooseLanguage,
    problemOf,
    create,
  };
}
