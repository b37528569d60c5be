import type { FolderView } from './snapshot.ts';

/** A folder that was watched before. */
export interface RecentFolder {
  /** Absolute. */
  readonly path: string;
  readonly state: 'there' | 'missing';
}

export interface FoldersView {
  /** Newest first; the watched one is among them once another was chosen. */
  readonly recent: readonly RecentFolder[];
  /** The folder chosen last is watched again at the next start, where nothing else names one. */
  readonly reopen: boolean;
}

/** What a UI may ask about the watched folder. `null`: no argument or no answer. */
export interface FolderFunctions {
  /**
   * Watches another folder from now on; resolves when its plugins serve. In the window the user is asked
   * first whether the code of a new folder may run; null when it may not. BAD_REQUEST says why it can't be
   * watched.
   */
  watchFolder: { argument: { path: string }; answer: FolderView | null };
  /**
   * Asks for a folder in the system's own dialog and watches it; null when none was chosen. In a browser:
   * BAD_REQUEST.
   */
  chooseFolder: { argument: null; answer: FolderView | null };
  folders: { argument: null; answer: FoldersView };
  /** Removes one folder from the list of recent ones; null removes all. */
  forgetFolder: { argument: { path: string | null }; answer: FoldersView };
  setReopenFolder: { argument: { on: boolean }; answer: FoldersView };
}
