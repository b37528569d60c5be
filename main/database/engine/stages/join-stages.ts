import { keyOf } from '../compare.ts';
import { DatabaseError } from '../errors.ts';
import { compile } from '../expressions/compile.ts';
import type { Variables } from '../expressions/scope.ts';
import { isNumeric, makeInteger, toNumber } from '../numbers.ts';
import { type Path, parsePath, putAt, resolveField, visitLeaves } from '../paths.ts';
import { compileQuery } from '../query/query.ts';
import { copyValue, type Document, isArray, isDocument, type Maybe, type Value } from '../values.ts';
import type { Pipeline, StageContext, Stages } from './stage.ts';

/** Stages that bring in other documents. */

function text(spec: Document, name: string, stage: string): string {
  const value = spec.get(name);
  if (typeof value === 'string') return value;
  throw new DatabaseError('FailedToParse', `${stage} argument '${name}' must be a string`);
}

/** A copy that `as` may be put into. */
function withField(document: Document, path: Path, value: Value): Document {
  const result = new Map(document);
  const [first = ''] = path;
  const inner = result.get(first);
  if (path.length > 1 && inner !== undefined) result.set(first, copyValue(inner));
  putAt(result, path, value);
  return result;
}

/** Finds the documents of a collection by one field's value, an array's elements included. */
type Finder = (values: readonly Value[]) => readonly Document[];

/** Few questions go to an index when there is one; many are answered from a table made once. */
function createFinder(context: StageContext, collection: string, field: string): Finder {
  const { source } = context;
  if (source.hasIndex(collection, field)) {
    return (values) =>
      source.find(
        collection,
        new Map<string, Value>([[field, new Map<string, Value>([['$in', [...values]]])]]),
      );
  }
  const path = parsePath(field);
  const table = new Map<string, Document[]>();
  for (const document of source.find(collection, undefined)) {
    const keys = new Set<string>();
    visitLeaves(document, path, (value) => {
      keys.add(keyOf(value ?? null));
      return false;
    });
    for (const key of keys) {
      const known = table.get(key);
      if (known === undefined) table.set(key, [document]);
      else known.push(document);
    }
  }
  return (values) => {
    const found = values.map((value) => table.get(keyOf(value)) ?? []);
    return found.length === 1 ? (found[0] ?? []) : [...new Set(found.flat())];
  };
}

/** What a local field asks for: its elements when it is an array, null when it isn't there. */
function sought(value: Maybe): Value[] {
  return isArray(value) ? value : [value ?? null];
}

function lookup(spec: Value, context: StageContext, name: string): Pipeline {
  if (!isDocument(spec))
    throw new DatabaseError('FailedToParse', 'the $lookup specification must be an Object');
  for (const option of spec.keys()) {
    if (!['from', 'as', 'localField', 'foreignField', 'let', 'pipeline'].includes(option)) {
      throw new DatabaseError('FailedToParse', `unknown argument to $lookup: ${option}`);
    }
  }
  const as = parsePath(text(spec, 'as', name));
  const pipeline = spec.get('pipeline');
  const isByFields = spec.has('localField') || spec.has('foreignField');
  if (pipeline === undefined && !isByFields) {
    throw new DatabaseError(
      'FailedToParse',
      "$lookup requires either 'pipeline' or both 'localField' and 'foreignField' to be specified",
    );
  }
  const from = spec.has('from') || pipeline === undefined ? text(spec, 'from', name) : undefined;
  const fields = isByFields
    ? { local: parsePath(text(spec, 'localField', name)), foreign: text(spec, 'foreignField', name) }
    : undefined;
  const inner = isArray(pipeline) ? context.compilePipeline(pipeline, from) : undefined;
  const definitions = letDefinitions(spec.get('let'));
  return (documents, outer) => {
    const find =
      fields === undefined || from === undefined ? undefined : createFinder(context, from, fields.foreign);
    const all = find === undefined && from !== undefined ? context.source.find(from, undefined) : [];
    return documents.map((document) => {
      const found = find === undefined ? all : find(sought(resolveField(document, fields?.local ?? [])));
      const variables = definitions(document, outer);
      return withField(document, as, [...(inner === undefined ? found : inner(found, variables))]);
    });
  };
}

