import type { Span, Trace } from '../../../../main/contract/trace.ts';

/** A span's bar, in fractions (0…1) of the scale. */
export interface WaterfallBar {
  readonly span: Span;
  readonly left: number;
  readonly width: number;
}

export interface Waterfall {
  readonly bars: readonly WaterfallBar[];
  /** Milliseconds across the full width. */
  readonly scaleMs: number;
  /**
   * When the runtime would end the call: null when it was never queued. `at` is null when it is beyond the
   * scale.
   */
  readonly deadline: { readonly ms: number; readonly at: number | null } | null;
  /** Times for the axis, in milliseconds, each below the scale. */
  readonly ticks: readonly number[];
}

/** A deadline beyond this multiple of the trace's length would squeeze the bars: it is named, not drawn. */
const DEADLINE_IN_SIGHT = 1.5;

/**
 * Lays a trace's spans out against its duration; the deadline counts from queueing, as queue time does
 * (CONTRACT.md §5).
 */
export function waterfall(trace: Pick<Trace, 'spans' | 'durationMs' | 'timeoutMs'>): Waterfall {
  const ends = trace.spans.map((span) => span.startMs + span.durationMs);
  const total = Math.max(trace.durationMs, ...ends, 0.001);
  const queued = trace.spans.find((span) => span.step === 'queue' || span.step === 'run');
  const deadlineMs = queued === undefined ? null : queued.startMs + trace.timeoutMs;
  const inSight = deadlineMs !== null && deadlineMs <= total * DEADLINE_IN_SIGHT;
  const scaleMs = inSight ? Math.max(total, deadlineMs) * 1.02 : total;
  return {
    bars: trace.spans.map((span) => ({
      span,
      left: clamp(span.startMs / scaleMs),
      width: clamp(span.durationMs / scaleMs),
    })),
    scaleMs,
    deadline: deadlineMs === null ? null : { ms: deadlineMs, at: inSight ? deadlineMs / scaleMs : null },
    ticks: ticks(scaleMs),
  };
}

/** Three to five round times (1, 2 or 5 × a power of ten) below `scaleMs`, 0 first. */
function ticks(scaleMs: number): readonly number[] {
  const rough = scaleMs / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? power * 10;
  const count = Math.floor((scaleMs * 0.98) / step);
  return Array.from({ length: count + 1 }, (_, at) => at * step);
}

function clamp(fraction: number): number {
  return Math.min(1, Math.max(0, fraction));
}
