import { createStore } from 'zustand/vanilla';
import type { PluginView } from '../../../main/contract/plugin-view.ts';
import type { RuntimeSnapshot } from '../../../main/contract/snapshot.ts';
import type { Connection, Inspector } from '../../bridge.ts';
import { failed, LOADING, type Loadable, ready, settle } from './loadable.ts';

export interface RuntimeState {
  /** Stays `ready` with the last snapshot while the connection is lost; the frame then shows since when. */
  readonly snapshot: Loadable<RuntimeSnapshot>;
  readonly connection: Connection;
}

const HEALTH_INTERVAL_MS = 2000;

/** How many plugins don't run the version on disk: failed, or quarantined after crashes. */
export function failedPlugins(snapshot: RuntimeSnapshot | undefined): number {
  return (snapshot?.plugins ?? []).filter(
    ({ failure, status }) => failure !== null || status === 'quarantined',
  ).length;
}

/** Whether the plugins' folder is still being read for the first time: an empty list is not final. */
export function isScanning({ ready: isReady, plugins }: RuntimeSnapshot): boolean {
  return !isReady && plugins.length === 0;
}

export type RuntimeStore = ReturnType<typeof createRuntimeStore>;

interface RuntimeDeps {
  readonly inspector: Inspector;
  /** ms since the epoch. */
  readonly now: () => number;
}

export function createRuntimeStore({ inspector, now }: RuntimeDeps) {
  const store = createStore<RuntimeState>()(() => ({
    snapshot: LOADING,
    connection: { state: 'connecting', since: now() },
  }));

  /** Fetches the snapshot; a failure shows only where there is no older one. */
  async function refresh(): Promise<void> {
    const snapshot = await settle(inspector.call('snapshot', null));
    if (snapshot.state === 'failed' && store.getState().snapshot.state === 'ready') return;
    store.setState({ snapshot });
  }

  /** Follows the runtime until `unsubscribe`, which it returns, is called. */
  function start(): () => void {
    const unsubscribes = [
      inspector.on('snapshot', (snapshot) => store.setState({ snapshot: ready(snapshot) })),
      inspector.onConnection((connection) => {
        store.setState({ connection });
        // What happened while the stream was down is fetched when it is back.
        if (connection.state === 'open')
          refresh().catch((error) => store.setState({ snapshot: failed(error) }));
      }),
    ];
    return () => {
      for (const unsubscribe of unsubscribes) unsubscribe();
    };
  }

  /** Fetches health and activity every two seconds while a screen shows them. Returns `unsubscribe`. */
  function followHealth(): () => void {
    const ask = () => refresh().catch((error) => store.setState({ snapshot: failed(error) }));
    const timer = setInterval(ask, HEALTH_INTERVAL_MS);
    return () => clearInterval(timer);
  }

  /**
   * Puts a plugin's newest view into the snapshot, also of one that is new, until the next snapshot arrives.
   */
  function replacePlugin(plugin: PluginView): void {
    const { snapshot } = store.getState();
    if (snapshot.state !== 'ready') return;
    const others = snapshot.value.plugins.filter(({ name }) => name !== plugin.name);
    const plugins = [...others, plugin].sort((a, b) => (a.name < b.name ? -1 : 1));
    store.setState({ snapshot: ready({ ...snapshot.value, plugins }, snapshot.at) });
  }

  /** The current snapshot, outside React. */
  function currentSnapshot(): RuntimeSnapshot | undefined {
    const { snapshot } = store.getState();
    return snapshot.state === 'ready' ? snapshot.value : undefined;
  }
  return {
    store,
    refresh,
    start,
    followHealth,
    replacePlugin,
    currentSnapshot,
  };
}
