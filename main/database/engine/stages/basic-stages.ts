import { DatabaseError } from '../errors.ts';
import { compile } from '../expressions/compile.ts';
import { isNumeric, toNumber } from '../numbers.ts';
import { parsePath, putAt, valueAt } from '../paths.ts';
import { compileQuery } from '../query/query.ts';
import { compileSort } from '../sort.ts';
import {
  copyValue,
  type Document,
  isArray,
  isDocument,
  isTruthy,
  type Maybe,
  typeName,
  type Value,
} from '../values.ts';
import type { Pipeline, Stages } from './stage.ts';

/** Stages that pick, order and repeat documents. */

function match(spec: Value): Pipeline {
  if (!isDocument(spec))
    throw new DatabaseError(15959, 'the match filter must be an expression in an object');
  const query = compileQuery(spec);
  return (documents, variables) => documents.filter((document) => query(document, undefined, variables));
}

function sort(spec: Value): Pipeline {
  if (!isDocument(spec)) throw new DatabaseError(15973, 'the $sort key specification must be an object');
  if (spec.size === 0) throw new DatabaseError(15976, '$sort stage must have at least one sort key');
  const order = compileSort(spec);
  return (documents) => order(documents, (document) => document);
}

function wholeNumber(spec: Value, name: string, min: number, code: number): number {
  const number = isNumeric(spec) ? toNumber(spec) : Number.NaN;
  if (Number.isInteger(number) && number >= min) return number;
  if (name === '$limit' && number === 0) throw new DatabaseError(15958, 'the limit must be positive');
  throw new DatabaseError(
    code,
    `invalid argument to ${name} stage: Expected ${min > 0 ? 'a positive' : 'a non-negative'} number in: ${name}: ${typeName(spec)}`,
  );
}

function limit(spec: Value, _: unknown, name: string): Pipeline {
  const most = wholeNumber(spec, name, 1, 5107201);
  return (documents) => documents.slice(0, most);
}

function skip(spec: Value, _: unknown, name: string): Pipeline {
  const first = wholeNumber(spec, name, 0, 5107200);
  return (documents) => documents.slice(first);
}

function count(spec: Value): Pipeline {
  if (typeof spec !== 'string') throw new DatabaseError(40156, 'the count field must be a non-empty string');
  if (spec === '' || spec.startsWith('$') || spec.includes('.')) {
    throw new DatabaseError(
      40156,
      `the count field must be a non-empty string without '$' or '.': '${spec}'`,
    );
  }
  return (documents) => (documents.length === 0 ? [] : [new Map<string, Value>([[spec, documents.length]])]);
}

function unwind(spec: Value): Pipeline {
  const options = isDocument(spec) ? spec : new Map<string, Value>([['path', spec]]);
  const [field, index] = [options.get('path'), options.get('includeArrayIndex')];
  for (const name of options.keys()) {
    if (!['path', 'includeArrayIndex', 'preserveNullAndEmptyArrays'].includes(name)) {
      throw new DatabaseError(28811, `unrecognized option to $unwind stage: ${name}`);
    }
  }
  if (field === undefined) throw new DatabaseError(28812, 'no path specified to $unwind stage');
  if (typeof field !== 'string') {
    throw new DatabaseError(28808, `expected a string as the path for $unwind stage, got ${typeName(field)}`);
  }
  if (!field.startsWith('$') || field.length < 2) {
    throw new DatabaseError(28818, `path option to $unwind stage should be prefixed with a '$': ${field}`);
  }
  const path = parsePath(field.slice(1));
  const keepsEmpty = isTruthy(options.get('preserveNullAndEmptyArrays'));
  const indexName = typeof index === 'string' ? index : undefined;
  return (documents) => documents.flatMap((document) => unwound(document, path, keepsEmpty, indexName));
}

function unwound(
  document: Document,
  path: readonly string[],
  keepsEmpty: boolean,
  index: string | undefined,
): Document[] {
  const value = valueAt(document, path);
  if (isArray(value) && value.length > 0) {
    return value.map((item, position) => withField(document, path, item, index, position));
  }
  if (value !== undefined && value !== null && !isArray(value)) {
    return [withField(document, path, value, index, null)];
  }
  if (!keepsEmpty) return [];
  return [withField(document, path, isArray(value) ? undefined : value, index, null)];
}

function withField(
  document: Document,
  path: readonly string[],
  value: Maybe,
  index: string | undefined,
  position: number | null,
): Document {
  // Only what lies on the path is copied: the rest is shared with the other documents.
  const [first = ''] = path;
  const result = new Map(document);
  const inner = result.get(first);
  if (path.length > 1 && inner !== undefined) result.set(first, copyValue(inner));
  if (value !== undefined) putAt(result, path, value);
  else if (path.length === 1) result.delete(first);
  else removeAt(result, path);
  if (index !== undefined) putAt(result, parsePath(index), position);
  return result;
}

function removeAt(document: Document, path: readonly string[]): void {
  const parent = valueAt(document, path.slice(0, -1));
  if (isDocument(parent)) parent.delete(path.at(-1) ?? '');
}

function sample(spec: Value): Pipeline {
  const size = isDocument(spec) ? spec.get('size') : undefined;
  if (!isNumeric(size)) throw new DatabaseError(28746, 'size argument to $sample must be a number');
  if (toNumber(size) <= 0)
    throw new DatabaseError(28747, 'size argument to $sample must be a positive integer');
  return (documents) => {
    const shuffled = documents.slice();
    for (let index = shuffled.length - 1; index > 0; index--) {
      const other = Math.floor(Math.random() * (index + 1));
      const [a, b] = [shuffled[index], shuffled[other]];
      if (a !== undefined && b !== undefined) [shuffled[index], shuffled[other]] = [b, a];
    }
    return shuffled.slice(0, Math.trunc(toNumber(size)));
  };
}

/** `$$KEEP`, `$$PRUNE` or `$$DESCEND` for a document and, below the last, each inside it. */
function redact(spec: Value): Pipeline {
  const expression = compile(spec);
  return (documents, variables) => {
    const shown = (document: Document): Document | undefined => {
      const decision = expression({ root: document, current: document, variables });
      if (decision === '$$KEEP') return document;
      if (decision === '$$PRUNE') return undefined;
      if (decision !== '$$DESCEND')
        throw new DatabaseError(
          17053,
          "$redact's expression should not return anything aside from the variables $$KEEP, $$DESCEND, and $$PRUNE",
        );
      const entries = Array.from(document, ([name, value]) => [name, descend(value)] as const);
      return new Map(entries.filter((entry): entry is readonly [string, Value] => entry[1] !== undefined));
    };
    const descend = (value: Value): Value | undefined => {
      if (isDocument(value)) return shown(value);
      return isArray(value) ? value.map(descend).filter((inner) => inner !== undefined) : value;
    };
    return documents.map(shown).filter((document) => document !== undefined);
  };
}

export const basicStages: Stages = {
  $match: match,
  $sort: sort,
  $limit: limit,
  $skip: skip,
  $count: count,
  $unwind: unwind,
  $sample: sample,
  $redact: redact,
};
