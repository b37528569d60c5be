import type { Trace, TraceSummary } from '../../contract/trace.ts';

/** The row of a trace in a list. */
export function summarize(trace: Trace): TraceSummary {
  const { id, seq, startedAt, durationMs, plugin, outcome, status, errorCode, user, spoofed } = trace;
  return { id, seq, startedAt, durationMs, plugin, outcome, status, errorCode, user, spoofed };
}
