import { compare, keyOf } from '../compare.ts';
import { DatabaseError } from '../errors.ts';
import type { Accumulator } from '../expressions/accumulators.ts';
import { compile } from '../expressions/compile.ts';
import type { Expression, Variables } from '../expressions/scope.ts';
import { isNumeric, toNumber } from '../numbers.ts';
import { type Document, isArray, isDocument, type Maybe, type Value } from '../values.ts';
import { type Accumulation, compileAccumulation } from './group-accumulators.ts';
import type { Pipeline, Stages } from './stage.ts';

/** Stages that make one document of many. */

type Fields = readonly (readonly [string, Accumulation])[];

interface Group {
  readonly id: Value;
  readonly accumulators: readonly Accumulator[];
}

function compileFields(fields: Iterable<readonly [string, Value]>): Fields {
  return Array.from(fields, ([name, spec]) => {
    if (name.includes('.')) throw new DatabaseError(40235, `The field name '${name}' cannot contain '.'`);
    if (name.startsWith('$'))
      throw new DatabaseError(40236, `The field name '${name}' cannot be an operator name`);
    return [name, compileAccumulation(spec, name)];
  });
}

/** @param idOf undefined leaves a document out */
function groupBy(
  documents: readonly Document[],
  variables: Variables | undefined,
  fields: Fields,
  idOf: Expression,
): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const document of documents) {
    const scope = { root: document, current: document, variables };
    const id = idOf(scope) ?? null;
    const key = keyOf(id);
    let group = groups.get(key);
    if (group === undefined) {
      const root = isDocument(id) ? id : new Map<string, Value>();
      group = { id, accumulators: fields.map(([, { create }]) => create({ root, current: id, variables })) };
      groups.set(key, group);
    }
    for (const [index, [, { input }]] of fields.entries()) group.accumulators[index]?.add(input(scope));
  }
  return groups;
}

function documentOf({ id, accumulators }: Group, fields: Fields): Document {
  const result: Document = new Map([['_id', id]]);
  for (const [index, [name]] of fields.entries()) {
    const value = accumulators[index]?.result();
    if (value !== undefined) result.set(name, value);
  }
  return result;
}

function group(spec: Value): Pipeline {
  if (!isDocument(spec)) throw new DatabaseError(15947, "a group's fields must be specified in an object");
  const id = spec.get('_id');
  if (id === undefined) throw new DatabaseError(15955, 'a group specification must include an _id');
  const idOf = compile(id);
  const fields = compileFields([...spec].filter(([name]) => name !== '_id'));
  return (documents, variables) =>
    Array.from(groupBy(documents, variables, fields, idOf).values(), (found) => documentOf(found, fields));
}

function sortByCount(spec: Value): Pipeline {
  const isExpression = isDocument(spec) && [...spec.keys()][0]?.startsWith('$') === true;
  if (!isExpression && !(typeof spec === 'string' && spec.startsWith('$'))) {
    throw new DatabaseError(
      40147,
      'the sortByCount field must be defined as a $-prefixed path or an expression inside an object',
    );
  }
  const grouped = group(
    new Map<string, Value>([
      ['_id', spec],
      ['count', new Map([['$sum', 1]])],
    ]),
  );
  return (documents, variables) =>
    grouped(documents, variables)
      .slice()
      .sort((a, b) => compare(b.get('count'), a.get('count')));
}

const COUNT: Document = new Map<string, Value>([['count', new Map([['$sum', 1]])]]);

function requireOptions(spec: Value, name: string): { readonly groupBy: Value; readonly output: Document } {
  if (!isDocument(spec)) throw new DatabaseError(40201, `Argument to ${name} stage must be an object`);
  const [by, output] = [spec.get('groupBy'), spec.get('output')];
  if (by === undefined)
    throw new DatabaseError(40198, `${name} requires 'groupBy' and 'boundaries' to be specified.`);
  if (output !== undefined && !isDocument(output))
    throw new DatabaseError(40196, `The ${name} 'output' field must be an object`);
  return { groupBy: by, output: output ?? COUNT };
}

function bucket(spec: Value, _: unknown, name: string): Pipeline {
  const options = requireOptions(spec, name);
  const boundaries = isDocument(spec) ? spec.get('boundaries') : undefined;
  const otherwise = isDocument(spec) ? spec.get('default') : undefined;
  if (!isArray(boundaries) || boundaries.length < 2) {
    throw new DatabaseError(40192, "The $bucket 'boundaries' field must have at least 2 values");
  }
  for (const [index, boundary] of boundaries.entries()) {
    const next = boundaries[index + 1];
    if (next !== undefined && compare(boundary, next) >= 0) {
      throw new DatabaseError(40194, "The 'boundaries' option to $bucket must be sorted in ascending order");
    }
  }
  const [fields, value] = [compileFields(options.output), compile(options.groupBy)];
  const idOf: Expression = (scope) => boundaryBelow(boundaries, value(scope) ?? null, otherwise);
  return (documents, variables) =>
    Array.from(groupBy(documents, variables, fields, idOf).values(), (found) =>
      documentOf(found, fields),
    ).sort((a, b) => compare(a.get('_id'), b.get('_id')));
}

function boundaryBelow(boundaries: readonly Value[], value: Value, otherwise: Maybe): Value {
  const above = boundaries.findIndex((boundary) => compare(value, boundary) < 0);
  const found = above > 0 ? boundaries[above - 1] : otherwise;
  if (found !== undefined) return found;
  throw new DatabaseError(
    40066,
    '$switch could not find a matching branch for an input, and no default was specified.',
  );
}

function bucketAuto(spec: Value, _: unknown, name: string): Pipeline {
  const options = requireOptions(spec, name);
  const given = isDocument(spec) ? spec.get('buckets') : undefined;
  const count = isNumeric(given) ? toNumber(given) : Number.NaN;
  if (!Number.isInteger(count) || count < 1) {
    throw new DatabaseError(40243, "The $bucketAuto 'buckets' field must be greater than 0");
  }
  const [fields, value] = [compileFields(options.output), compile(options.groupBy)];
  return (documents, variables) => {
    const scoped = documents.map((document) => ({
      document,
      value: value({ root: document, current: document, variables }) ?? null,
    }));
    scoped.sort((a, b) => compare(a.value, b.value));
    return autoBuckets(scoped, count).map(({ members, max }) => {
      const id: Document = new Map<string, Value>([
        ['min', members[0]?.value ?? null],
        ['max', max],
      ]);
      const inside = members.map(({ document }) => document);
      const [found] = groupBy(inside, variables, fields, () => id).values();
      return found === undefined ? new Map() : documentOf(found, fields);
    });
  };
}

interface Valued {
  readonly document: Document;
  readonly value: Value;
}

/** About equally many in each, and equal values never apart. */
function autoBuckets(sorted: readonly Valued[], count: number): { members: Valued[]; max: Value }[] {
  const size = Math.max(1, Math.round(sorted.length / count));
  const buckets: { members: Valued[]; max: Value }[] = [];
  let at = 0;
  while (at < sorted.length) {
    let end = buckets.length === count - 1 ? sorted.length : Math.min(at + size, sorted.length);
    while (end < sorted.length && compare(sorted[end]?.value, sorted[end - 1]?.value) === 0) end++;
    const members = sorted.slice(at, end);
    buckets.push({ members, max: (sorted[end] ?? sorted[end - 1])?.value ?? null });
    at = end;
  }
  return buckets;
}

export const groupStages: Stages = {
  $group: group,
  $sortByCount: sortByCount,
  $bucket: bucket,
  $bucketAuto: bucketAuto,
};
