import type { ReloadRecord } from '../../contract/plugin-view.ts';
import type { Log } from '../../system/log.ts';

export interface EngineListeners {
  changed: () => void;
  reload: (record: ReloadRecord) => void;
  samples: (plugin: string) => void;
}

/** The engine's listeners. One that throws is logged and harms no other. */
export class EngineEvents {
  readonly #log: Log;
  readonly #listeners: { readonly [E in keyof EngineListeners]: Set<EngineListeners[E]> } = {
    changed: new Set(),
    reload: new Set(),
    samples: new Set(),
  };
  #announced = false;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Returns its undo. */
  on<E extends keyof EngineListeners>(event: E, listener: EngineListeners[E]): () => void {
    const listeners: Set<EngineListeners[E]> = this.#listeners[event];
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** Several changes in one turn of the event loop are told once. */
  changed(): void {
    if (this.#announced) return;
    this.#announced = true;
    setImmediate(() => {
      this.#announced = false;
      for (const listener of this.#listeners.changed) this.#tell(listener);
    });
  }

  reload(record: ReloadRecord): void {
    for (const listener of this.#listeners.reload) this.#tell(() => listener(record));
  }

  samples(plugin: string): void {
    for (const listener of this.#listeners.samples) this.#tell(() => listener(plugin));
  }

  #tell(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      this.#log.error('a listener of the plugin engine failed', error);
    }
  }
}
