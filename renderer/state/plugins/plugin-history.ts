import { createStore } from 'zustand/vanilla';
import type { ReloadRecord } from '../../../main/contract/plugin-view.ts';
import { call, on } from '../../bridge.ts';
import { LOADING, type Loadable, settle } from '../app/loadable.ts';

export interface PluginHistoryState {
  /** Whose it is; null while none is asked for. */
  readonly plugin: string | null;
  /** Newest first. */
  readonly history: Loadable<readonly ReloadRecord[]>;
}

export const pluginHistoryStore = createStore<PluginHistoryState>()(() => ({
  plugin: null,
  history: LOADING,
}));

/** Fetches a plugin's reloads, and again after each of them, until the returned undo is called. */
export function followHistory(plugin: string): () => void {
  pluginHistoryStore.setState({ plugin, history: LOADING });
  refreshHistory();
  const undo = on('reload', (record) => {
    if (record.plugin === plugin) refreshHistory();
  });
  return undo;
}

/** Asks anew; an answer for a plugin that is no longer looked at is dropped. Never rejects. */
export async function refreshHistory(): Promise<void> {
  const { plugin } = pluginHistoryStore.getState();
  if (plugin === null) return;
  const history = await settle(call('pluginReloads', { name: plugin }));
  if (pluginHistoryStore.getState().plugin === plugin) pluginHistoryStore.setState({ history });
}
