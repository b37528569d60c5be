import type { Span, Step, Trace } from '../../../../main/contract/trace.ts';
import { STEPS } from '../../../../main/contract/trace.ts';
import { OUTCOME_LOOK } from '../../../components/status/outcome.tsx';
import { formatDuration, formatLimit, formatTime } from '../../../components/text/format.ts';
import { type ContextRow, contextRows } from '../../../components/trace/context-rows.ts';
import { sortKeys } from './text-diff.ts';

/** What one trace says of a field; null where it has none. */
export interface FieldSide {
  readonly text: string;
  /** Where it came from, or what stood in its place. */
  readonly note?: string;
}

/** One field of two traces. */
export interface FieldPair {
  readonly name: string;
  readonly a: FieldSide | null;
  readonly b: FieldSide | null;
  readonly verdict: 'same' | 'differs' | 'only-a' | 'only-b';
  /** Differs between any two calls: shown, not counted as a difference. */
  readonly expected?: boolean;
  /** How it differs, where more can be said: "+1.20 ms (1.4×)", "other source". */
  readonly change?: string;
}

/** How many of the pairs differ in something that could have been the same. */
export function countDifferences(pairs: readonly FieldPair[]): number {
  return pairs.filter(({ verdict, expected }) => verdict !== 'same' && expected !== true).length;
}

/** How each of two calls ended, who made it, and which code ran. */
export function compareFacts(a: Trace, b: Trace): readonly FieldPair[] {
  return [
    factOf('plugin', a, b, ({ plugin }) => plugin),
    factOf('outcome', a, b, ({ outcome }) => OUTCOME_LOOK[outcome].word),
    factOf('status', a, b, ({ status }) => (status === null ? 'no answer' : String(status))),
    factOf('error', a, b, ({ error }) =>
      error === null ? null : `${error.code}: ${error.message.slice(0, 300)}`,
    ),
    {
      ...factOf('duration', a, b, ({ durationMs }) => formatDuration(durationMs)),
      ...{ expected: true, change: changeOf(a.durationMs, b.durationMs) },
    },
    factOf('plugin version', a, b, ({ pluginVersion }) => pluginVersion),
    factOf('user', a, b, ({ user }) => user),
    factOf('username', a, b, ({ identity }) => identity?.username ?? null),
    factOf('roles', a, b, ({ identity }) => (identity === null ? null : JSON.stringify(identity.roles))),
    factOf('superadmin', a, b, ({ identity }) =>
      identity === null ? null : identity.isSuperadmin ? 'yes' : 'no',
    ),
    factOf('token', a, b, tokenWords),
    factOf('reserved keys sent', a, b, ({ spoofs }) => spoofs.map(({ key }) => key).join(', ') || null),
    factOf('timeout', a, b, ({ timeoutMs }) => formatLimit(timeoutMs)),
    { ...factOf('started', a, b, startedWords), expected: true },
    { ...factOf('process', a, b, ({ pid }) => (pid === null ? null : `pid ${pid}`)), expected: true },
    { ...factOf('trace', a, b, ({ id }) => id), expected: true },
  ].filter((pair) => pair.a !== null || pair.b !== null);
}

/** Where each value came from in either call, field by field. */
export function compareContext(a: Trace, b: Trace): readonly FieldPair[] {
  const [rowsA, rowsB] = [byPath(a), byPath(b)];
  return [...new Set([...rowsA.keys(), ...rowsB.keys()])].map((path) =>
    pair(path, contextSide(rowsA.get(path)), contextSide(rowsB.get(path))),
  );
}

/** Headers that are another one with every call. */
const FLEETING = new Set(['traceparent', 'date', 'content-length', 'host']);

export function compareHeaders(
  a: Readonly<Record<string, string>>,
  b: Readonly<Record<string, string>>,
): readonly FieldPair[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].sort().map((name) => ({
    ...pair(name, textSide(a[name]), textSide(b[name])),
    ...(FLEETING.has(name) ? { expected: true } : {}),
  }));
}

