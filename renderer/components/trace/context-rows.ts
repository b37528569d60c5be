import type { Json, JsonObject } from '../../../main/contract/http.ts';
import { RESERVED_KEYS } from '../../../main/contract/http.ts';
import { membersOf } from '../../../main/contract/json-members.ts';
import type { Provenance, SpoofAttempt, Trace } from '../../../main/contract/trace.ts';
import { bodyJson } from '../../state/traces/stored-body.ts';

/** One side of a row: a field by its path (`_context.roles`) and its value there. */
export interface ContextCell {
  readonly path: string;
  readonly value: Json;
  /** The value as it was written, where JavaScript would write its numbers otherwise. */
  readonly text?: string | undefined;
}

/**
 * How a field got from left to right.
 * - `passed`: the client's own field, passed unchanged.
 * - `injected`: set by the runtime; what the client sent there was discarded.
 * - `withheld`: the runtime sets this field, but not for this caller (`user_jwt` without a token).
 * - `removed`: the client sent it and the plugin didn't receive it.
 * - `stopped`: the client sent it, and the plugin never ran.
 */
type ContextLink = 'passed' | 'injected' | 'withheld' | 'removed' | 'stopped';

/** One line of the context table: one field, on up to two sides. */
export interface ContextRow {
  /** The field's path: unique in its table. */
  readonly path: string;
  readonly client: ContextCell | null;
  readonly got: ContextCell | null;
  readonly link: ContextLink;
  /** Null for a field of the client's own. */
  readonly provenance: Provenance | null;
  /** What the runtime did with a reserved key that the client sent; null when it sent none. */
  readonly spoof: SpoofAttempt['action'] | null;
}

export type ContextSource = Pick<Trace, 'request' | 'received' | 'provenance' | 'spoofs' | 'exactNumbers'>;

/**
 * The rows of "where did each value come from?": the client's own fields in the order sent, then the
 * runtime's fields in the order injected, each beside what the client tried to set (CONTRACT.md §4).
 */
export function contextRows(trace: ContextSource): readonly ContextRow[] {
  const sent = sentObject(trace);
  const texts = sentTexts(trace);
  const own = Object.keys(sent)
    .filter((key) => !isReserved(key))
    .map((key) => ownRow({ path: key, value: sent[key] ?? null, text: texts.get(key) }, trace));
  const spoofed = spoofedCells(trace.spoofs);
  const injected = trace.provenance.map((entry) => injectedRow(entry, spoofed, trace.received !== null));
  const seen = new Set([...own, ...injected].map((row) => row.path));
  return [...own, ...injected, ...unmatchedSpoofs(spoofed, seen), ...unexplainedRows(trace, seen)];
}

/** Whether the client's side can be shown: a body that was truncated, or not a JSON object, has no fields. */
export function clientSide(trace: ContextSource): 'fields' | 'none' | 'cut' | 'not-json' {
  const body = trace.request.body;
  if (body === null || body.bytes === 0) return 'none';
  if (isObject(bodyJson(body))) return 'fields';
  return body.truncated ? 'cut' : 'not-json';
}

function sentObject(trace: ContextSource): JsonObject {
  const json = trace.request.body === null ? null : bodyJson(trace.request.body);
  return isObject(json) ? json : {};
}

/** The values as the client wrote them; none where its numbers are those of `sentObject`. */
function sentTexts({ request: { body } }: ContextSource): ReadonlyMap<string, string> {
  const isWritten = body !== null && body.json === undefined && isObject(bodyJson(body));
  return new Map(isWritten ? membersOf(body.text ?? '').map(({ key, text }) => [key, text]) : []);
}

function ownRow(client: ContextCell, { received, exactNumbers }: ContextSource): ContextRow {
  const { path, text } = client;
  const base = { path, client, provenance: null, spoof: null };
  if (received === null) return { ...base, got: null, link: 'stopped' };
  if (!Object.hasOwn(received, path)) return { ...base, got: null, link: 'removed' };
  const got = { path, value: received[path] ?? null, text: exactNumbers === true ? text : undefined };
  return { ...base, got, link: 'passed' };
}

type SpoofCells = ReadonlyMap<
  string,
  { readonly cell: ContextCell; readonly action: SpoofAttempt['action'] }
>;

/** A spoofed object is expanded one level, so that its `is_superadmin` is beside the real one. */
function spoofedCells(spoofs: readonly SpoofAttempt[]): SpoofCells {
  const cells = new Map<string, { cell: ContextCell; action: SpoofAttempt['action'] }>();
  for (const { key, sent, action } of spoofs) {
    const fields = isObject(sent) ? Object.entries(sent) : [];
    if (fields.length === 0) cells.set(key, { cell: { path: key, value: sent }, action });
    for (const [name, value] of fields) {
      const path = `${key}.${name}`;
      cells.set(path, { cell: { path, value }, action });
    }
  }
  return cells;
}

function injectedRow(entry: Provenance, spoofed: SpoofCells, ran: boolean): ContextRow {
  const attempt = spoofed.get(entry.field);
  const given = entry.present && ran;
  const absentLink = ran ? 'withheld' : 'stopped';
  return {
    path: entry.field,
    client: attempt?.cell ?? null,
    got: given ? { path: entry.field, value: entry.value } : null,
    link: given ? 'injected' : absentLink,
    provenance: entry,
    spoof: attempt?.action ?? null,
  };
}

/** What the client sent under a reserved key where the runtime has no field of that name. */
function unmatchedSpoofs(spoofed: SpoofCells, seen: ReadonlySet<string>): readonly ContextRow[] {
  return [...spoofed]
    .filter(([path]) => !seen.has(path))
    .map(([path, { cell, action }]) => ({
      path,
      client: cell,
      got: null,
      link: 'removed',
      provenance: null,
      spoof: action,
    }));
}

/** Fields the plugin received that nothing above explains: shown, not hidden (a truncated body has them). */
function unexplainedRows(trace: ContextSource, seen: ReadonlySet<string>): readonly ContextRow[] {
  const received = trace.received ?? {};
  return Object.keys(received)
    .filter((key) => !seen.has(key) && !isReserved(key))
    .map((key) => ({
      path: key,
      client: null,
      got: { path: key, value: received[key] ?? null },
      link: 'passed',
      provenance: null,
      spoof: null,
    }));
}

function isReserved(key: string): boolean {
  return (RESERVED_KEYS as readonly string[]).includes(key);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** At most `limit` of the client's own rows; the runtime's rows are never hidden. */
export function limitRows(
  rows: readonly ContextRow[],
  limit: number,
): { readonly shown: readonly ContextRow[]; readonly hidden: number } {
  let own = 0;
  const shown = rows.filter((row) => {
    if (row.provenance !== null || row.spoof !== null) return true;
    own += 1;
    return own <= limit;
  });
  return { shown, hidden: rows.length - shown.length };
}
