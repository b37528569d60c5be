import { compare } from '../compare.ts';
import { DatabaseError } from '../errors.ts';
import { addUnits, requireUnit } from '../expressions/date-calculations.ts';
import { timeZoneOf } from '../expressions/time-zone.ts';
import { calculate, isNumeric, toNumber } from '../numbers.ts';
import { valueAt } from '../paths.ts';
import { type Document, isArray, isDocument, type Maybe } from '../values.ts';
import type { Partition } from './window-functions.ts';

/** Which neighbours of a document count: from `start` to before `end`, in the partition's order. */
export interface Window {
  around(partition: Partition, index: number): { readonly start: number; readonly end: number };
}

type Bound = 'unbounded' | 'current' | number;

const WHOLE: Window = { around: ({ documents }) => ({ start: 0, end: documents.length }) };

export function parseWindow(spec: Maybe, order: Document | undefined): Window {
  if (spec === undefined) return WHOLE;
  if (!isDocument(spec)) throw new DatabaseError('FailedToParse', "'window' field must be an object");
  const [documents, range, unit] = [spec.get('documents'), spec.get('range'), spec.get('unit')];
  if (documents === undefined && range === undefined) return WHOLE;
  if (documents !== undefined && range !== undefined) {
    throw new DatabaseError(
      'FailedToParse',
      "Window bounds can specify either 'documents' or 'range', not both.",
    );
  }
  if (order === undefined) throw new DatabaseError(5339901, 'Document-based bounds require a sortBy');
  if (documents !== undefined) return byPosition(...boundsOf(documents));
  if (order.size !== 1) throw new DatabaseError(5339902, 'Range-based bounds require sortBy a single field');
  const [low, high] = boundsOf(range);
  return byRange(low, high, unit === undefined ? undefined : requireUnit(unit, '$setWindowFields'));
}

function boundsOf(value: Maybe): [Bound, Bound] {
  const bounds = isArray(value) ? value.map(boundOf) : [];
  const [low, high] = bounds;
  if (bounds.length !== 2 || low === undefined || high === undefined) {
    throw new DatabaseError(
      'FailedToParse',
      "Window bounds must be a 2-element array: each 'unbounded', 'current' or a number",
    );
  }
  if (typeof low === 'number' && typeof high === 'number' && low > high) {
    throw new DatabaseError(5339900, 'Lower bound must not exceed upper bound');
  }
  return [low, high];
}

function boundOf(value: Maybe): Bound | undefined {
  if (value === 'unbounded' || value === 'current') return value;
  return isNumeric(value) ? toNumber(value) : undefined;
}

function byPosition(low: Bound, high: Bound): Window {
  return {
    around({ documents }, index) {
      const start = low === 'unbounded' ? 0 : index + (low === 'current' ? 0 : low);
      const end = high === 'unbounded' ? documents.length : index + (high === 'current' ? 0 : high) + 1;
      const from = Math.min(Math.max(0, start), documents.length);
      return { start: from, end: Math.max(from, Math.min(end, documents.length)) };
    },
  };
}

function byRange(low: Bound, high: Bound, unit: string | undefined): Window {
  return {
    around({ documents, orderedBy }, index) {
      const [path = []] = orderedBy;
      const values = documents.map((document) => valueAt(document, path) ?? null);
      const current = values[index] ?? null;
      const [least, greatest] = [shifted(current, low, unit), shifted(current, high, unit)];
      const start = low === 'unbounded' ? 0 : values.findIndex((value) => compare(value, least) >= 0);
      const beyond = high === 'unbounded' ? -1 : values.findIndex((value) => compare(value, greatest) > 0);
      const end = beyond < 0 ? values.length : beyond;
      return start < 0 ? { start: end, end } : { start, end: Math.max(start, end) };
    },
  };
}

function shifted(value: Maybe, bound: Bound, unit: string | undefined): Maybe {
  if (typeof bound !== 'number') return value;
  if (value instanceof Date && unit !== undefined) return addUnits(value, unit, bound, timeZoneOf(undefined));
  if (isNumeric(value) && unit === undefined) return calculate('add', value, bound);
  throw new DatabaseError(
    5429513,
    "Invalid range: Expected the sortBy field to be a number, or a date with 'unit'",
  );
}