function letDefinitions(
  spec: Maybe,
): (document: Document, outer: Variables | undefined) => Variables | undefined {
  if (!isDocument(spec)) return (_, outer) => outer;
  const definitions = Array.from(spec, ([name, value]) => [name, compile(value)] as const);
  return (document, outer) => {
    let variables = outer;
    for (const [name, expression] of definitions) {
      const value = expression({ root: document, current: document, variables: outer });
      variables = { name, value, outer: variables };
    }
    return variables;
  };
}

function graphLookup(spec: Value, context: StageContext, name: string): Pipeline {
  if (!isDocument(spec))
    throw new DatabaseError('FailedToParse', 'the $graphLookup stage specification must be an object');
  const [from, as] = [text(spec, 'from', name), parsePath(text(spec, 'as', name))];
  const connectFrom = parsePath(text(spec, 'connectFromField', name));
  const connectTo = text(spec, 'connectToField', name);
  const start = compile(spec.get('startWith') ?? null);
  const [maxDepth, depthField, restriction] = [
    spec.get('maxDepth'),
    spec.get('depthField'),
    spec.get('restrictSearchWithMatch'),
  ];
  const deepest = isNumeric(maxDepth) ? toNumber(maxDepth) : Number.POSITIVE_INFINITY;
  const accepts = isDocument(restriction) ? compileQuery(restriction) : () => true;
  return (documents, variables) => {
    const find = createFinder(context, from, connectTo);
    return documents.map((document) => {
      const reached = new Map<string, Document>();
      let next = sought(start({ root: document, current: document, variables }));
      for (let depth = 0; depth <= deepest && next.length > 0; depth++) {
        const fresh = find(next).filter((other) => accepts(other) && !reached.has(keyOf(other.get('_id'))));
        for (const other of fresh) reached.set(keyOf(other.get('_id')), withDepth(other, depthField, depth));
        next = fresh.flatMap((other) => {
          const value = resolveField(other, connectFrom);
          return value === undefined ? [] : sought(value);
        });
      }
      return withField(document, as, [...reached.values()]);
    });
  };
}

function withDepth(document: Document, field: Maybe, depth: number): Document {
  if (typeof field !== 'string') return document;
  return withField(document, parsePath(field), makeInteger(BigInt(depth), true) ?? null);
}

function facet(spec: Value, context: StageContext): Pipeline {
  if (!isDocument(spec) || spec.size === 0) {
    throw new DatabaseError(40169, 'the $facet specification must be a non-empty object');
  }
  const pipelines = Array.from(spec, ([name, stages]) => {
    if (!isArray(stages))
      throw new DatabaseError(40170, `arguments to $facet must be arrays, ${name} is not`);
    return [name, context.compilePipeline(stages, context.collection)] as const;
  });
  return (documents, variables) => [
    new Map(
      pipelines.map(([name, pipeline]): [string, Value] => [name, [...pipeline(documents, variables)]]),
    ),
  ];
}

function unionWith(spec: Value, context: StageContext): Pipeline {
  const collection = isDocument(spec) ? spec.get('coll') : spec;
  const stages = isDocument(spec) ? (spec.get('pipeline') ?? []) : [];
  if (typeof collection !== 'string') {
    throw new DatabaseError(
      'FailedToParse',
      'the $unionWith specification must be a string or an object with coll',
    );
  }
  if (!isArray(stages)) throw new DatabaseError('TypeMismatch', "$unionWith's pipeline must be an array");
  const pipeline = context.compilePipeline(stages, collection);
  return (documents, variables) => [
    ...documents,
    ...pipeline(context.source.find(collection, undefined), variables),
  ];
}

export const joinStages: Stages = {
  $lookup: lookup,
  $graphLookup: graphLookup,
  $facet: facet,
  $unionWith: unionWith,
};
