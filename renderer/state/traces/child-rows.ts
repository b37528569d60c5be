import type { ChildSpan, DatabaseSpan, HttpSpan } from '../../../main/contract/child-span.ts';
import type { ConsoleLine, Trace, TraceEvent } from '../../../main/contract/trace.ts';

/** What a plugin did during its run, as rows in the order of their start. Pure. */

export const ROW_KINDS = ['database', 'http', 'event', 'console'] as const;
export type RowKind = (typeof ROW_KINDS)[number];

interface RowBase {
  /** Unique among the rows of a trace. */
  readonly key: string;
  /** Milliseconds since the trace's start. */
  readonly startMs: number;
  /** 0 for what is recorded as a moment. */
  readonly durationMs: number;
}

interface DatabaseRow extends RowBase {
  readonly kind: 'database';
  readonly span: DatabaseSpan;
}
interface HttpRow extends RowBase {
  readonly kind: 'http';
  readonly span: HttpSpan;
}
interface EventRow extends RowBase {
  readonly kind: 'event';
  readonly event: TraceEvent;
}
interface LineRow extends RowBase {
  readonly kind: 'console';
  readonly line: ConsoleLine;
}
export type SingleRow = DatabaseRow | HttpRow | EventRow | LineRow;

/** Console lines with nothing between them, as one row that unfolds. */
export interface LinesRow extends RowBase {
  readonly kind: 'lines';
  readonly lines: readonly LineRow[];
}
export type ChildRow = SingleRow | LinesRow;

/** A row as it is listed: lines of an unfolded row are nested, and so is the delivery of an event. */
export interface ListedRow {
  readonly row: ChildRow;
  readonly nested: boolean;
}

/** A command or a request. */
export function isWork(row: ChildRow): row is DatabaseRow | HttpRow {
  return row.kind === 'database' || row.kind === 'http';
}

/** The key of the row of `trace.children[at]`. */
export function childKey(at: number): string {
  return `child-${at}`;
}

export function childRows({ children = [], events, console }: Trace): readonly SingleRow[] {
  const rows: SingleRow[] = [
    ...children.map(rowOfSpan),
    ...events.map(
      (event, at): EventRow => ({
        kind: 'event',
        key: `event-${at}`,
        startMs: event.atMs,
        durationMs: 0,
        event,
      }),
    ),
    ...console.map(
      (line, at): LineRow => ({
        kind: 'console',
        key: `line-${at}`,
        startMs: line.atMs,
        durationMs: 0,
        line,
      }),
    ),
  ];
  return rows.sort((a, b) => a.startMs - b.startMs);
}

function rowOfSpan(span: ChildSpan, at: number): SingleRow {
  const { startMs, durationMs } = span;
  const place = { key: childKey(at), startMs, durationMs };
  return span.kind === 'database' ? { ...place, kind: 'database', span } : { ...place, kind: 'http', span };
}

/** How many rows there are of each kind. */
export function countKinds(rows: readonly SingleRow[]): Readonly<Record<RowKind, number>> {
  const counts = { database: 0, http: 0, event: 0, console: 0 };
  for (const { kind } of rows) counts[kind] += 1;
  return counts;
}

/** The chosen kind; all where a trace has none of it. */
export function shownKind(kind: RowKind | null, rows: readonly SingleRow[]): RowKind | null {
  return rows.some((row) => row.kind === kind) ? kind : null;
}

/** Consecutive console lines beyond this many are one row. */
const FEW_LINES = 3;

export interface RowChoice {
  /** Null for all. */
  readonly kind: RowKind | null;
  /** Keys of the unfolded rows of console lines. */
  readonly unfolded: ReadonlySet<string>;
}

/** The rows to list. Where only console lines are, each of them is listed. */
export function listRows(rows: readonly SingleRow[], { kind, unfolded }: RowChoice): readonly ListedRow[] {
  const wanted = kind === null ? rows : rows.filter((row) => row.kind === kind);
  const listed: ListedRow[] = [];
  for (let at = 0; at < wanted.length; ) {
    const lines = kind === 'console' ? [] : linesFrom(wanted, at);
    if (lines.length > FEW_LINES) {
      const group = groupLines(lines);
      listed.push({ row: group, nested: false });
      if (unfolded.has(group.key)) listed.push(...lines.map((row) => ({ row, nested: true })));
      at += lines.length;
    } else {
      const row = wanted[at];
      if (row !== undefined) listed.push({ row, nested: isDelivery(row) && kind === null });
      at += 1;
    }
  }
  return listed;
}

function linesFrom(rows: readonly SingleRow[], from: number): readonly LineRow[] {
  const lines: LineRow[] = [];
  for (let at = from; at < rows.length; at += 1) {
    const row = rows[at];
    if (row?.kind !== 'console') break;
    lines.push(row);
  }
  return lines;
}

function groupLines(lines: readonly LineRow[]): LinesRow {
  const startMs = lines[0]?.startMs ?? 0;
  const durationMs = (lines.at(-1)?.startMs ?? startMs) - startMs;
  return { kind: 'lines', key: `lines-${lines[0]?.key}`, startMs, durationMs, lines };
}

/** A delivery is told right after the event that was published. */
function isDelivery(row: SingleRow): boolean {
  return row.kind === 'event' && row.event.kind === 'delivered';
}

/** How many of the commands and requests ran at the same time, at most. */
export function countAtOnce(children: readonly ChildSpan[]): number {
  const moments = children
    .flatMap(({ startMs, durationMs }) => [
      { at: startMs, change: 1 },
      { at: startMs + durationMs, change: -1 },
    ])
    // One that starts as another ends runs after it.
    .sort((a, b) => a.at - b.at || a.change - b.change);
  let running = 0;
  let most = 0;
  for (const { change } of moments) {
    running += change;
    most = Math.max(most, running);
  }
  return most;
}

/** A place on the scale, as a fraction from 0 to 1. */
export function placeOf(ms: number, scaleMs: number): number {
  return Math.min(1, Math.max(0, ms / scaleMs));
}

/** Ticks closer than this fraction of the scale look like one. */
const TICK_STEP = 1 / 400;

/** Where to draw ticks for moments, each place once. */
export function tickPlaces(moments: readonly number[], scaleMs: number): readonly number[] {
  return [...new Set(moments.map((ms) => Math.round(placeOf(ms, scaleMs) / TICK_STEP) * TICK_STEP))];
}
