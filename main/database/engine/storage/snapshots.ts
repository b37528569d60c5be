import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { hasErrorCode } from '../../../system/errors.ts';
import { DatabaseError } from '../errors.ts';
import type { Entry } from './entry.ts';
import { describeWriteError, syncFolder, writeEntries } from './log-file.ts';

/**
 * Named copies of all data, to return to: files like the log's, in a folder beside it. One that was not written
 * to its end has no name yet, and is overwritten by the next.
 */

export interface Snapshot {
  readonly name: string;
  readonly createdAt: Date;
  /** Of its file. */
  readonly bytes: number;
}

const MOST = 20;
const MOST_BYTES = 1024 ** 3;
/** File systems allow 255 bytes, of which these leave some to what is around it. */
const MAX_ENCODED_LENGTH = 200;
const FILE = /^snapshot-(.+)\.log$/;

export class Snapshots {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = join(folder, 'snapshots');
  }

  /** The newest first. */
  list(): Snapshot[] {
    const found = this.files().flatMap((file) => {
      const encoded = FILE.exec(file)?.[1];
      const name = encoded === undefined ? null : decodeName(encoded);
      if (name === null) return [];
      const { mtime, size } = statSync(join(this.folder, file));
      return [{ name, createdAt: mtime, bytes: size }];
    });
    return found.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  }

  /** @param bytes about how many it will take @throws {DatabaseError} */
  create(name: string, bytes: number, entries: Iterable<Entry>): void {
    const file = fileName(name);
    const present = this.list();
    // Not only on file systems that take upper and lower case for the same.
    if (present.some((other) => other.name.toLowerCase() === name.toLowerCase())) {
      throw new DatabaseError('NamespaceExists', `There is a snapshot ${name} already`);
    }
    const taken = present.reduce((sum, other) => sum + other.bytes, 0);
    if (present.length >= MOST || taken + bytes > MOST_BYTES) {
      throw new DatabaseError(
        'OutOfDiskSpace',
        `There may be ${MOST} snapshots and 1 GiB of them: delete one first`,
      );
    }
    const draft = join(this.folder, 'draft');
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      writeEntries(draft, entries);
      renameSync(draft, join(this.folder, file));
      syncFolder(this.folder);
    } catch (error) {
      rmSync(draft, { force: true });
      throw describeWriteError(draft, error);
    }
  }

  /** Where it is. @throws {DatabaseError} when there is none of this name */
  require(name: string): string {
    if (this.list().some((snapshot) => snapshot.name === name)) return join(this.folder, fileName(name));
    throw new DatabaseError('NamespaceNotFound', `There is no snapshot ${name} any more`);
  }

  remove(name: string): void {
    rmSync(this.require(name));
  }

  private files(): string[] {
    try {
      return readdirSync(this.folder);
    } catch (error) {
      if (hasErrorCode(error, 'ENOENT')) return [];
      throw error;
    }
  }
}

/** The name is readable in it, and no system has a meaning for any of its characters. */
function fileName(name: string): string {
  const encoded = encodeURIComponent(name.replace(/\p{Surrogate}/gu, '\ufffd')).replaceAll('*', '%2A');
  if (name.trim() !== '' && encoded.length <= MAX_ENCODED_LENGTH) return `snapshot-${encoded}.log`;
  throw new DatabaseError('BadValue', 'A snapshot needs a name, of up to 60 characters');
}

/** Null for a file that is none of ours. */
function decodeName(encoded: string): string | null {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return null;
  }
}
