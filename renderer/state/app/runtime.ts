import { createStore } from 'zustand/vanilla';
import type { PluginView } from '../../../main/contract/plugin-view.ts';
import type { RuntimeSnapshot } from '../../../main/contract/snapshot.ts';
import { bridge, type Connection, call, on } from '../../bridge.ts';
import { failed, LOADING, type Loadable, ready, settle } from './loadable.ts';

export interface RuntimeState {
  /** Stays `ready` with the last snapshot while the connection is lost; the frame then says since when. */
  readonly snapshot: Loadable<RuntimeSnapshot>;
  readonly connection: Connection;
}

export const runtimeStore = createStore<RuntimeState>()(() => ({
  snapshot: LOADING,
  connection: { state: 'connecting', since: Date.now() },
}));

/** Fetches the snapshot; a failure shows only where there is no older one. */
export async function refreshRuntime(): Promise<void> {
  const snapshot = await settle(call('snapshot', null));
  if (snapshot.state === 'failed' && runtimeStore.getState().snapshot.state === 'ready') return;
  runtimeStore.setState({ snapshot });
}

/** Follows the runtime until the returned undo is called. */
export function startRuntime(): () => void {
  const undo = [
    on('snapshot', (snapshot) => runtimeStore.setState({ snapshot: ready(snapshot) })),
    bridge().onConnection((connection) => {
      runtimeStore.setState({ connection });
      // Whatever happened while nobody listened is fetched when the stream is back.
      if (connection.state === 'open')
        refreshRuntime().catch((error) => runtimeStore.setState({ snapshot: failed(error) }));
    }),
  ];
  return () => {
    for (const stop of undo) stop();
  };
}

const HEALTH_MS = 2000;

/** Asks for health and activity anew every other second, while a screen shows them; returns its undo. */
export function followHealth(): () => void {
  const ask = () => refreshRuntime().catch((error) => runtimeStore.setState({ snapshot: failed(error) }));
  const timer = setInterval(ask, HEALTH_MS);
  return () => clearInterval(timer);
}

/** Puts a plugin's newest view into the snapshot, also of one that is new, until the next snapshot arrives. */
export function replacePlugin(plugin: PluginView): void {
  const { snapshot } = runtimeStore.getState();
  if (snapshot.state !== 'ready') return;
  const others = snapshot.value.plugins.filter(({ name }) => name !== plugin.name);
  const plugins = [...others, plugin].sort((a, b) => (a.name < b.name ? -1 : 1));
  runtimeStore.setState({ snapshot: ready({ ...snapshot.value, plugins }, snapshot.at) });
}

/** The present snapshot's value, outside React. */
export function currentSnapshot(): RuntimeSnapshot | undefined {
  const { snapshot } = runtimeStore.getState();
  return snapshot.state === 'ready' ? snapshot.value : undefined;
}

/** How many plugins don't do what is on disk: failed, or quarantined for crashing. */
export function failedPlugins(snapshot: RuntimeSnapshot | undefined): number {
  return (snapshot?.plugins ?? []).filter(
    ({ failure, status }) => failure !== null || status === 'quarantined',
  ).length;
}

/** Whether the plugins' folder is still being read for the first time: an empty list means nothing yet. */
export function isScanning({ ready: isReady, plugins }: RuntimeSnapshot): boolean {
  return !isReady && plugins.length === 0;
}
