import type { ChildSpan } from '../../../../main/contract/child-span.ts';
import type { Span, Step, Trace } from '../../../../main/contract/trace.ts';
import { STEPS } from '../../../../main/contract/trace.ts';
import { OUTCOME_LOOK } from '../../../components/status/outcome.tsx';
import { formatCount, formatDuration, formatLimit, formatTime } from '../../../components/text/format.ts';
import { type ContextRow, contextRows } from '../../../components/trace/context-rows.ts';
import { sortKeys } from './text-diff.ts';

/** A field's value in one trace; null where it has none. */
export interface FieldSide {
  readonly text: string;
  /** Where it came from. */
  readonly note?: string;
}

/** One field of two traces. */
export interface FieldPair {
  readonly name: string;
  readonly a: FieldSide | null;
  readonly b: FieldSide | null;
  readonly verdict: 'same' | 'differs' | 'only-a' | 'only-b';
  /** Differs between any two calls: shown, but not counted as a difference. */
  readonly expected?: boolean;
  /** How it differs, where more can be said: "+1.20 ms (1.4×)", "different source". */
  readonly change?: string;
}

/** Number of pairs that differ in something that could have been the same. */
export function countDifferences(pairs: readonly FieldPair[]): number {
  return pairs.filter(({ verdict, expected }) => verdict !== 'same' && expected !== true).length;
}

/** How each of two calls ended, as whom, and which code ran. */
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
      expected: true,
      change: formatChange(a.durationMs, b.durationMs),
    },
    factOf('plugin version', a, b, ({ pluginVersion }) => pluginVersion),
    factOf('user', a, b, ({ user }) => user),
    factOf('username', a, b, ({ identity }) => identity?.username ?? null),
    factOf('roles', a, b, ({ identity }) => (identity === null ? null : JSON.stringify(identity.roles))),
    factOf('superadmin', a, b, describeSuperadmin),
    factOf('token', a, b, describeToken),
    factOf('reserved keys sent', a, b, ({ spoofs }) => spoofs.map(({ key }) => key).join(', ') || null),
    factOf('database commands', a, b, countWork('database')),
    factOf('HTTP requests', a, b, countWork('http')),
    factOf('findings', a, b, ({ findings }) => (findings === undefined ? null : String(findings.length))),
    factOf('timeout', a, b, ({ timeoutMs }) => formatLimit(timeoutMs)),
    { ...factOf('started', a, b, formatStarted), expected: true },
    { ...factOf('process', a, b, ({ pid }) => (pid === null ? null : `pid ${pid}`)), expected: true },
    { ...factOf('trace', a, b, ({ id }) => id), expected: true },
  ].filter((pair) => pair.a !== null || pair.b !== null);
}

/** Where each value came from in both calls, field by field. */
export function compareContext(a: Trace, b: Trace): readonly FieldPair[] {
  const [rowsA, rowsB] = [byPath(a), byPath(b)];
  return [...new Set([...rowsA.keys(), ...rowsB.keys()])].map((path) =>
    pair(path, contextSide(rowsA.get(path)), contextSide(rowsB.get(path))),
  );
}

/** Headers that differ with every call. */
const FLEETING = new Set(['traceparent', 'date', 'content-length', 'host']);

export function compareHeaders(
  a: Readonly<Record<string, string>>,
  b: Readonly<Record<string, string>>,
): readonly FieldPair[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].sort().map((name) => ({
    ...pair(name, textSide(a[name]), textSide(b[name])),
    expected: FLEETING.has(name),
  }));
}

/** A step in both calls, on one scale; null where a call never reached it. */
export interface StepPair {
  readonly step: Step;
  readonly a: Span | null;
  readonly b: Span | null;
}

export interface Timing {
  readonly steps: readonly StepPair[];
  /** Milliseconds across the full width. */
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
export function formatChange(fromMs: number, toMs: number): string {
  const difference = toMs - fromMs;
  if (Math.abs(difference) < 0.005) return 'the same';
  const sign = difference > 0 ? '+' : '−';
  const times = fromMs >= 0.01 && toMs >= 0.01 ? ` (${(toMs / fromMs).toPrecision(2)}×)` : '';
  return `${sign}${formatDuration(Math.abs(difference))}${times}`;
}

/** A plugin's console output for comparison: without times, which differ with every call. */
export function comparableLogs({ console }: Trace): string {
  return console.map(({ level, text }) => `${level.padEnd(5)} ${text}`).join('\n');
}

function factOf(name: string, a: Trace, b: Trace, read: (trace: Trace) => string | null): FieldPair {
  return pair(name, textSide(read(a)), textSide(read(b)));
}

/** How many were recorded; nothing where none was, as in traces of versions that recorded none. */
function countWork(kind: ChildSpan['kind']): (trace: Trace) => string | null {
  return ({ children = [] }) => {
    const count = children.filter((child) => child.kind === kind).length;
    return count === 0 ? null : formatCount(count);
  };
}

/** With the date, since one of them may be from a file of another day. */
function formatStarted({ startedAt }: Trace): string {
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
    : { name, a, b, verdict: 'differs', change: 'different source' };
}

function describeSuperadmin({ identity }: Trace): string | null {
  if (identity === null) return null;
  return identity.isSuperadmin ? 'yes' : 'no';
}

function describeToken({ token }: Trace): string {
  if (token === null) return 'none sent';
  if (token.verified) return 'verified';
  const failed = token.steps.find(({ verdict }) => verdict === 'failed');
  return failed === undefined ? 'not verified' : `rejected: ${failed.check}`;
}

function byPath(trace: Trace): ReadonlyMap<string, ContextRow> {
  return new Map(contextRows(trace).map((row) => [row.path, row]));
}

function contextSide(row: ContextRow | undefined): FieldSide | null {
  if (row === undefined) return null;
  const source =
    row.provenance?.label ?? (row.spoof === null ? 'the client’s body' : 'reserved for the runtime');
  const sent =
    row.spoof === null || row.client === null ? '' : `; client sent ${valueText(row.client.value)}`;
  return {
    text: row.got === null ? LINK_LABELS[row.link] : valueText(row.got.value),
    note: `${source}${sent}`,
  };
}

const LINK_LABELS: Readonly<Record<ContextRow['link'], string>> = {
  passed: 'passed',
  injected: 'set',
  withheld: 'absent',
  removed: 'not passed',
  stopped: 'never ran',
};

/** A row shows a value's beginning; bodies are compared in full elsewhere. */
const MAX_VALUE = 600;

function valueText(value: NonNullable<ContextRow['got']>['value']): string {
  const text = JSON.stringify(sortKeys(value));
  return text.length <= MAX_VALUE ? text : `${text.slice(0, MAX_VALUE)}…`;
}
