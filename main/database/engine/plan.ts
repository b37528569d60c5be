import type { Collection } from './collection.ts';
import type { CollectionIndex } from './collection-index.ts';
import { isEqual, keyOf } from './compare.ts';
import { DatabaseError } from './errors.ts';
import type { Bounds, Limit } from './index-entries.ts';
import { isOperators } from './query/query.ts';
import { isRegex } from './query/regex.ts';
import type { StoredDocument } from './stored-document.ts';
import { type Document, isArray, isDocument, type Maybe, type Value } from './values.ts';

/**
 * Which documents a query has to look at: all, or those that an index finds by the query's equalities and one
 * range. They still have to be tested: an index narrows, it never decides.
 */
export interface Plan {
  readonly index: CollectionIndex | undefined;
  candidates(): Iterable<StoredDocument>;
}

/** What a query demands of one field wherever it matches. */
interface Condition {
  equals?: readonly Value[];
  low?: Limit;
  high?: Limit;
}

type Conditions = Map<string, Condition>;

/** The most points that the lists of several `$in` may make together. */
const MAX_POINTS = 1000;

/** @param hint an index's name or key @throws {DatabaseError} BadValue when there is none like the hint */
export function planQuery(collection: Collection, query: Document, hint?: Value): Plan {
  const conditions: Conditions = new Map();
  gatherConditions(query, conditions);
  const hinted = hint === undefined ? undefined : findHinted(collection, hint);
  if (hinted === 'natural') return scanAll(collection);
  const indexes =
    hinted === undefined ? collection.indexes.filter((index) => covers(index, query)) : [hinted];
  let best: { index: CollectionIndex; bounds: readonly Bounds[]; score: number } | undefined;
  for (const index of indexes) {
    const { bounds, score } = boundsFor(index, conditions);
    if (score > (best?.score ?? 0)) best = { index, bounds, score };
  }
  if (best === undefined && hinted !== undefined) {
    best = { index: hinted, bounds: [{ prefix: [], low: undefined, high: undefined }], score: 1 };
  }
  if (best === undefined) return scanAll(collection);
  const { index, bounds } = best;
  return {
    index,
    candidates: () => {
      index.accesses++;
      return index.find(bounds);
    },
  };
}

function scanAll(collection: Collection): Plan {
  return { index: undefined, candidates: () => collection.all() };
}

function findHinted(collection: Collection, hint: Value): CollectionIndex | 'natural' {
  if (isDocument(hint) && hint.has('$natural')) return 'natural';
  const found = collection.indexes.find(({ options }) =>
    typeof hint === 'string' ? options.name === hint : isEqual(options.key, hint),
  );
  if (found !== undefined) return found;
  throw new DatabaseError(
    'BadValue',
    'error processing query: planner returned error: hint provided does not correspond to an existing index',
  );
}

/** Whether every document that can match is in the index. */
function covers({ options }: CollectionIndex, query: Document): boolean {
  return (
    options.partialFilter === undefined ||
    [...options.partialFilter].every(([name, value]) => isEqual(query.get(name), value))
  );
}

function gatherConditions(query: Document, conditions: Conditions): void {
  for (const [name, value] of query) {
    if (name === '$and' && isArray(value)) {
      for (const inner of value) if (isDocument(inner)) gatherConditions(inner, conditions);
    } else if (!name.startsWith('$')) {
      const condition = conditions.get(name) ?? {};
      conditions.set(name, condition);
      addConditions(condition, value);
    }
  }
}

function addConditions(condition: Condition, value: Value): void {
  if (!isOperators(value)) {
    if (isPoint(value)) condition.equals ??= [value];
    return;
  }
  for (const [operator, operand] of value) {
    switch (operator) {
      case '$eq':
        if (isPoint(operand)) condition.equals ??= [operand];
        break;
      case '$in':
        if (isArray(operand) && operand.every(isPoint)) condition.equals ??= operand;
        break;
      case '$gt':
      case '$gte':
        if (isLimit(operand)) condition.low ??= { value: operand, isInclusive: operator === '$gte' };
        break;
      case '$lt':
      case '$lte':
        if (isLimit(operand)) condition.high ??= { value: operand, isInclusive: operator === '$lte' };
        break;
    }
  }
}

/** An array also equals a whole array, which an index has no key of. */
function isPoint(value: Value): boolean {
  return !isArray(value) && !isRegex(value);
}

function isLimit(value: Maybe): value is Value {
  return value !== undefined && value !== null && isPoint(value);
}

function boundsFor(
  index: CollectionIndex,
  conditions: Conditions,
): { readonly bounds: readonly Bounds[]; readonly score: number } {
  let prefixes: Value[][] = [[]];
  let score = 0;
  for (const { name } of index.options.fields) {
    const condition = conditions.get(name);
    // A sparse index lacks what isn't there, which null asks for as well.
    const equals =
      index.options.isSparse && condition?.equals?.includes(null) ? undefined : condition?.equals;
    if (equals !== undefined && equals.length * prefixes.length <= MAX_POINTS) {
      prefixes = prefixes.flatMap((prefix) => distinct(equals).map((value) => [...prefix, value]));
      score += 2;
      continue;
    }
    const { low, high } = limitsOf(index, condition);
    if (low !== undefined || high !== undefined) score++;
    return { bounds: prefixes.map((prefix) => ({ prefix, low, high })), score };
  }
  const isExact = index.options.isUnique && score > 0;
  return {
    bounds: prefixes.map((prefix) => ({ prefix, low: undefined, high: undefined })),
    score: isExact ? score + 1 : score,
  };
}

/** Both limits may be met by different elements of an array, so there one alone narrows. */
function limitsOf(index: CollectionIndex, condition: Condition | undefined) {
  const { low, high } = condition ?? {};
  return index.isMultikey && low !== undefined ? { low, high: undefined } : { low, high };
}

function distinct(values: readonly Value[]): readonly Value[] {
  return [...new Map(values.map((value) => [keyOf(value), value])).values()];
}
