import type { Log } from '../../system/log.ts';
import type { Plugin } from './plugin.ts';

/** Versions that are tried at once: a start, and what a person does after it, come first. */
const WIDTH = 2;

export interface TrialsDeps {
  readonly plugins: () => readonly Plugin[];
  readonly log: Log;
}

/**
 * Production imports every plugin when it starts; here most get their process at their first call. So that what
 * the runtime says about them is true before that, each version that no process has loaded yet is loaded once
 * in the background (CONTRACT.md §2).
 */
export class Trials {
  readonly #deps: TrialsDeps;
  #running = 0;
  #state: 'new' | 'started' | 'stopped' = 'new';

  constructor(deps: TrialsDeps) {
    this.#deps = deps;
  }

  start(): void {
    if (this.#state === 'new') this.#state = 'started';
    this.wake();
  }

  stop(): void {
    this.#state = 'stopped';
  }

  /** Tries what has come since the last time. */
  wake(): void {
    while (this.#state === 'started' && this.#running < WIDTH) {
      const plugin = this.#deps.plugins().find(({ ready, serving }) => ready && serving.isUntried);
      if (plugin === undefined) return;
      this.#running += 1;
      plugin.serving
        .tryOnce()
        .catch((error: unknown) => this.#deps.log.error(`plugin ${plugin.name}: could not try it`, error))
        .finally(() => {
          this.#running -= 1;
          this.wake();
        });
    }
  }
}
