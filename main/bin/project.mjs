/** Paths of the project, derived from this file's own so that the scripts run from any working directory. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** The results of the set-up, for the scripts that run after it. Deleted with node_modules, as intended. */
export const stateFolder = join(projectRoot, 'node_modules', '.cache', 'mozaiks-workbench');

/** Per-user cache outside the checkout: survives a fresh clone and `npm ci`. */
export function cacheFolder(env = process.env) {
  const base =
    env.XDG_CACHE_HOME && isAbsolute(env.XDG_CACHE_HOME) ? env.XDG_CACHE_HOME : join(homedir(), '.cache');
  return join(base, 'mozaiks-workbench');
}

/** Path inside node_modules of this project. */
export function installed(...parts) {
  return join(projectRoot, 'node_modules', ...parts);
}

/** Parsed JSON file, or null when it is missing or invalid: both mean "not there yet" to callers. */
export function readJsonIfAny(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}
