import { createStore } from 'zustand/vanilla';
import type { FoldersView } from '../../../main/contract/folder.ts';
import type { FolderView } from '../../../main/contract/snapshot.ts';
import { bridge, call } from '../../bridge.ts';
import { announce } from './announcements.ts';
import { LOADING, type Loadable, ready, settle, toFailure } from './loadable.ts';
import { currentSnapshot, refreshRuntime } from './runtime.ts';
import { refreshSettings } from './settings.ts';
import { navigate } from './ui.ts';

export interface FolderState {
  readonly folders: Loadable<FoldersView>;
  /** Another folder is being opened. */
  readonly busy: boolean;
  /** Why the path that was typed is not watched; null when it is. */
  readonly refusal: string | null;
}

export const folderStore = createStore<FolderState>()(() => ({
  folders: LOADING,
  busy: false,
  refusal: null,
}));

const KEY = 'watch-folder';

export async function refreshFolders(): Promise<void> {
  folderStore.setState({ folders: await settle(call('folders', null)) });
}

/** Whether this page can ask for a folder in the system's dialog, and learn where a dropped one lies. */
export function hasDesktop(): boolean {
  return bridge().pathOf !== undefined;
}

/** Watches the folder at this absolute path. Never rejects; a refusal is announced, or kept when `quietly`. */
export function watchFolder(path: string, { quietly = false } = {}): Promise<void> {
  return exchange(() => call('watchFolder', { path }), quietly);
}

/** Asks for a folder and watches it; in a browser, which has no such dialog, leads to the field for its path. */
export async function chooseFolder(): Promise<void> {
  if (hasDesktop()) return exchange(() => call('chooseFolder', null));
  navigate('settings', { params: { part: 'folder' } });
}

export async function forgetFolder(path: string | null): Promise<void> {
  await change(() => call('forgetFolder', { path }));
}

export async function setReopenFolder(on: boolean): Promise<void> {
  await change(() => call('setReopenFolder', { on }));
}

/** A refusal belongs to what was typed then. */
export function clearRefusal(): void {
  folderStore.setState({ refusal: null });
}

/** Wishes under way; the runtime takes them one after the other. */
let pending = 0;

async function exchange(ask: () => Promise<FolderView | null>, quietly = false): Promise<void> {
  pending += 1;
  folderStore.setState({ busy: true, refusal: null });
  try {
    const folder = await ask();
    if (folder === null) return;
    await Promise.all([refreshRuntime(), refreshFolders(), refreshSettings()]);
    announce({ tone: 'good', title: 'Watching another folder', text: describe(folder), key: KEY });
  } catch (error) {
    const { message } = toFailure(error);
    if (quietly) folderStore.setState({ refusal: message });
    else announce({ tone: 'bad', title: 'Folder not watched', text: message, key: KEY });
  } finally {
    pending -= 1;
    folderStore.setState({ busy: pending > 0 });
  }
}

function describe({ path }: FolderView): string {
  const count = currentSnapshot()?.plugins.length ?? 0;
  if (count === 0) return `${path}: no plugins in it yet`;
  return `${path}: ${count} ${count === 1 ? 'plugin' : 'plugins'}`;
}

async function change(ask: () => Promise<FoldersView>): Promise<void> {
  try {
    folderStore.setState({ folders: ready(await ask()) });
  } catch (error) {
    announce({ tone: 'bad', title: 'Recent folders not changed', text: toFailure(error).message, key: KEY });
  }
}
