import { access, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PRIVATE_FILE_MODE, replaceFile } from '../../system/atomic-file.ts';
import { errorCode, errorMessage, hasErrorCode } from '../../system/errors.ts';
import type { Log } from '../../system/log.ts';
import { clearAbandonedFolders, createTemporaryFolder } from '../../system/temporary-folder.ts';

/** The temporary folder can't take a version: nothing is wrong with the plugin. */
export class StorageError extends Error {
  constructor(cause: unknown) {
    const reason = errorCode(cause) ?? errorMessage(cause);
    super(
      `its compiled version can't be stored in ${tmpdir()} (${reason}): make room there, or set TMPDIR to a folder that can be written`,
      { cause },
    );
    this.name = 'StorageError';
  }
}

/**
 * The compiled versions on disk, in this runtime's own folder that only its user can read. Processes import
 * them from there, so plugin folders stay as their author left them. It is a temporary folder: whoever cleans
 * those up may remove it at any time, and it is made again then.
 */
export class BundleStore {
  readonly #log: Log;
  #folder: Promise<string> | null = null;
  #disposed = false;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Removes what runtimes that were killed have left. Never rejects. */
  async clearAbandoned(): Promise<void> {
    await clearAbandonedFolders().catch((error: unknown) =>
      this.#log.warn('Could not remove old temporary folders', { error: errorMessage(error) }),
    );
  }

  /**
   * Writes a version's code, whole or not at all. @returns its absolute path @throws {StorageError}; an Error
   * after `dispose`
   */
  async write(name: string, code: string): Promise<string> {
    if (this.#disposed) throw new Error('the runtime is stopping');
    try {
      return await this.#store(name, code);
    } catch (error) {
      throw new StorageError(error);
    }
  }

  /** Whether a version's file is there. */
  has(file: string): Promise<boolean> {
    return access(file).then(
      () => true,
      () => false,
    );
  }

  /**
   * Removes a version that no process will load again. A file that can't be removed now goes with the folder.
   */
  drop(file: string | undefined): void {
    if (file === undefined) return;
    rm(file, { force: true }).catch((error: unknown) =>
      this.#log.warn('Could not remove a compiled version', { file, error: errorMessage(error) }),
    );
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    const folder = await this.#folder?.catch(() => null);
    if (folder != null) await rm(folder, { recursive: true, force: true });
  }

  async #store(name: string, code: string): Promise<string> {
    const known = this.#folder;
    try {
      return await writeInto(await this.#open(), name, code);
    } catch (error) {
      if (known === null || !hasErrorCode(error, 'ENOENT')) throw error;
      this.#forget(known);
      return writeInto(await this.#open(), name, code);
    }
  }

  #open(): Promise<string> {
    if (this.#folder !== null) return this.#folder;
    const made = createTemporaryFolder('workbench');
    this.#folder = made;
    made.catch(() => this.#forget(made));
    return made;
  }

  /** Unless another one has been made since. */
  #forget(folder: Promise<string>): void {
    if (this.#folder === folder) this.#folder = null;
  }
}

/** A process that is loading the same version never meets half of it. */
async function writeInto(folder: string, name: string, code: string): Promise<string> {
  const file = join(folder, name);
  await replaceFile(file, code, { mode: PRIVATE_FILE_MODE });
  return file;
}
