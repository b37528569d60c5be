import { constants } from 'node:fs';
import { access, readdir, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, parse, resolve } from 'node:path';
import { WorkbenchError } from '../../contract/errors.ts';
import { isInside } from '../version/discover.ts';
import { ENTRY_EXTENSIONS } from '../version/languages.ts';

/**
 * Whether a folder that somebody chose can be watched. Threat model: whatever lies in the watched folder is run, and everything
 * below it is watched. So it must be named whole, be there, and be neither a plugin nor a place that holds all the user's files.
 *
 * @returns the path as it will be watched: absolute, without dots
 * @throws {WorkbenchError} BAD_REQUEST with what is wrong and what would be right
 */
export async function watchableFolder(given: string): Promise<string> {
  if (!isAbsolute(given) || given.includes('\0')) {
    throw refused(`“${given}” is no absolute path: give the folder’s whole path`);
  }
  const path = resolve(given);
  assertNarrow(path, path);
  await assertReadableFolder(path);
  // A link to such a place is as wide as the place itself.
  assertNarrow(path, await realpath(path));
  if (await isPlugin(path)) {
    throw refused(`${path} is itself a plugin: choose the folder around it, ${dirname(path)}`);
  }
  return path;
}

/** Where Linux shows its own state as files: they change all the time, and watching them has no end. */
const SYSTEM_FOLDERS = ['/proc', '/sys'];

function assertNarrow(given: string, path: string): void {
  const holdsHome = path === parse(path).root || isInside(path, resolve(homedir()));
  const isSystem = process.platform === 'linux' && SYSTEM_FOLDERS.some((folder) => isInside(folder, path));
  if (!holdsHome && !isSystem && path !== '/dev') return;
  throw refused(`${given} is too wide to watch: choose the folder that holds the plugins’ folders`);
}

async function assertReadableFolder(path: string): Promise<void> {
  try {
    const found = await stat(path);
    if (!found.isDirectory()) throw refused(`${path} is a file: choose a folder`);
    await access(path, constants.R_OK | constants.X_OK);
  } catch (error) {
    if (error instanceof WorkbenchError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw refused(`${path} doesn’t exist`);
    throw refused(`${path} can’t be read (${code ?? String(error)})`);
  }
}

/** `logic.*` in the folder itself, or beside a manifest in `backend/`; a plugin may be named `backend`, so that alone says nothing. */
async function isPlugin(path: string): Promise<boolean> {
  const names = new Set(await readdir(path));
  if (ENTRY_EXTENSIONS.some((extension) => names.has(`logic${extension}`))) return true;
  if (!names.has('manifest.json') || !names.has('backend')) return false;
  const inside: string[] = await readdir(join(path, 'backend')).catch(() => []);
  return ENTRY_EXTENSIONS.some((extension) => inside.includes(`logic${extension}`));
}

function refused(message: string): WorkbenchError {
  return new WorkbenchError('BAD_REQUEST', message);
}
