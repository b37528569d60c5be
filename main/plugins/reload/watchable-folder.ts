import { constants } from 'node:fs';
import { access, readdir, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, parse, resolve } from 'node:path';
import { WorkbenchError } from '../../contract/errors.ts';
import { errorCode, errorMessage, hasErrorCode } from '../../system/errors.ts';
import { isInside } from '../../system/paths.ts';
import { ENTRY_EXTENSIONS } from '../version/languages.ts';

/**
 * Checks that a folder someone chose can be watched. Threat model: plugins in the watched folder are run, and
 * everything below it is watched. So it must be an absolute path, exist, and be neither a plugin nor a folder
 * of all the user's files.
 *
 * @returns the path as it will be watched: absolute, without dots
 * @throws {WorkbenchError} BAD_REQUEST with what is wrong and what to do instead
 */
export async function requireWatchableFolder(given: string): Promise<string> {
  if (!isAbsolute(given) || given.includes('\0')) {
    throw refused(`“${given}” is not an absolute path: give the folder’s full path`);
  }
  const path = resolve(given);
  assertNarrow(path, path);
  await assertReadableFolder(path);
  // A link to such a place is as broad as the place itself.
  assertNarrow(path, await realpath(path));
  if (await isPlugin(path)) {
    throw refused(`${path} is itself a plugin: choose the folder around it, ${dirname(path)}`);
  }
  return path;
}

/** Where Linux shows its own state as files: they change all the time, and there is no end to them. */
const SYSTEM_FOLDERS = ['/proc', '/sys'];

function assertNarrow(given: string, path: string): void {
  const containsHome = path === parse(path).root || isInside(path, resolve(homedir()));
  const isSystem = process.platform === 'linux' && SYSTEM_FOLDERS.some((folder) => isInside(folder, path));
  if (!containsHome && !isSystem && path !== '/dev') return;
  throw refused(`${given} is too broad to watch: choose the folder that contains the plugins’ folders`);
}

async function assertReadableFolder(path: string): Promise<void> {
  try {
    const found = await stat(path);
    if (!found.isDirectory()) throw refused(`${path} is a file: choose a folder`);
    await access(path, constants.R_OK | constants.X_OK);
  } catch (error) {
    if (error instanceof WorkbenchError) throw error;
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR')) throw refused(`${path} doesn’t exist`);
    throw refused(`${path} can’t be read (${errorCode(error) ?? errorMessage(error)})`);
  }
}

/**
 * `logic.*` in the folder itself, or in `backend/` beside a manifest, since a plugin may be named `backend`.
 */
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
