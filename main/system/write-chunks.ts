import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { WorkbenchError } from '../contract/errors.ts';

/**
 * Writes a file piece by piece. It gets its name when it is whole: what stood there before stays until then, and nothing is
 * left behind when it fails.
 * @throws {WorkbenchError} INTERNAL_ERROR with the path and the system's reason
 */
export async function writeChunks(path: string, chunks: AsyncIterable<string>): Promise<void> {
  const part = `${path}.part`;
  try {
    await pipeline(chunks, createWriteStream(part));
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    if (error instanceof WorkbenchError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new WorkbenchError('INTERNAL_ERROR', `${path} could not be written: ${reason}`, { cause: error });
  }
}
