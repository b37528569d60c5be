import type { ReloadRecord } from '../../contract/plugin-view.ts';
import type { Log } from '../../system/log.ts';
import type { RelayRecord } from './relay-record.ts';

export interface EngineListeners {
  changed: () => void;
  reload: (record: ReloadRecord) => void;
  samples: (plugin: string) => void;
  /** An event of the bus was published, or a delivery of it has come further. */
  bus: (record: RelayRecord) => void;
}

/** Where an engine announces what happens to it. */
export type EngineEvents = { readonly [E in keyof EngineListeners]: EngineListeners[E] };

/** The engine's listeners. One that throws is logged and affects no other. */
export class EngineEventHub implements EngineEvents {
  readonly #log: Log;
  readonly #listeners: { readonly [E in keyof EngineListeners]: Set<EngineListeners[E]> } = {
    changed: new Set(),
    reload: new Set(),
    samples: new Set(),
    bus: new Set(),
  };
  #isScheduled = false;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Returns `unsubscribe`. */
  on<E extends keyof EngineListeners>(event: E, listener: EngineListeners[E]): () => void {
    const listeners: Set<EngineListeners[E]> = this.#listeners[event];
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** Several changes in one turn of the event loop are announced once. */
  changed(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      for (const listener of this.#listeners.changed) this.#notify(listener);
    });
  }

  reload(record: ReloadRecord): void {
    for (const listener of this.#listeners.reload) this.#notify(() => listener(record));
  }

  samples(plugin: string): void {
    for (const listener of this.#listeners.samples) this.#notify(() => listener(plugin));
  }

  bus(record: RelayRecord): void {
    for (const listener of this.#listeners.bus) this.#notify(() => listener(record));
  }

  #notify(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      this.#log.error('A listener of the plugin engine failed', error);
    }
  }
}
