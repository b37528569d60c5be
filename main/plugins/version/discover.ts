import type { Dirent } from 'node:fs';
import { lstat, readdir, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { isRegistry, PLUGIN_NAME } from '../../contract/plugin-name.ts';
import type { Language } from '../../contract/plugin-view.ts';
import { errorMessage, hasErrorCode } from '../../system/errors.ts';
import { isInside } from '../../system/paths.ts';
import { ENTRY_EXTENSIONS, languageOf } from './languages.ts';

/** A folder that contains a plugin. */
export interface DiscoveredPlugin {
  readonly name: string;
  /** The real path, all links followed. */
  readonly folder: string;
  /** Absolute. */
  readonly entry: string;
  /** Relative to the plugin's folder, with `/`. */
  readonly file: string;
  readonly language: Language;
  /** The import path production would use: `plugins.<name>.logic` or `plugins.<name>.backend.logic`. */
  readonly backend: string;
  /** Entry files that were ignored, and why. */
  readonly notice: string | null;
}

type Discovery =
  | { readonly kind: 'plugin'; readonly plugin: DiscoveredPlugin }
  /** Nothing here, or something like an entry file that can't be one: then `notice` says why. */
  | { readonly kind: 'none'; readonly notice: string | null }
  /** There may be a plugin, but the system denies access. */
  | { readonly kind: 'unreadable'; readonly reason: string };

const MAX_ENTRY_BYTES = 5 * 1024 * 1024;

/** Whether a folder of this name can be a plugin at all (CONTRACT.md §4). */
export function isCandidate(name: string): boolean {
  return !name.startsWith('.') && !name.startsWith('_');
}

/**
 * The names below the watched folder that may be plugins. @throws the system's error when it can't be read
 */
export async function candidateNames(root: string): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true });
  return entries
    .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && isCandidate(entry.name))
    .map((entry) => entry.name)
    .sort();
}

/**
 * Looks for a plugin in `<root>/<name>`, root being a real path. Opens no file: a FIFO can't hang it. Never
 * rejects.
 */
export async function discover(root: string, name: string): Promise<Discovery> {
  try {
    const folder = await realpath(join(root, name));
    if (!isInside(root, folder)) {
      return none(`${name}: ignored, since it links to a place outside the watched folder`);
    }
    const candidates = await findCandidates(folder);
    if (candidates.length === 0) return none(null);
    if (!PLUGIN_NAME.test(name)) return none(badName(name));
    if (isRegistry(name))
      return none(`${name}: ignored, since production skips a folder of this name; rename it`);
    return await choose(name, folder, candidates);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR')) return none(null);
    if (hasErrorCode(error, 'ELOOP'))
      return none(`${name}: ignored, since it is a symbolic link that leads to itself`);
    return { kind: 'unreadable', reason: errorMessage(error) };
  }
}

function none(notice: string | null): Discovery {
  return { kind: 'none', notice };
}

/**
 * `backend/logic.*`, which production prefers, then `logic.*`; relative to the folder, in order of
 * precedence.
 */
async function findCandidates(folder: string): Promise<string[]> {
  const inPlaces = ['backend', '.'].map(async (place) => {
    const names = new Set((await entriesOf(join(folder, place))).map((entry) => entry.name));
    const files = ENTRY_EXTENSIONS.map((extension) => `logic${extension}`).filter((file) => names.has(file));
    return files.map((file) => join(place, file));
  });
  return (await Promise.all(inPlaces)).flat();
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  }
}

async function choose(name: string, folder: string, candidates: readonly string[]): Promise<Discovery> {
  const ignored: string[] = [];
  let chosen: string | null = null;
  for (const file of candidates) {
    const problem = chosen === null ? await problemOf(folder, file) : `${chosen} comes first`;
    if (problem === null) chosen = file;
    else ignored.push(`${file} is ignored: ${problem}`);
  }
  const notice = ignored.length === 0 ? null : ignored.join('; ');
  const language = chosen === null ? null : languageOf(chosen);
  if (chosen === null || language === null) return none(`${name}: ${notice}`);
  const file = chosen.split(sep).join('/');
  const backend = `plugins.${name}.${file.startsWith('backend/') ? 'backend.logic' : 'logic'}`;
  return {
    kind: 'plugin',
    plugin: { name, folder, entry: join(folder, chosen), file, language, backend, notice },
  };
}

/** Why a file can't be an entry; null when it can. `folder`: its real path. */
async function problemOf(folder: string, file: string): Promise<string | null> {
  const path = join(folder, file);
  let target: string;
  try {
    target = await realpath(path);
  } catch (error) {
    if (hasErrorCode(error, 'ELOOP')) return 'it is a symbolic link that leads to itself';
    if (hasErrorCode(error, 'ENOENT')) return 'it is a symbolic link to nothing';
    throw error;
  }
  if (!isInside(folder, target)) return "it links to a file outside the plugin's folder";
  const stats = await lstat(target);
  if (stats.isDirectory()) return 'it is a directory';
  if (!stats.isFile()) return 'it is not a regular file';
  if (stats.size <= MAX_ENTRY_BYTES) return null;
  return `it is ${(stats.size / 1024 / 1024).toFixed(1)} MB; the limit is ${MAX_ENTRY_BYTES / 1024 / 1024} MB`;
}

function badName(name: string): string {
  return `${name.slice(0, 80)}: ignored, since a plugin's name may contain letters, digits, _ and - only, at most 64`;
}
