import { stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { FoldersView, RecentFolder } from '../contract/folder.ts';
import { loadJson, saveJson } from '../system/atomic-file.ts';
import type { Log } from '../system/log.ts';

/** The folders that were chosen while the workbench ran, stored per user. */
export interface FolderMemory {
  view(): Promise<FoldersView>;
  /** `chosen` is watched from now on, in place of `before`. */
  remember(chosen: string, before: string): Promise<void>;
  /** Whether the user agreed that the plugins of this folder run. */
  isAgreed(path: string): Promise<boolean>;
  agree(path: string): Promise<void>;
  /** Null forgets all; what is forgotten is no longer agreed to. */
  forget(path: string | null): Promise<void>;
  setReopen(on: boolean): Promise<void>;
  /** Calls back after each change. Returns `unsubscribe`. */
  onChange(listener: () => void): () => void;
}

interface StoredFolders {
  /** Absolute, newest first. */
  readonly recent: readonly string[];
  /** Chosen last; null when none was, or it was forgotten. */
  readonly last: string | null;
  readonly reopen: boolean;
  /** Absolute, newest first: their plugins may run. */
  readonly agreed: readonly string[];
}

const MAX_AGREED = 200;
const MAX_RECENT = 10;
const NOTHING: StoredFolders = { recent: [], last: null, reopen: true, agreed: [] };

/** The folder to open when nothing names one; null when none is stored, or it is not to be opened again. */
export async function loadLastFolder(configPath: string): Promise<RecentFolder | null> {
  const { last, reopen } = await loadFolders(configPath);
  return last === null || !reopen ? null : look(last);
}

/** Reads from the file each time, since another workbench may have written it. */
export function createFolderMemory(configPath: string, log: Log): FolderMemory {
  const listeners = new Set<() => void>();
  let writing: Promise<void> = Promise.resolve();

  const change = (edit: (stored: StoredFolders) => StoredFolders): Promise<void> => {
    writing = writing.then(async () => {
      try {
        await saveJson(fileIn(configPath), edit(await loadFolders(configPath)));
      } catch (error) {
        // The folder is watched all the same; only the next start won't know of it.
        log.warn('Could not store the recent folders', { error: String(error) });
      }
      for (const listener of listeners) listener();
    });
    return writing;
  };

  const isAgreed = async (path: string): Promise<boolean> => {
    await writing;
    return (await loadFolders(configPath)).agreed.includes(path);
  };

  return {
    async view() {
      await writing;
      const { recent, reopen } = await loadFolders(configPath);
      return { recent: await Promise.all(recent.map(look)), reopen };
    },
    remember: (chosen, before) =>
      change((stored) => ({
        ...stored,
        last: chosen,
        recent: putFirst([chosen, before], stored.recent, MAX_RECENT),
        agreed: putFirst([chosen, before], stored.agreed, MAX_AGREED),
      })),
    isAgreed,
    async agree(path) {
      if (await isAgreed(path)) return;
      await change((stored) => ({ ...stored, agreed: putFirst([path], stored.agreed, MAX_AGREED) }));
    },
    forget: (path) =>
      change(({ recent, last, reopen, agreed }) => ({
        reopen,
        recent: path === null ? [] : recent.filter((one) => one !== path),
        agreed: path === null ? [] : agreed.filter((one) => one !== path),
        last: path === null || path === last ? null : last,
      })),
    setReopen: (on) => change((stored) => ({ ...stored, reopen: on })),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function putFirst(paths: readonly string[], others: readonly string[], limit: number): readonly string[] {
  return [...new Set([...paths, ...others])].slice(0, limit);
}

function fileIn(configPath: string): string {
  return join(configPath, 'folders.json');
}

/** Each part checked: an older or hand-edited file must not stop the start. */
async function loadFolders(configPath: string): Promise<StoredFolders> {
  const stored = await loadJson(fileIn(configPath));
  if (typeof stored !== 'object' || stored === null) return NOTHING;
  const { recent, last, reopen, agreed } = stored as Partial<Record<keyof StoredFolders, unknown>>;
  return {
    recent: Array.isArray(recent) ? recent.filter(isFolderPath).slice(0, MAX_RECENT) : [],
    agreed: Array.isArray(agreed) ? agreed.filter(isFolderPath).slice(0, MAX_AGREED) : [],
    last: isFolderPath(last) ? last : null,
    reopen: reopen !== false,
  };
}

function isFolderPath(value: unknown): value is string {
  return typeof value === 'string' && isAbsolute(value) && !value.includes('\0');
}

async function look(path: string): Promise<RecentFolder> {
  const isThere = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return { path, state: isThere ? 'there' : 'missing' };
}
