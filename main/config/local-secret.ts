import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createFileOnce, PRIVATE_FILE_MODE } from '../system/atomic-file.ts';
import { errorCode, hasErrorCode } from '../system/errors.ts';
import type { LocalSecret } from './types.ts';

/**
 * The secret of local mode: made once and stored per user, readable by that user alone. Anyone who reads it
 * can pose as anyone to this runtime; so it is created with mode 0600, never widened, and two processes that
 * start together share one.
 */

/** Of what is made here, and enough for every algorithm. */
const SECRET_BYTES = 64;

/**
 * Reads the stored secret or makes one. Where the folder can't be written, the secret lasts for this run and
 * says so.
 */
export async function loadSecret(folder: string): Promise<LocalSecret> {
  const path = join(folder, 'jwt-secret');
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const secret = ((await readSecret(path)) ?? (await createFileOnce(path, `${newSecret()}\n`))).trim();
    if (Buffer.byteLength(secret) < SECRET_BYTES) return damaged(path);
    return { secret, path, notice: await restrictFile(path), problem: null };
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    return {
      secret: newSecret(),
      path: null,
      notice: `The JWT secret can't be stored in ${path} (${code}): tokens minted now end with this run. Set JWT_SECRET or make the folder writable.`,
      problem: null,
    };
  }
}

function damaged(path: string): LocalSecret {
  const remedy = `the secret in ${path} is shorter than the ${SECRET_BYTES} bytes that were made; delete that file or set JWT_SECRET`;
  return { secret: '', path, notice: null, problem: { name: 'JWT_SECRET', value: null, remedy } };
}

const newSecret = () => randomBytes(48).toString('base64url');

/** What the file holds; null when there is none. */
export async function readSecret(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/** Takes other users' rights to the file away, and says so; Windows has its own rights per user folder. */
export async function restrictFile(path: string): Promise<string | null> {
  if (process.platform === 'win32') return null;
  const { mode } = await stat(path);
  if ((mode & 0o077) === 0) return null;
  await chmod(path, PRIVATE_FILE_MODE);
  return `${path} was readable by other users (mode ${(mode & 0o777).toString(8)}) and is private again. Delete it to get a new one.`;
}
