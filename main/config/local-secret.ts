import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalSecret } from './types.ts';

/**
 * The secret of local mode: made once, kept per user, readable by that user alone. Whoever reads it can be anyone to
 * this runtime; so it is created with mode 0600, never widened, and two processes that start together share one.
 */

const MIN_BYTES = 32;

/** Reads the kept secret or makes it. A folder that can't be written gives a secret for this run, and says so. */
export async function loadSecret(folder: string): Promise<LocalSecret> {
  const path = join(folder, 'jwt-secret');
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const secret = ((await readSecret(path)) ?? (await createKept(path, newSecret()))).trim();
    if (Buffer.byteLength(secret) < MIN_BYTES) return damaged(path);
    return { secret, path, notice: await narrowKept(path), problem: null };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return {
      secret: newSecret(),
      path: null,
      notice: `The JWT secret can't be kept in ${path} (${error.code}): tokens minted now end with this run. Set JWT_SECRET or make the folder writable.`,
      problem: null,
    };
  }
}

function damaged(path: string): LocalSecret {
  const remedy = `the secret kept in ${path} is shorter than ${MIN_BYTES} bytes; delete that file or set JWT_SECRET`;
  return { secret: '', path, notice: null, problem: { name: 'JWT_SECRET', value: null, remedy } };
}

const newSecret = () => randomBytes(48).toString('base64url');

/** What a kept file holds; null when there is none. */
export async function readSecret(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Writes a file of its own, then links it to the final name: the name appears with its whole content or not at all, and
 * only one of two racing processes gets it. The other one is given what the winner wrote.
 */
export async function createKept(path: string, content: string): Promise<string> {
  const draft = await writeDraft(path, content);
  try {
    await link(draft, path);
    return content;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code === 'EEXIST') return (await readSecret(path)) ?? '';
    if (!['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'].includes(error.code)) throw error;
    // A file system without hard links: exclusive creation is the next best thing.
    await writeFile(path, `${content}\n`, { mode: 0o600, flag: 'wx' });
    return content;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Puts other content in a kept file's place; a reader sees the old or the new, never a part. */
export async function replaceKept(path: string, content: string): Promise<void> {
  const draft = await writeDraft(path, content);
  try {
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}

async function writeDraft(path: string, content: string): Promise<string> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, `${content}\n`, { mode: 0o600, flag: 'wx' });
  return draft;
}

/** Takes the file from other users; Windows keeps its own rights per user folder. */
export async function narrowKept(path: string): Promise<string | null> {
  if (process.platform === 'win32') return null;
  const { mode } = await stat(path);
  if ((mode & 0o077) === 0) return null;
  await chmod(path, 0o600);
  return `${path} was readable by other users (mode ${(mode & 0o777).toString(8)}) and is private again. Delete it to get a new one.`;
}

export function isSystemError(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}
