import { describeDelivery, describeSending } from '../../../main/contract/delivery.ts';
import type { Trace } from '../../../main/contract/trace.ts';
import type { ChildRow, LinesRow, RowKind, SingleRow } from '../../state/traces/child-rows.ts';
import { countAtOnce, countKinds, isWork } from '../../state/traces/child-rows.ts';
import { formatBytes, formatDuration, plural, showControls } from '../text/format.ts';

/** The rows below the step `run` in text. Pure. */

export interface RowText {
  /** "find tasks", "GET", "published", "log" */
  readonly name: string;
  /** Data: the filter, the URL, the event with its detail, the line. */
  readonly data: string;
  /** What came of it. */
  readonly note: string;
}

/** A row is one line: the detail has all of it. */
const SHORT_DATA = 240;

export function describeRow(row: ChildRow): RowText {
  const { name, data, note } = textOf(row);
  return { name: shorten(name), data: shorten(data), note: shorten(note) };
}

function shorten(text: string): string {
  return showControls(text.length > SHORT_DATA ? `${text.slice(0, SHORT_DATA)}…` : text);
}

function textOf(row: ChildRow): RowText {
  switch (row.kind) {
    case 'database': {
      const { command, collection, filter, documents, error } = row.span;
      return {
        name: collection === null ? command : `${command} ${collection}`,
        data: filter ?? '',
        note: error ?? (documents === null ? '' : plural(documents, 'document')),
      };
    }
    case 'http': {
      const { method, url, status, responseBytes, error } = row.span;
      const answer = status === null ? 'no answer' : String(status);
      const bytes = responseBytes === null ? '' : ` · ${formatBytes(responseBytes)}`;
      return { name: method, data: url, note: error ?? `${answer}${bytes}` };
    }
    case 'event': {
      const { kind, name, detail } = row.event;
      if (kind === 'delivered') return { name: kind, data: name, note: describeDelivery(detail) };
      const reached = kind === 'sent' ? describeSending(detail) : null;
      return { name: kind, data: `${name} ${detail}`, note: reached ?? '' };
    }
    case 'console':
      return { name: row.line.level, data: row.line.text, note: '' };
    case 'lines':
      return { name: plural(row.lines.length, 'console line'), data: '', note: describeLevels(row) };
  }
}

/** "2 errors, 1 warning" */
function describeLevels({ lines }: LinesRow): string {
  const count = (level: string) => lines.filter(({ line }) => line.level === level).length;
  const [errors, warnings] = [count('error'), count('warn')];
  return [errors > 0 ? plural(errors, 'error') : null, warnings > 0 ? plural(warnings, 'warning') : null]
    .filter((part) => part !== null)
    .join(', ');
}

/** Whether a row tells of something that failed: then it is coloured as an exception is. */
export function hasFailed(row: ChildRow): boolean {
  return isWork(row) && row.span.error !== null;
}

/** Where less than is shown was measured, it was still something. */
export function formatRowDuration(ms: number): string {
  return ms > 0 && ms < 0.005 ? '<0.01 ms' : formatDuration(ms);
}

export const KIND_LABELS: Readonly<Record<RowKind, string>> = {
  database: 'Database',
  http: 'HTTP',
  event: 'Events',
  console: 'Console',
};

/** "12 database commands, 3 HTTP requests, up to 2 at once"; empty where there is neither. */
export function summarizeChildren(rows: readonly SingleRow[], { children = [] }: Trace): string {
  const { database, http } = countKinds(rows);
  const atOnce = countAtOnce(children);
  return [
    database > 0 ? plural(database, 'database command') : null,
    http > 0 ? plural(http, 'HTTP request') : null,
    atOnce > 1 ? `up to ${atOnce} at once` : null,
  ]
    .filter((part) => part !== null)
    .join(', ');
}
