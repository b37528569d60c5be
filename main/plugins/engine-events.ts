import type { ReloadRecord } from '../contract/plugin-view.ts';
import type { Log } from '../log.ts';

/** The engine's listeners. One that throws is logged and harms no other. */
export class EngineEvents {
  readonly #log: Log;
  readonly #changed = new Set<() => void>();
  readonly #reload = new Set<(record: ReloadRecord) => void>();
  #announced = false;

  constructor(log: Log) {
    this.#log = log;
  }

  onChanged(listener: () => void): () => void {
    this.#changed.add(listener);
    return () => this.#changed.delete(listener);
  }

  onReload(listener: (record: ReloadRecord) => void): () => void {
    this.#reload.add(listener);
    return () => this.#reload.delete(listener);
  }

  /** Several changes in one turn of the event loop are told once. */
  changed(): void {
    if (this.#announced) return;
    this.#announced = true;
    setImmediate(() => {
      this.#announced = false;
      for (const listener of this.#changed) this.#tell(listener);
    });
  }

  reload(record: ReloadRecord): void {
    for (const listener of this.#reload) this.#tell(() => listener(record));
  }

  #tell(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      this.#log.error('a listener of the plugin engine failed', error);
    }
  }
}
