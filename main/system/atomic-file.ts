import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { WorkbenchError } from '../contract/errors.ts';
import { errorCode, errorMessage, hasErrorCode } from './errors.ts';
import { readBoundedFile, UnreadableFileError } from './read-file.ts';

/**
 * Files that appear whole or not at all. Each is written beside its place under a hidden name and then takes
 * its name: a reader finds the old content or the new one, never half of one, and a link that has come
 * meanwhile is replaced, not followed.
 */

/** For files that are their owner's alone. */
export const PRIVATE_FILE_MODE = 0o600;
const PRIVATE_FOLDER_MODE = 0o700;

/** Writes `content`, replacing any existing file. `mode` defaults to the system's for new files. */
export async function replaceFile(
  path: string,
  content: string | Buffer,
  { mode }: { readonly mode?: number } = {},
): Promise<void> {
  await throughDraft(path, async (draft) => {
    await writeFile(draft, content, { mode, flag: 'wx' });
    await rename(draft, path);
  });
}

/**
 * Creates a file that only its owner can read, unless there is one. Only one of two processes that race gets
 * the name.
 * @returns what the file holds now: `content`, or what the winner wrote
 */
export async function createFileOnce(path: string, content: string): Promise<string> {
  return throughDraft(path, async (draft) => {
    await writeFile(draft, content, { mode: PRIVATE_FILE_MODE, flag: 'wx' });
    try {
      await link(draft, path);
    } catch (error) {
      if (hasErrorCode(error, 'EEXIST')) return readFile(path, 'utf8');
      if (!hasErrorCode(error, 'EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP')) throw error;
      // A file system without hard links: exclusive creation is the next best thing.
      await writeFile(path, content, { mode: PRIVATE_FILE_MODE, flag: 'wx' });
    } finally {
      // Its content has another name by now.
      await rm(draft, { force: true });
    }
    return content;
  });
}

/**
 * Writes a file piece by piece; what was there before stays until it is whole, and a failure leaves nothing
 * behind.
 * @throws {WorkbenchError} INTERNAL_ERROR with the path and the system's reason
 */
export async function writeChunks(path: string, chunks: AsyncIterable<string>): Promise<void> {
  try {
    await throughDraft(path, async (draft) => {
      await pipeline(chunks, createWriteStream(draft, { flags: 'wx' }));
      await rename(draft, path);
    });
  } catch (error) {
    if (error instanceof WorkbenchError) throw error;
    throw new WorkbenchError('INTERNAL_ERROR', `${path} could not be written: ${errorMessage(error)}`, {
      cause: error,
    });
  }
}

const MAX_JSON_BYTES = 64 * 1024 * 1024;

/**
 * What a JSON file of the user's holds; undefined when it is missing, unreadable or damaged: the default
 * applies.
 */
export async function loadJson(path: string): Promise<unknown> {
  try {
    return JSON.parse((await readBoundedFile(path, { maxBytes: MAX_JSON_BYTES })).toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof UnreadableFileError) return undefined;
    if (errorCode(error) !== undefined) return undefined;
    throw error;
  }
}

/** Stores a small JSON file that only its owner can read, in a folder that is made when it is missing. */
export async function saveJson(path: string, value: unknown): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: PRIVATE_FOLDER_MODE });
  await replaceFile(path, `${JSON.stringify(value, null, 2)}\n`, { mode: PRIVATE_FILE_MODE });
}

/** `write` leaves nothing under the draft's name unless it fails: looking for it each time would only take time. */
async function throughDraft<T>(path: string, write: (draft: string) => Promise<T>): Promise<T> {
  const draft = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}~`);
  try {
    return await write(draft);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
