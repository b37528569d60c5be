import { type Json, type JsonObject, RESERVED_KEYS } from '../../../../main/contract/http.ts';
import type { StoredBody } from '../../../../main/contract/trace.ts';
import { bodyJson } from '../../../state/traces/stored-body.ts';

/** One field of several answers. */
export interface MatrixRow {
  /** `_context.roles`, `tasks[0].title`; "" for a body that is not an object. */
  readonly path: string;
  /** One per column; null where the field is absent or not known yet. */
  readonly values: readonly (string | null)[];
  /** Whether it differs from the first column; never where one of the two is unknown. */
  readonly differs: readonly boolean[];
}

export interface MatrixSection {
  readonly rows: readonly MatrixRow[];
  /** Rows beyond what is shown. */
  readonly hidden: number;
}

/** A column's fields in order; null while they are unknown, or when the call has none. */
export type Fields = ReadonlyMap<string, string> | null;

const MAX_FIELDS = 2_000;
const MAX_ROWS = 400;
const MAX_DEPTH = 12;

/** A value as fields: objects by key, lists of objects by index, anything else as one field. */
export function flattenFields(value: Json): Fields {
  const fields = new Map<string, string>();
  collect(value, '', 0, fields);
  return fields;
}

function collect(value: Json, path: string, depth: number, fields: Map<string, string>): void {
  if (fields.size >= MAX_FIELDS) return;
  if (depth < MAX_DEPTH && isJsonObject(value) && Object.keys(value).length > 0) {
    for (const [key, entry] of Object.entries(value)) collect(entry, joinPath(path, key), depth + 1, fields);
  } else if (
    depth < MAX_DEPTH &&
    Array.isArray(value) &&
    value.some((entry) => isJsonObject(entry) || Array.isArray(entry))
  ) {
    for (const [at, entry] of value.entries()) collect(entry, `${path}[${at}]`, depth + 1, fields);
  } else {
    fields.set(path, formatOneLine(value));
  }
}

function formatOneLine(value: Json): string {
  if (!Array.isArray(value) || value.length === 0) return JSON.stringify(value);
  return `[${value.map((entry) => JSON.stringify(entry)).join(', ')}]`;
}

function joinPath(path: string, key: string): string {
  if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}

function isJsonObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The fields of an answer's body; a body that is not JSON is one field. */
export function bodyFields(body: StoredBody): Fields {
  const json = bodyJson(body);
  if (json !== undefined) return flattenFields(json);
  return body.bytes === 0 ? new Map() : new Map([['', body.text ?? '']]);
}

/** What the runtime put into the plugin's input; null for a call that never reached the plugin. */
export function injectedFields(received: JsonObject | null): Fields {
  if (received === null) return null;
  const injected: JsonObject = {};
  for (const key of RESERVED_KEYS) {
    const value = Object.hasOwn(received, key) ? received[key] : undefined;
    if (value !== undefined) injected[key] = value;
  }
  return flattenFields(injected);
}

/**
 * Aligns the columns field by field, in the first column's order; a field only others have follows its
 * neighbour.
 */
export function alignColumns(columns: readonly Fields[]): MatrixSection {
  const paths = mergedPaths(columns);
  const rows = paths.slice(0, MAX_ROWS).map((path) => rowOf(path, columns));
  return { rows, hidden: paths.length - rows.length };
}

function rowOf(path: string, columns: readonly Fields[]): MatrixRow {
  const values = columns.map((fields) => fields?.get(path) ?? null);
  return {
    path,
    values,
    differs: columns.map((fields, at) => isDifferent(columns[0] ?? null, fields, path, values[at] ?? null)),
  };
}

/**
 * A different kind of answer (a refusal, say) lacks every field: only what it has instead is worth marking.
 */
function isDifferent(first: Fields, fields: Fields, path: string, value: string | null): boolean {
  if (first === null || fields === null || value === (first.get(path) ?? null)) return false;
  return value !== null || sharesPath(first, fields);
}

function sharesPath(first: NonNullable<Fields>, fields: NonNullable<Fields>): boolean {
  for (const path of fields.keys()) if (first.has(path)) return true;
  return false;
}

function mergedPaths(columns: readonly Fields[]): string[] {
  const merged: string[] = [];
  const known = new Set<string>();
  for (const fields of columns) {
    const own = [...(fields?.keys() ?? [])];
    const shared = own.find((path) => known.has(path));
    let after = shared === undefined ? merged.length - 1 : merged.indexOf(shared) - 1;
    for (const path of own) {
      if (known.has(path)) {
        after = merged.indexOf(path);
      } else {
        merged.splice(++after, 0, path);
        known.add(path);
      }
    }
  }
  return merged;
}

/** Rows in which at least one column differs. */
export function differingRows(rows: readonly MatrixRow[]): readonly MatrixRow[] {
  return rows.filter(({ differs }) => differs.includes(true));
}
