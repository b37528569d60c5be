/** The longest delay a timer takes; beyond it, it would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

interface Timer {
  leftMs: number;
  armedAt: number;
  timer: NodeJS.Timeout | null;
  readonly onExpire: () => void;
}

/**
 * The time of one plugin's calls, which stands still while a debugger is attached: a person at a breakpoint must not run into
 * the deadline. When it goes on, every alarm has what it had left.
 */
export class PausableClock {
  readonly #alarms = new Set<Timer>();
  #stoppedAt: number | null = null;
  #stoodMs = 0;

  get stopped(): boolean {
    return this.#stoppedAt !== null;
  }

  /** How long it has stood still so far, in milliseconds. */
  get pausedMs(): number {
    return this.#stoodMs + (this.#stoppedAt === null ? 0 : performance.now() - this.#stoppedAt);
  }

  /** Calls back once, after `ms` of running time. Returns its undo. */
  after(ms: number, ring: () => void): () => void {
    const alarm: Timer = { leftMs: Math.max(0, ms), armedAt: 0, timer: null, onExpire: ring };
    this.#alarms.add(alarm);
    if (!this.stopped) this.#arm(alarm);
    return () => this.#remove(alarm);
  }

  /** Safe to call again while it stands. */
  stop(): void {
    if (this.stopped) return;
    this.#stoppedAt = performance.now();
    for (const alarm of this.#alarms) {
      if (alarm.timer !== null) clearTimeout(alarm.timer);
      alarm.timer = null;
      alarm.leftMs = Math.max(0, alarm.leftMs - (this.#stoppedAt - alarm.armedAt));
    }
  }

  /** Lets it run on; safe to call again while it runs. */
  resume(): void {
    if (this.#stoppedAt === null) return;
    this.#stoodMs = this.pausedMs;
    this.#stoppedAt = null;
    for (const alarm of this.#alarms) this.#arm(alarm);
  }

  #arm(alarm: Timer): void {
    alarm.armedAt = performance.now();
    alarm.timer = setTimeout(
      () => {
        this.#alarms.delete(alarm);
        alarm.onExpire();
      },
      Math.min(MAX_TIMER_MS, alarm.leftMs),
    );
  }

  #remove(alarm: Timer): void {
    this.#alarms.delete(alarm);
    if (alarm.timer !== null) clearTimeout(alarm.timer);
  }
}
