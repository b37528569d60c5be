import type { Json } from '../../contract/http.ts';
import { isStandingDifference } from '../../contract/production-differences.ts';
import { inOneLine } from '../../system/printable.ts';
import { formatInProduction } from '../in-production.ts';
import type { Difference } from './compare.ts';
import type { Replayed } from './run.ts';

/** What `replay` prints: a line for each trace, then the counts. */

const SHOWN_DIFFERENCES = 3;
const SHOWN_VALUE = 60;

export function countVerdict(traces: readonly Replayed[], verdict: Replayed['verdict']): number {
  return traces.filter((trace) => trace.verdict === verdict).length;
}

export function formatReplay(traces: readonly Replayed[]): string {
  const width = Math.max(...traces.map(({ plugin }) => plugin.length));
  const lines = traces.map((trace) => {
    const { verdict, id, plugin } = trace;
    return inOneLine(`${verdict.padEnd(7)}  ${id}  ${plugin.padEnd(width)}  ${describeReplayed(trace)}`);
  });
  const [same, different, skipped] = [
    countVerdict(traces, 'same'),
    countVerdict(traces, 'differs'),
    countVerdict(traces, 'skipped'),
  ];
  const total = `${same + different} sent again: ${same} same, ${different} different; ${skipped} skipped`;
  return `${[...lines, total].join('\n')}\n`;
}

/**
 * Where production would have answered otherwise, a line each; what is so for every call of a plugin is said
 * once, without a trace's id.
 */
export function formatProductionLines(traces: readonly Replayed[]): string {
  const lines = traces.flatMap(({ id, plugin, inProduction = [] }) =>
    inProduction.map((line) =>
      formatInProduction([line], isStandingDifference(line) ? `${plugin}  ` : `${id}  ${plugin}  `),
    ),
  );
  return [...new Set(lines)].join('');
}

function describeReplayed({ verdict, reason, status, outcome, differences }: Replayed): string {
  if (verdict === 'skipped') return reason ?? '';
  if (verdict === 'same') return `${status ?? 'no answer'} ${outcome}`;
  const shown = differences.slice(0, SHOWN_DIFFERENCES).map(formatDifference);
  const more = differences.length - shown.length;
  return `${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

function formatDifference({ place, recorded, now }: Difference): string {
  const isBody = place === 'body' || place.startsWith('body.');
  const show = isBody ? formatValue : (value: Json | undefined) => String(value ?? 'none');
  return `${place} ${show(recorded)} → ${show(now)}`;
}

function formatValue(value: Json | undefined): string {
  if (value === undefined) return '(absent)';
  const text = JSON.stringify(value);
  return text.length <= SHOWN_VALUE ? text : `${text.slice(0, SHOWN_VALUE - 1)}…`;
}
