import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorMessage } from '../../system/errors.ts';
import type { Log } from '../../system/log.ts';

/**
 * The compiled versions on disk, in this runtime's own folder that only its user can read. Processes import
 * them from there, so plugin folders stay as their author left them.
 */
export class BundleStore {
  readonly #log: Log;
  #folder: Promise<string> | null = null;
  #disposed = false;

  constructor(log: Log) {
    this.#log = log;
  }

  /**
   * Writes a version's code. @returns its absolute path. @throws the system's error; an Error after `dispose`
   */
  async write(name: string, code: string): Promise<string> {
    if (this.#disposed) throw new Error('the runtime is stopping');
    this.#folder ??= mkdtemp(join(tmpdir(), 'mozaiks-workbench-'));
    const file = join(await this.#folder, name);
    await writeFile(file, code, { mode: 0o600 });
    return file;
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
    if (this.#folder !== null) await rm(await this.#folder, { recursive: true, force: true });
  }
}
