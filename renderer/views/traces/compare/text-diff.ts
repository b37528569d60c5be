import { diffLines, diffWordsWithSpace } from 'diff';
import type { Json } from '../../../../main/contract/http.ts';
import type { StoredBody } from '../../../../main/contract/trace.ts';

/** A row of two texts side by side; null on the side without a line there. */
export interface DiffRow {
  readonly kind: 'same' | 'changed' | 'removed' | 'added';
  readonly a: DiffLine | null;
  readonly b: DiffLine | null;
}

interface DiffLine {
  /** 1, 2, 3, … */
  readonly number: number;
  readonly text: string;
}

export interface SideBySide {
  readonly rows: readonly DiffRow[];
  /** Number of lines that are on one side only, or changed. */
  readonly changes: number;
  /** False when the texts are too long and too different to align in time: then one follows the other. */
  readonly aligned: boolean;
}

/** How long one comparison may block the page. */
const DIFF_TIMEOUT_MS = 300;

/** Aligns two texts line by line. */
export function sideBySide(a: string, b: string): SideBySide {
  const parts = diffLines(ended(a), ended(b), { timeout: DIFF_TIMEOUT_MS });
  const [linesA, linesB] = [lines(a), lines(b)];
  const rows: DiffRow[] = [];
  let [atA, atB] = [0, 0];
  const take = (removed: number, added: number, same: boolean) => {
    for (let step = 0; step < Math.max(removed, added); step += 1) {
      const left = step < removed ? lineAt(linesA, atA + step) : null;
      const right = step < added ? lineAt(linesB, atB + step) : null;
      rows.push({ kind: kindOf(left, right, same), a: left, b: right });
    }
    atA += removed;
    atB += added;
  };
  if (parts === undefined) take(linesA.length, linesB.length, false);
  let removed = 0;
  for (const part of parts ?? []) {
    if (part.removed) {
      removed += part.count;
      continue;
    }
    take(removed, part.added ? part.count : 0, false);
    removed = 0;
    if (!part.added) take(part.count, part.count, true);
  }
  if (removed > 0) take(removed, 0, false);
  return {
    rows,
    changes: rows.filter(({ kind }) => kind !== 'same').length,
    aligned: parts !== undefined,
  };
}

/** A run of rows to show, or of equal ones to fold. */
export interface DiffPart {
  readonly folded: boolean;
  readonly rows: readonly DiffRow[];
}

/** Folds equal lines more than `context` lines away from a change; never one or two lines alone. */
export function foldEqual(rows: readonly DiffRow[], context = 3): readonly DiffPart[] {
  const near = new Set<number>();
  rows.forEach(({ kind }, at) => {
    if (kind === 'same') return;
    for (let step = -context; step <= context; step += 1) near.add(at + step);
  });
  const parts: { folded: boolean; rows: DiffRow[] }[] = [];
  rows.forEach((row, at) => {
    const folded = !near.has(at);
    const last = parts.at(-1);
    if (last?.folded === folded) last.rows.push(row);
    else parts.push({ folded, rows: [row] });
  });
  return parts.map((part) => (part.folded && part.rows.length < 3 ? { ...part, folded: false } : part));
}

export interface WordPart {
  readonly text: string;
  readonly changed: boolean;
}

/** Longer lines are marked as a whole. */
const MAX_WORDS_LENGTH = 400;

/** What of one line is not in the other, word by word; null for lines that are too long. */
export function changedWords(
  a: string,
  b: string,
): { readonly a: readonly WordPart[]; readonly b: readonly WordPart[] } | null {
  if (a.length > MAX_WORDS_LENGTH || b.length > MAX_WORDS_LENGTH) return null;
  const parts = diffWordsWithSpace(a, b);
  const side = (skip: 'added' | 'removed') =>
    parts
      .filter((part) => !part[skip])
      .map(({ value, added, removed }) => ({ text: value, changed: added || removed }));
  return { a: side('added'), b: side('removed') };
}

/** A body as comparable text: JSON indented with its keys sorted, since their order has no meaning. */
export function comparableBody(body: StoredBody | null): string {
  if (body === null) return '';
  return body.json === undefined ? (body.text ?? '') : JSON.stringify(sortKeys(body.json), null, 2);
}

/** A trace's JSON is at most a hundred levels deep. */
export function sortKeys(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sortKeys);
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sortKeys(item)]),
  );
}

function lines(text: string): readonly string[] {
  return text === '' ? [] : ended(text).split('\n').slice(0, -1);
}

/** A last line without a line break would differ from the same line in the middle. */
function ended(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

function lineAt(all: readonly string[], at: number): DiffLine {
  return { number: at + 1, text: all[at] ?? '' };
}

function kindOf(a: DiffLine | null, b: DiffLine | null, same: boolean): DiffRow['kind'] {
  if (same) return 'same';
  if (a === null) return 'added';
  return b === null ? 'removed' : 'changed';
}
