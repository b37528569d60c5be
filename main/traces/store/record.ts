import { OUTCOMES, type Trace, type TraceSummary } from '../../contract/trace.ts';
import { searchableText } from './searchable-text.ts';

/**
 * A trace as one line of JSON: whole lines can be distinguished from torn ones, tools can read the files, and
 * a damaged line costs no other. The fields of its row come first, up to a tab (blank space to JSON, and
 * never in it otherwise), so that the rows of a hundred thousand traces are read without parsing their
 * bodies.
 */

const TAB = '\t';

export function encodeRecord(trace: Trace): string {
  const { id, seq, startedAt, durationMs, plugin, outcome, status, errorCode, user, spoofed, ...rest } =
    trace;
  const row = { id, seq, startedAt, durationMs, plugin, outcome, status, errorCode, user, spoofed };
  return `${JSON.stringify(row).slice(0, -1)},${TAB}${JSON.stringify(rest).slice(1)}`;
}

/** @throws SyntaxError when the record is damaged */
export function decodeRecord(record: string): Trace {
  return JSON.parse(record) as Trace;
}

/** The row at the front of a record, up to the tab; null when it isn't one. */
export function decodeRow(row: string): TraceSummary | null {
  try {
    const summary: unknown = JSON.parse(`${row.slice(0, -1)}}`);
    return isSummary(summary) ? summary : null;
  } catch {
    // Damaged on disk: the caller counts it.
    return null;
  }
}

function isSummary(value: unknown): value is TraceSummary {
  if (typeof value !== 'object' || value === null) return false;
  const { id, seq, startedAt, durationMs, plugin, outcome, status, errorCode, user, spoofed } =
    value as Record<string, unknown>;
  const isTextOrNull = (text: unknown) => text === null || typeof text === 'string';
  return (
    typeof id === 'string' &&
    /^[0-9a-f]{16}$/.test(id) &&
    Number.isSafeInteger(seq) &&
    typeof startedAt === 'number' &&
    typeof durationMs === 'number' &&
    typeof plugin === 'string' &&
    OUTCOMES.some((known) => known === outcome) &&
    (status === null || typeof status === 'number') &&
    isTextOrNull(errorCode) &&
    isTextOrNull(user) &&
    typeof spoofed === 'boolean'
  );
}

/** Finds the records that contain a text, case-insensitively. */
export interface TextMatcher {
  /** False rules out every record in the text; true asks for `match` on each. */
  mayMatch(lowerCase: string): boolean;
  /**
   * The `seq` of a record whose searchable text contains it, not just anywhere in the JSON; else null.
   *
   * @throws SyntaxError when the record is damaged
   */
  match(record: string): number | null;
}

/**
 * In a record's JSON a text appears as it is or escaped as in a JSON string: that alone rules out most
 * records.
 */
export function createTextMatcher(text: string): TextMatcher {
  const wanted = text.toLowerCase();
  const escaped = JSON.stringify(wanted).slice(1, -1);
  return {
    mayMatch: (lowerCase) =>
      lowerCase.includes(wanted) || (escaped !== wanted && lowerCase.includes(escaped)),
    match(record) {
      const trace = decodeRecord(record);
      return searchableText(trace).includes(wanted) ? trace.seq : null;
    },
  };
}

/** Bytes taken from the system at once. */
const SLAB_BYTES = 1024 * 1024;
/** UTF-8 takes no more for one unit of a text. */
const MAX_UNIT_BYTES = 3;

/**
 * Writes texts as UTF-8 one behind the other into large pieces of memory: asking for a piece of its own for
 * each of thousands of records a second costs more than writing it. A piece is given back when the last
 * record in it has gone, and the oldest go first.
 */
export function createRecordBytes(): (text: string) => Buffer {
  let slab = Buffer.alloc(0);
  let used = 0;
  return (text) => {
    const most = text.length * MAX_UNIT_BYTES;
    if (most > SLAB_BYTES / 8) return Buffer.from(text);
    if (used + most > slab.length) {
      slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
      used = 0;
    }
    const start = used;
    used += slab.write(text, start);
    return slab.subarray(start, used);
  };
}
