import { createStore } from 'zustand/vanilla';
import { pluginNameProblem } from '../../../main/contract/plugin-name.ts';
import type { PluginView } from '../../../main/contract/plugin-view.ts';
import { call } from '../../bridge.ts';
import { announce } from '../app/announcements.ts';
import { openInEditor } from '../app/editor.ts';
import { toFailure } from '../app/loadable.ts';
import { currentSnapshot, replacePlugin } from '../app/runtime.ts';
import { navigate } from '../app/ui.ts';

export interface NewPluginState {
  readonly open: boolean;
  readonly name: string;
  /** Kept for the next one. */
  readonly language: PluginView['language'];
  /** It is being made. */
  readonly busy: boolean;
  /** Why the runtime didn't make it; gone when the name changes. */
  readonly refusal: string | null;
}

const EMPTY = { name: '', busy: false, refusal: null };

export const newPluginStore = createStore<NewPluginState>()(() => ({
  ...EMPTY,
  open: false,
  language: 'typescript',
}));

export function openNewPlugin(): void {
  if (!newPluginStore.getState().open) newPluginStore.setState({ ...EMPTY, open: true });
}

/** While it is being made the dialog stays, so that its end is seen. */
export function closeNewPlugin(): void {
  if (!newPluginStore.getState().busy) newPluginStore.setState({ open: false });
}

export function nameNewPlugin(name: string): void {
  newPluginStore.setState({ name, refusal: null });
}

export function chooseLanguage(language: PluginView['language']): void {
  newPluginStore.setState({ language });
}

/** What is wrong with the name as it stands, or null; an empty one is only not yet a name. */
export function problemOf({ name, refusal }: NewPluginState): string | null {
  if (refusal !== null) return refusal;
  if (name === '') return null;
  const taken = currentSnapshot()?.plugins.some((plugin) => plugin.name === name);
  return pluginNameProblem(name) ?? (taken ? `There is a plugin named ${name} already` : null);
}

/** Makes the plugin and shows it. Never rejects; a refusal stays in the dialog. */
export async function createNewPlugin(): Promise<void> {
  const { name, language, busy } = newPluginStore.getState();
  if (busy || name === '' || problemOf(newPluginStore.getState()) !== null) return;
  newPluginStore.setState({ busy: true });
  try {
    const { folder, files, plugin } = await call('createPlugin', { name, language });
    newPluginStore.setState({ ...EMPTY, open: false });
    if (plugin !== null) replacePlugin(plugin);
    navigate('plugins', { item: name });
    announce({
      tone: 'good',
      title: `${name} created`,
      text: `${folder}: ${files.join(', ')}`,
      key: `new:${name}`,
      action: { label: 'Open in editor', run: () => openInEditor({ name }) },
    });
  } catch (error) {
    newPluginStore.setState({ busy: false, refusal: toFailure(error).message });
  }
}
