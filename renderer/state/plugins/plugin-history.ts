import { createStore } from 'zustand/vanilla';
import type { ReloadRecord } from '../../../main/contract/plugin-view.ts';
import type { Inspector } from '../../bridge.ts';
import { LOADING, type Loadable, settle } from '../app/loadable.ts';

export interface PluginHistoryState {
  /** The plugin whose reloads these are; null before one is shown. */
  readonly plugin: string | null;
  /** Newest first. */
  readonly history: Loadable<readonly ReloadRecord[]>;
}

interface PluginHistoryDeps {
  readonly inspector: Inspector;
}

export function createPluginHistoryStore({ inspector }: PluginHistoryDeps) {
  const store = createStore<PluginHistoryState>()(() => ({
    plugin: null,
    history: LOADING,
  }));

  /**
   * Fetches a plugin's reloads, and again after each of them, until `unsubscribe`, which it returns, is
   * called.
   */
  function follow(plugin: string): () => void {
    store.setState({ plugin, history: LOADING });
    const update = () => {
      refresh().catch((error) => console.error('reloads not loaded', error));
    };
    update();
    return inspector.on('reload', (record) => {
      if (record.plugin === plugin) update();
    });
  }

  /** Fetches again; an answer for a plugin that is no longer shown is dropped. Never rejects. */
  async function refresh(): Promise<void> {
    const { plugin } = store.getState();
    if (plugin === null) return;
    const history = await settle(inspector.call('pluginReloads', { name: plugin }));
    if (store.getState().plugin === plugin) store.setState({ history });
  }
  return {
    store,
    follow,
    refresh,
  };
}
