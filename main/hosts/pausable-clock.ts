/** The longest delay that a timer accepts; a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

interface Timer {
  leftMs: number;
  armedAt: number;
  timeout: NodeJS.Timeout | null;
  readonly onExpire: () => void;
}

/**
 * The time of one plugin's calls. It is paused while a debugger is attached, so that nobody runs into the
 * deadline at a breakpoint. When it resumes, each timer has the time that it had left.
 */
export class PausableClock {
  readonly #timers = new Set<Timer>();
  #pausedAt: number | null = null;
  #finishedPausesMs = 0;

  get isPaused(): boolean {
    return this.#pausedAt !== null;
  }

  /** How long it has been paused so far, in milliseconds. */
  get pausedMs(): number {
    return this.#finishedPausesMs + (this.#pausedAt === null ? 0 : performance.now() - this.#pausedAt);
  }

  /** Calls back once, after `ms` of running time. Returns what cancels it. */
  after(ms: number, onExpire: () => void): () => void {
    const timer: Timer = { leftMs: Math.max(0, ms), armedAt: 0, timeout: null, onExpire };
    this.#timers.add(timer);
    if (!this.isPaused) this.#arm(timer);
    return () => this.#remove(timer);
  }

  /** Safe to call again while it is paused. */
  pause(): void {
    if (this.isPaused) return;
    this.#pausedAt = performance.now();
    for (const timer of this.#timers) {
      if (timer.timeout !== null) clearTimeout(timer.timeout);
      timer.timeout = null;
      timer.leftMs = Math.max(0, timer.leftMs - (this.#pausedAt - timer.armedAt));
    }
  }

  /** Safe to call again while it runs. */
  resume(): void {
    if (this.#pausedAt === null) return;
    this.#finishedPausesMs = this.pausedMs;
    this.#pausedAt = null;
    for (const timer of this.#timers) this.#arm(timer);
  }

  #arm(timer: Timer): void {
    timer.armedAt = performance.now();
    timer.timeout = setTimeout(
      () => {
        this.#timers.delete(timer);
        timer.onExpire();
      },
      Math.min(MAX_TIMER_MS, timer.leftMs),
    );
  }

  #remove(timer: Timer): void {
    this.#timers.delete(timer);
    if (timer.timeout !== null) clearTimeout(timer.timeout);
  }
}
