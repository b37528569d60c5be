import { createStore, type StoreApi } from 'zustand/vanilla';
import type { FoldersView } from '../../../main/contract/folder.ts';
import type { FolderView } from '../../../main/contract/snapshot.ts';
import type { Inspector } from '../../bridge.ts';
import type { Announcements } from './announcements.ts';
import { LOADING, type Loadable, ready, settle, toFailure } from './loadable.ts';
import type { RuntimeStore } from './runtime.ts';
import type { SettingsStore } from './settings.ts';
import type { UiStore } from './ui.ts';

export interface FolderState {
  readonly folders: Loadable<FoldersView>;
  /** Another folder is being opened. */
  readonly busy: boolean;
  /** Why the path that was typed is not watched; null when it is. */
  readonly refusal: string | null;
}

const KEY = 'watch-folder';

export type FolderStore = ReturnType<typeof createFolderStore>;

interface FolderDeps {
  readonly inspector: Inspector;
  readonly ui: UiStore;
  readonly runtime: RuntimeStore;
  readonly settings: SettingsStore;
  readonly announcements: Announcements;
}

interface FolderRequestsDeps extends Omit<FolderDeps, 'ui'> {
  readonly store: StoreApi<FolderState>;
}

/** Requests about folders: their effect on `store`, and what is announced of them. */
function createFolderRequests({ store, inspector, runtime, settings, announcements }: FolderRequestsDeps) {
  async function refresh(): Promise<void> {
    store.setState({ folders: await settle(inspector.call('folders', null)) });
  }

  /** Requests not yet answered; the runtime takes them one after the other. */
  let pending = 0;

  async function exchange(ask: () => Promise<FolderView | null>, quietly = false): Promise<void> {
    pending += 1;
    store.setState({ busy: true, refusal: null });
    try {
      const folder = await ask();
      if (folder === null) return;
      await Promise.all([runtime.refresh(), refresh(), settings.refresh()]);
      announcements.announce({
        tone: 'good',
        title: 'Watching another folder',
        text: describe(folder),
        key: KEY,
      });
    } catch (error) {
      const { message } = toFailure(error);
      if (quietly) store.setState({ refusal: message });
      else announcements.announce({ tone: 'bad', title: 'Folder not watched', text: message, key: KEY });
    } finally {
      pending -= 1;
      store.setState({ busy: pending > 0 });
    }
  }

  function describe({ path }: FolderView): string {
    const count = runtime.currentSnapshot()?.plugins.length ?? 0;
    if (count === 0) return `${path}: no plugins in it yet`;
    return `${path}: ${count} ${count === 1 ? 'plugin' : 'plugins'}`;
  }

  async function change(ask: () => Promise<FoldersView>): Promise<void> {
    try {
      store.setState({ folders: ready(await ask()) });
    } catch (error) {
      announcements.announce({
        tone: 'bad',
        title: 'Recent folders not changed',
        text: toFailure(error).message,
        key: KEY,
      });
    }
  }

  return { refresh, exchange, change };
}

export function createFolderStore({ inspector, ui, runtime, settings, announcements }: FolderDeps) {
  const store = createStore<FolderState>()(() => ({
    folders: LOADING,
    busy: false,
    refusal: null,
  }));
  const { refresh, exchange, change } = createFolderRequests({
    store,
    inspector,
    runtime,
    settings,
    announcements,
  });

  /** Whether this page has the system's folder dialog, and knows the path of a dropped folder. */
  function hasDesktop(): boolean {
    return inspector.pathOf !== undefined;
  }

  /**
   * Watches the folder at this absolute path. Never rejects; a refusal is announced, or stored when
   * `quietly`.
   */
  function watch(path: string, { quietly = false } = {}): Promise<void> {
    return exchange(() => inspector.call('watchFolder', { path }), quietly);
  }

  /**
   * Asks for a folder and watches it; a browser has no such dialog, so there it opens the field for the path.
   */
  async function choose(): Promise<void> {
    if (hasDesktop()) return exchange(() => inspector.call('chooseFolder', null));
    ui.navigate('settings', { params: { part: 'folder' } });
  }

  async function forget(path: string | null): Promise<void> {
    await change(() => inspector.call('forgetFolder', { path }));
  }

  async function setReopen(on: boolean): Promise<void> {
    await change(() => inspector.call('setReopenFolder', { on }));
  }

  /** A refusal is about what was typed at that time. */
  function clearRefusal(): void {
    store.setState({ refusal: null });
  }

  return {
    store,
    refresh,
    hasDesktop,
    watch,
    choose,
    forget,
    setReopen,
    clearRefusal,
  };
}
