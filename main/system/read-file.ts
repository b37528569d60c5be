import { constants } from 'node:fs';
import { lstat, open, stat } from 'node:fs/promises';

export interface ReadLimits {
  readonly maxBytes: number;
  /** False: a link is a problem of its own, and never followed. */
  readonly followLinks: boolean;
}

/** What a file held, or why it was not read. */
export type ReadFile =
  | { readonly kind: 'read'; readonly content: Buffer }
  | { readonly kind: 'link' | 'not-a-file' }
  /** `bytes` is its size, as far as it is known. */
  | { readonly kind: 'too-large'; readonly bytes: number };

/**
 * Reads a file that others may have put there. It is examined before it is opened, since opening a FIFO could
 * wait forever; and the size is bounded while reading, too: the file may be replaced or grow in between.
 * @throws the system's error: ENOENT, EACCES …
 */
export async function readBoundedFile(
  path: string,
  { maxBytes, followLinks }: ReadLimits,
): Promise<ReadFile> {
  const stats = await (followLinks ? stat(path) : lstat(path));
  if (stats.isSymbolicLink()) return { kind: 'link' };
  if (!stats.isFile()) return { kind: 'not-a-file' };
  if (stats.size > maxBytes) return { kind: 'too-large', bytes: stats.size };
  const noFollow = followLinks ? 0 : (constants.O_NOFOLLOW ?? 0);
  // Windows has neither of the two flags.
  const file = await open(path, constants.O_RDONLY | noFollow | (constants.O_NONBLOCK ?? 0));
  try {
    if (!(await file.stat()).isFile()) return { kind: 'not-a-file' };
    const chunks: Buffer[] = [];
    // `end` is inclusive: one byte more than the limit tells that there is more.
    for await (const chunk of file.createReadStream({ end: maxBytes, autoClose: false })) chunks.push(chunk);
    const content = Buffer.concat(chunks);
    return content.length > maxBytes
      ? { kind: 'too-large', bytes: content.length }
      : { kind: 'read', content };
  } finally {
    await file.close();
  }
}
