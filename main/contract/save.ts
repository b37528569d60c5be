/**
 * What became of a file that was to be saved: where a dialog says in the window, as a download in a browser.
 */
export type SaveOutcome = SavedFile | UnsavedFile;

export interface SavedFile {
  readonly state: 'saved';
  readonly path: string;
}

export type UnsavedFile =
  /** The save dialog was closed. */
  | { readonly state: 'cancelled' }
  /** In a browser: fetched once, and soon, from {@link DOWNLOADS_PATH}/`id`. */
  | { readonly state: 'download'; readonly id: string; readonly name: string };

/** Below the headless Inspector's token. */
export const DOWNLOADS_PATH = 'downloads';