/** A step in both calls, on one scale; null where a call never came to it. */
export interface StepPair {
  readonly step: Step;
  readonly a: Span | null;
  readonly b: Span | null;
}

export interface Timing {
  readonly steps: readonly StepPair[];
  /** Milliseconds that the full width stands for. */
  readonly scaleMs: number;
}

export function compareTiming(a: Trace, b: Trace): Timing {
  const find = ({ spans }: Trace, step: Step) => spans.find((span) => span.step === step) ?? null;
  const ends = [...a.spans, ...b.spans].map(({ startMs, durationMs }) => startMs + durationMs);
  return {
    steps: STEPS.map((step) => ({ step, a: find(a, step), b: find(b, step) })).filter(
      (pair) => pair.a !== null || pair.b !== null,
    ),
    scaleMs: Math.max(a.durationMs, b.durationMs, ...ends, 0.001),
  };
}

/** "+1.20 ms (1.40×)": from the first to the second. */
export function changeOf(fromMs: number, toMs: number): string {
  const difference = toMs - fromMs;
  if (Math.abs(difference) < 0.005) return 'the same';
  const sign = difference > 0 ? '+' : '−';
  const times = fromMs >= 0.01 && toMs >= 0.01 ? ` (${(toMs / fromMs).toPrecision(2)}×)` : '';
  return `${sign}${formatDuration(Math.abs(difference))}${times}`;
}

/** What a plugin wrote, to compare: its times differ with every call, so they are left out. */
export function comparableLogs({ console }: Trace): string {
  return console.map(({ level, text }) => `${level.padEnd(5)} ${text}`).join('\n');
}

function factOf(name: string, a: Trace, b: Trace, read: (trace: Trace) => string | null): FieldPair {
  return pair(name, textSide(read(a)), textSide(read(b)));
}

/** With the date, since one of them may come from another day's file. */
function startedWords({ startedAt }: Trace): string {
  const date = new Date(startedAt);
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()]
    .map((part) => String(part).padStart(2, '0'))
    .join('-');
  return `${day} ${formatTime(startedAt)}`;
}

function textSide(text: string | null | undefined): FieldSide | null {
  return text === null || text === undefined ? null : { text };
}

function pair(name: string, a: FieldSide | null, b: FieldSide | null): FieldPair {
  if (a === null) return { name, a, b, verdict: b === null ? 'same' : 'only-b' };
  if (b === null) return { name, a, b, verdict: 'only-a' };
  if (a.text !== b.text) return { name, a, b, verdict: 'differs' };
  return a.note === b.note
    ? { name, a, b, verdict: 'same' }
    : { name, a, b, verdict: 'differs', change: 'other source' };
}

function tokenWords({ token }: Trace): string {
  if (token === null) return 'none sent';
  if (token.verified) return 'verified';
  const failed = token.steps.find(({ verdict }) => verdict === 'failed');
  return failed === undefined ? 'not verified' : `refused: ${failed.check}`;
}

function byPath(trace: Trace): ReadonlyMap<string, ContextRow> {
  return new Map(contextRows(trace).map((row) => [row.path, row]));
}

function contextSide(row: ContextRow | undefined): FieldSide | null {
  if (row === undefined) return null;
  const source =
    row.provenance?.label ?? (row.spoof === null ? 'the client’s body' : 'set by the runtime only');
  const sent =
    row.spoof === null || row.client === null ? '' : `; the client had sent ${valueText(row.client.value)}`;
  return { text: row.got === null ? FATES[row.link] : valueText(row.got.value), note: `${source}${sent}` };
}

const FATES: Readonly<Record<ContextRow['link'], string>> = {
  passed: 'passed on',
  injected: 'set',
  withheld: 'absent',
  removed: 'not passed on',
  stopped: 'never ran',
};

/** A row shows a value's beginning; bodies are compared whole elsewhere. */
const MAX_VALUE = 600;

function valueText(value: NonNullable<ContextRow['got']>['value']): string {
  const text = JSON.stringify(sortKeys(value));
  return text.length <= MAX_VALUE ? text : `${text.slice(0, MAX_VALUE)}…`;
}
