import type { PluginStats } from '../../contract/plugin-view.ts';
import type { Activity, ActivityBucket } from '../../contract/snapshot.ts';
import type { Outcome, Trace, TraceSummary } from '../../contract/trace.ts';
import { percentiles } from '../../system/percentiles.ts';
import { createFindingTally, type FindingTally } from './finding-tally.ts';

/** Numbers over traces that outlive the traces: what the last minutes and each plugin looked like. */

const BUCKET_MS = 10_000;
const BUCKETS = 30;
/** Durations retained for percentiles: per bucket and per plugin. */
const MAX_SAMPLES = 1_000;

type Column = 'ok' | 'error' | 'timeout' | 'refused';

/** An aborted call got no answer from the runtime or the plugin: it says nothing about either's health. */
const COLUMN: Record<Outcome, Column> = {
  ok: 'ok',
  plugin_error: 'error',
  exception: 'error',
  crashed: 'error',
  timeout: 'timeout',
  refused: 'refused',
  aborted: 'refused',
};

export interface ActivityWindow {
  add(trace: TraceSummary): void;
  /** The five minutes that end with `now` (ms since the epoch), empty buckets included. */
  read(now: number): Activity;
}

export function createActivityWindow(): ActivityWindow {
  const buckets = new Map<number, { counts: Record<Column, number>; durations: Samples }>();
  return {
    add(trace) {
      const at = bucketOf(trace.startedAt);
      let bucket = buckets.get(at);
      if (bucket === undefined) {
        bucket = { counts: { ok: 0, error: 0, timeout: 0, refused: 0 }, durations: createSamples() };
        buckets.set(at, bucket);
        for (const old of buckets.keys()) if (old <= at - 2 * BUCKETS * BUCKET_MS) buckets.delete(old);
      }
      bucket.counts[COLUMN[trace.outcome]] += 1;
      if (ranIn(trace)) bucket.durations.add(trace.durationMs);
    },
    read(now) {
      const first = bucketOf(now) - (BUCKETS - 1) * BUCKET_MS;
      const times = Array.from({ length: BUCKETS }, (_, index) => first + index * BUCKET_MS);
      const shown: ActivityBucket[] = times.map((at) => ({
        at,
        ...(buckets.get(at)?.counts ?? { ok: 0, error: 0, timeout: 0, refused: 0 }),
      }));
      const total = shown.reduce(
        (sum, { ok, error, timeout, refused }) => sum + ok + error + timeout + refused,
        0,
      );
      const durations = times.flatMap((at) => buckets.get(at)?.durations.all() ?? []);
      const { p50Ms, p95Ms } = percentiles(durations);
      return { windowMs: BUCKETS * BUCKET_MS, buckets: shown, total, p50Ms, p95Ms };
    },
  };
}

export interface PluginTally {
  add(trace: Trace): void;
  read(plugin: string): PluginStats;
  /** The traces are gone: those that the findings are about, too. */
  forgetFindings(): void;
}

interface Tally {
  calls: number;
  errors: number;
  timeouts: number;
  readonly durations: Samples;
  readonly findings: FindingTally;
}

/**
 * Calls that reached a plugin. A refused request's name is only what the client asked for, so it is not
 * counted.
 */
export function createPluginTally(): PluginTally {
  const tallies = new Map<string, Tally>();
  return {
    add(trace) {
      if (!ranIn(trace)) return;
      const tally = tallies.get(trace.plugin) ?? {
        calls: 0,
        errors: 0,
        timeouts: 0,
        durations: createSamples(),
        findings: createFindingTally(),
      };
      tallies.set(trace.plugin, tally);
      tally.calls += 1;
      if (COLUMN[trace.outcome] === 'error') tally.errors += 1;
      if (trace.outcome === 'timeout') tally.timeouts += 1;
      tally.durations.add(trace.durationMs);
      tally.findings.add(trace);
    },
    read(plugin) {
      const { calls = 0, errors = 0, timeouts = 0, durations, findings } = tallies.get(plugin) ?? {};
      const { p50Ms, p95Ms } = percentiles(durations?.all() ?? []);
      return { calls, errors, timeouts, p50Ms, p95Ms, findings: findings?.all() ?? [] };
    },
    forgetFindings() {
      for (const { findings } of tallies.values()) findings.clear();
    },
  };
}

function ranIn({ outcome }: TraceSummary): boolean {
  return outcome !== 'refused' && outcome !== 'aborted';
}

function bucketOf(at: number): number {
  return Math.floor(at / BUCKET_MS) * BUCKET_MS;
}

interface Samples {
  add(value: number): void;
  all(): readonly number[];
}

/** The newest {@link MAX_SAMPLES} values. */
function createSamples(): Samples {
  const values: number[] = [];
  let next = 0;
  return {
    add(value) {
      values[next] = value;
      next = (next + 1) % MAX_SAMPLES;
    },
    all: () => values,
  };
}
