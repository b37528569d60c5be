import type { PausableClock } from './pausable-clock.ts';

/**
 * What happens after a call's deadline, in milliseconds after it (CONTRACT.md §4): production cancels a call
 * and lets everything else in its process live on, so a process is ended only for what ignores that.
 */
const AFTER_DEADLINE_MS = {
  /** The client has its answer; a process that has not even noticed the cancellation is blocked, and ended. */
  answer: 200,
  /** The process of a call that still runs gets no new calls. */
  retire: 500,
  /** It is ended, whatever else runs in it. */
  end: 1_000,
} as const;

interface DeadlineSteps {
  cancel(): void;
  answer(): void;
  retire(): void;
  end(): void;
}

/** Takes one call through the steps after its deadline, until it is stopped because the call has ended. */
export class CallDeadline {
  readonly #clock: PausableClock;
  readonly #steps: DeadlineSteps;
  #cancelTimer: () => void;
  #hasPassed = false;

  /** `ms`: until the deadline. */
  constructor(clock: PausableClock, ms: number, steps: DeadlineSteps) {
    this.#clock = clock;
    this.#steps = steps;
    this.#cancelTimer = () => undefined;
    this.#after(ms, () => this.#pass());
  }

  get hasPassed(): boolean {
    return this.#hasPassed;
  }

  stop(): void {
    this.#cancelTimer();
  }

  #pass(): void {
    this.#hasPassed = true;
    const { answer, retire, end } = AFTER_DEADLINE_MS;
    this.#next(answer, this.#steps.answer, () => {
      this.#next(retire - answer, this.#steps.retire, () => {
        this.#next(end - retire, this.#steps.end, () => undefined);
      });
    });
    this.#steps.cancel();
  }

  #next(ms: number, step: () => void, then: () => void): void {
    this.#after(ms, () => {
      // Set before the step, which may stop this.
      then();
      step();
    });
  }

  /**
   * Timers come before messages when this process itself was held up: what has arrived meanwhile is read first, lest
   * a call that has long ended be taken for one that runs on.
   */
  #after(ms: number, onExpire: () => void): void {
    this.#cancelTimer = this.#clock.after(ms, () => {
      const turn = setImmediate(onExpire);
      this.#cancelTimer = () => clearImmediate(turn);
    });
  }
}
