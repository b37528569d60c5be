import { KEPT_RELOADS, type ReloadRecord, type ReloadStats } from '../../contract/plugin-view.ts';
import { percentiles } from '../../system/percentiles.ts';

/** Latencies retained: the percentiles describe the last reloads, not a whole day. */
const MAX_LATENCIES = 200;

const NONE: ReloadStats = { count: 0, failed: 0, p50Ms: null, p95Ms: null, maxMs: null };

/**
 * Counts reloads, with the last few records and the latencies of the last 200. Figures are computed for each
 * record.
 */
export class ReloadTally {
  #stats = NONE;
  #latencies: number[] = [];
  #history: readonly ReloadRecord[] = [];

  get stats(): ReloadStats {
    return this.#stats;
  }

  /** Newest first, the first load and failures too; at most `KEPT_RELOADS`. */
  get history(): readonly ReloadRecord[] {
    return this.#history;
  }

  /** The first load is not a reload; a failure counts whatever its cause. */
  add(record: ReloadRecord): void {
    this.#history = [record, ...this.#history].slice(0, KEPT_RELOADS);
    const { ok, cause, latencyMs } = record;
    if (ok && cause === 'start') return;
    if (latencyMs !== null) this.#latencies = [...this.#latencies, latencyMs].slice(-MAX_LATENCIES);
    const { count, failed } = this.#stats;
    this.#stats = {
      count: count + (ok ? 1 : 0),
      failed: failed + (ok ? 0 : 1),
      ...percentiles(this.#latencies),
    };
  }
}
