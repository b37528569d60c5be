/** Reloads that may follow each other without a pause, and how many of them come back per second. */
const BURST = 4;
const PER_SECOND = 2;

/**
 * Tells a person who saves, whose change goes live at once, from a program that saves without end, whose changes are
 * taken together: a bucket that every reload takes from and that time fills.
 */
export class Pace {
  #left = BURST;
  #at: number;

  constructor(now: number) {
    this.#at = now;
  }

  /** Whether the next reload may start at once. `now`: performance clock, ms. */
  isFree(now: number): boolean {
    this.#left = Math.min(BURST, this.#left + ((now - this.#at) / 1000) * PER_SECOND);
    this.#at = now;
    return this.#left >= 1;
  }

  /** A version was loaded. */
  count(): void {
    this.#left = Math.max(0, this.#left - 1);
  }
}
