import { join } from 'node:path';
import { WorkbenchError } from '../contract/errors.ts';
import { MUTE_LIMITS } from '../contract/finding.ts';
import { loadJson, saveJson } from '../system/atomic-file.ts';
import { errorMessage } from '../system/errors.ts';

/** Where an app's muted collections are stored, in the user's folder: as its database, they are the app's. */
export function mutesFile({
  configPath,
  app,
}: {
  readonly configPath: string;
  readonly app: { readonly appId: string };
}): string {
  return join(configPath, 'muted-collections', `app-${encodeURIComponent(app.appId)}.json`);
}

/** The collections that hold documents of no user: nothing is `not-scoped` there. */
export class Mutes {
  readonly #path: string;
  readonly #listeners = new Set<() => void>();
  #muted: ReadonlySet<string> = new Set();
  /** The end of the newest change; never rejects. */
  #end: Promise<unknown> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  /** Reads what is stored. Never rejects: a damaged file mutes nothing. */
  async open(): Promise<void> {
    this.#muted = new Set(await loadMuted(this.#path));
  }

  has(collection: string | null): boolean {
    return collection !== null && this.#muted.has(collection);
  }

  list(): readonly string[] {
    return [...this.#muted].sort();
  }

  /** @throws {WorkbenchError} CONFLICT where there are too many; INTERNAL_ERROR where it can't be stored */
  mute(collection: string): Promise<readonly string[]> {
    return this.#change((muted) => {
      if (muted.size >= MUTE_LIMITS.collections && !muted.has(collection)) {
        throw new WorkbenchError(
          'CONFLICT',
          `At most ${MUTE_LIMITS.collections} collections can be muted: unmute one first`,
        );
      }
      muted.add(collection);
    });
  }

  /** @throws {WorkbenchError} INTERNAL_ERROR where it can't be stored */
  unmute(collection: string): Promise<readonly string[]> {
    return this.#change((muted) => muted.delete(collection));
  }

  /** Calls back after each change. Returns `unsubscribe`. */
  onChanged(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Reads the file first, since another workbench may have written it. */
  #change(edit: (muted: Set<string>) => void): Promise<readonly string[]> {
    const changed = this.#end.then(async () => {
      const muted = new Set(await loadMuted(this.#path));
      edit(muted);
      await save(this.#path, [...muted]);
      this.#muted = muted;
      for (const listener of this.#listeners) listener();
      return this.list();
    });
    this.#end = changed.catch(() => undefined);
    return changed;
  }
}

async function save(path: string, muted: readonly string[]): Promise<void> {
  try {
    await saveJson(path, muted);
  } catch (error) {
    throw new WorkbenchError('INTERNAL_ERROR', `${path} could not be written: ${errorMessage(error)}`, {
      cause: error,
    });
  }
}

async function loadMuted(path: string): Promise<readonly string[]> {
  const stored = await loadJson(path);
  return Array.isArray(stored) ? stored.filter(isName).slice(0, MUTE_LIMITS.collections) : [];
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MUTE_LIMITS.name;
}
