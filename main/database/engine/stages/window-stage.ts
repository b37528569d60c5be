import { compare, keyOf } from '../compare.ts';
import { DatabaseError } from '../errors.ts';
import { compile } from '../expressions/compile.ts';
import type { Variables } from '../expressions/scope.ts';
import { parsePath, putAt } from '../paths.ts';
import { compileSort, parseSort } from '../sort.ts';
import { copyValue, type Document, isArray, isDocument, type Maybe, type Value } from '../values.ts';
import { type Accumulation, compileAccumulation } from './group-accumulators.ts';
import type { Pipeline, Stages } from './stage.ts';
import { parseWindow, type Window } from './window-bounds.ts';
import { compilePositional, isPositional, type Partition } from './window-functions.ts';

/** `$setWindowFields`: each document gets what is computed over its neighbours. */

/** What one field is for each document of a partition. */
type Output = (partition: Partition) => readonly Maybe[];

function setWindowFields(spec: Value): Pipeline {
  if (!isDocument(spec))
    throw new DatabaseError('FailedToParse', 'the $setWindowFields stage specification must be an object');
  for (const name of spec.keys()) {
    if (!['partitionBy', 'sortBy', 'output'].includes(name)) {
      throw new DatabaseError(40415, `BSON field '$setWindowFields.${name}' is an unknown field.`);
    }
  }
  const [sortBy, output] = [spec.get('sortBy'), spec.get('output')];
  if (!isDocument(output))
    throw new DatabaseError(40414, "BSON field '$setWindowFields.output' is missing but a required field");
  const partitionBy = compile(spec.get('partitionBy') ?? null);
  const order = isDocument(sortBy) ? sortBy : undefined;
  const sort = order === undefined ? undefined : compileSort(order);
  const outputs = Array.from(
    output,
    ([name, value]) => [parsePath(name), compileOutput(name, value, order)] as const,
  );
  return (documents, variables) => {
    const partitions = new Map<string, { key: Value; documents: Document[] }>();
    for (const document of documents) {
      const key = partitionBy({ root: document, current: document, variables }) ?? null;
      const known = partitions.get(keyOf(key));
      if (known === undefined) partitions.set(keyOf(key), { key, documents: [document] });
      else known.documents.push(document);
    }
    const inOrder = [...partitions.values()].sort((a, b) => compare(a.key, b.key));
    return inOrder.flatMap((part) => {
      const sorted = sort === undefined ? part.documents : sort(part.documents, (document) => document);
      return withOutputs(sorted, outputs, order, variables);
    });
  };
}

function withOutputs(
  documents: readonly Document[],
  outputs: readonly (readonly [readonly string[], Output])[],
  order: Document | undefined,
  variables: Variables | undefined,
): Document[] {
  const fields = order === undefined ? [] : parseSort(order).map(({ name }) => parsePath(name));
  const results = documents.map((document) => copyValue(document));
  for (const [path, output] of outputs) {
    for (const [index, value] of output({ documents, orderedBy: fields, variables }).entries()) {
      const result = results[index];
      if (result !== undefined && value !== undefined) putAt(result, path, value);
    }
  }
  return results;
}

function compileOutput(field: string, spec: Value, order: Document | undefined): Output {
  if (!isDocument(spec)) throw new DatabaseError('FailedToParse', `The field '${field}' must be an object`);
  const [entry] = [...spec].filter(([name]) => name !== 'window');
  if (entry === undefined) throw new DatabaseError('FailedToParse', `'${field}' must have a window function`);
  const [name, operand] = entry;
  if (isPositional(name)) return compilePositional(name, operand, order);
  const accumulation = compileAccumulation(new Map([entry]), field);
  const window = parseWindow(spec.get('window'), order);
  return (partition) => accumulate(accumulation, window, partition);
}

function accumulate({ input, create }: Accumulation, window: Window, partition: Partition): Maybe[] {
  const { documents, variables } = partition;
  const scopes = documents.map((document) => ({ root: document, current: document, variables }));
  const values = scopes.map((scope) => input(scope));
  const [first] = scopes;
  if (first === undefined) return [];
  // While the window only grows, what it held already is not computed again.
  let growing = create(first);
  let [from, to] = [0, 0];
  return documents.map((_, index) => {
    const { start, end } = window.around(partition, index);
    if (start !== from || end < to) {
      growing = create(first);
      [from, to] = [start, start];
    }
    for (; to < end; to++) growing.add(values[to]);
    const result = growing.result();
    return isArray(result) ? result.slice() : result;
  });
}

export const windowStages: Stages = {
  $setWindowFields: setWindowFields,
};
