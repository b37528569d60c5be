import { createStore } from 'zustand/vanilla';
import type { DatabaseView, DataSnapshotView } from '../../../main/contract/data.ts';
import type { Inspector } from '../../bridge.ts';
import { LOADING, type Loadable, readyValue, settle } from '../app/loadable.ts';
import type { RuntimeState, RuntimeStore } from '../app/runtime.ts';

/** Which database it is, what is in it, and the snapshots of it. */
export interface DatabaseState {
  readonly view: Loadable<DatabaseView>;
  readonly snapshots: Loadable<readonly DataSnapshotView[]>;
  readonly refreshing: boolean;
}

/** A burst of calls is followed by one look at what they did. */
const SETTLE_MS = 400;

interface DatabaseDeps {
  readonly inspector: Inspector;
  readonly runtime: RuntimeStore;
}

export function createDatabaseStore({ inspector, runtime }: DatabaseDeps) {
  const store = createStore<DatabaseState>()(() => ({
    view: LOADING,
    snapshots: LOADING,
    refreshing: false,
  }));

  /** What was loaded stays visible meanwhile. Never rejects. */
  async function refresh(): Promise<void> {
    store.setState({ refreshing: true });
    const [view, snapshots] = await Promise.all([
      settle(inspector.call('database', null)),
      settle(inspector.call('dataSnapshots', null)),
    ]);
    store.setState({ view, snapshots, refreshing: false });
  }

  /** As after a failure: visibly from the start. Never rejects. */
  async function load(): Promise<void> {
    store.setState({ view: LOADING, snapshots: LOADING });
    await refresh();
  }

  /**
   * Looks again after calls of plugins, when another database is in effect and when the connection is back. Returns
   * `unsubscribe`.
   */
  function follow(onRefreshed: () => Promise<void>): () => void {
    let timer: ReturnType<typeof setTimeout> | null = null;
    let [looking, again, stopped] = [false, false, false];
    const look = async () => {
      timer = null;
      looking = true;
      await refresh();
      await onRefreshed();
      looking = false;
      if (again && !stopped) soon();
    };
    const soon = () => {
      again = looking;
      if (looking) return;
      timer ??= setTimeout(() => {
        look().catch((error) => console.error('the database was not looked at again', error));
      }, SETTLE_MS);
    };
    refresh().catch((error) => console.error('the database was not looked at', error));
    const subscriptions = [
      inspector.on('traces', soon),
      runtime.store.subscribe((now, before) => {
        if (databaseInUse(now) !== databaseInUse(before)) soon();
      }),
      inspector.onConnection(({ state }) => {
        if (state === 'open') soon();
      }),
    ];
    return () => {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
      for (const unsubscribe of subscriptions) unsubscribe();
    };
  }

  return { store, refresh, load, follow };
}

function databaseInUse({ snapshot }: RuntimeState): string | undefined {
  return readyValue(snapshot)?.mongodb?.inUse;
}
