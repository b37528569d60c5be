const LIMIT = 3;
const WINDOW_MS = 5 * 60_000;

/** A plugin's recent crashes: the third within five minutes quarantines it until `clear`. */
export class CrashLog {
  #times: number[] = [];
  #quarantine: string | null = null;

  /** Why calls are refused, or null. */
  get quarantined(): string | null {
    return this.#quarantine;
  }

  /** Adds a crash. Returns true when it quarantines the plugin. */
  add(at: number, reason: string): boolean {
    this.#times = [...this.#times.filter((time) => at - time < WINDOW_MS), at];
    if (this.#quarantine !== null || this.#times.length < LIMIT) return false;
    this.#quarantine = `quarantined after ${LIMIT} crashes in ${WINDOW_MS / 60_000} minutes: ${reason}; reload or change it`;
    return true;
  }

  clear(): void {
    this.#times = [];
    this.#quarantine = null;
  }
}
