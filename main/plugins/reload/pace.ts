import { BURST_RELOADS, RELOADS_PER_SECOND } from './timing.ts';

/**
 * Tells a person who saves, whose change goes live at once, from a program that saves endlessly, whose
 * changes are taken together: a token bucket that each reload draws from and time refills.
 */
export class Pace {
  #left = BURST_RELOADS;
  #at: number;

  constructor(now: number) {
    this.#at = now;
  }

  /** Whether the next reload may start at once. `now`: performance clock, ms. */
  isFree(now: number): boolean {
    this.#left = Math.min(BURST_RELOADS, this.#left + ((now - this.#at) / 1000) * RELOADS_PER_SECOND);
    this.#at = now;
    return this.#left >= 1;
  }

  /** A version was loaded. */
  count(): void {
    this.#left = Math.max(0, this.#left - 1);
  }
}
