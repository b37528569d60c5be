import { DatabaseError } from '../errors.ts';
import { withVariable } from '../expressions/scope.ts';
import { parsePath, valueAt } from '../paths.ts';
import { type Document, isArray, isDocument, type Maybe, type Value } from '../values.ts';
import { fieldStages } from './field-stages.ts';
import { type Pipeline, type StageContext, type Stages, stageOf } from './stage.ts';

/** `$out` and `$merge`: what a pipeline found is stored, and the answer is empty. */

interface Target {
  readonly db: string | undefined;
  readonly collection: string;
}

function targetOf(spec: Maybe, name: string, code: number): Target {
  if (typeof spec === 'string') return { db: undefined, collection: spec };
  const [db, collection] = isDocument(spec) ? [spec.get('db'), spec.get('coll')] : [];
  if (typeof collection !== 'string') {
    throw new DatabaseError(code, `${name} requires a collection: a string or {db, coll}`);
  }
  return { db: typeof db === 'string' ? db : undefined, collection };
}

function out(spec: Value, { source }: StageContext): Pipeline {
  const { db, collection } = targetOf(spec, '$out', 16990);
  return (documents) => {
    source.replaceAll(db, collection, documents);
    return [];
  };
}

type WhenMatched = (found: Document, document: Document) => Document | undefined;

function merge(spec: Value, { source }: StageContext): Pipeline {
  const options = isDocument(spec) ? spec : new Map<string, Value>([['into', spec]]);
  const { db, collection } = targetOf(options.get('into'), '$merge', 51178);
  const on = options.get('on') ?? '_id';
  const fields = (isArray(on) ? on : [on]).map(String);
  const whenMatched = compileWhenMatched(options.get('whenMatched') ?? 'merge');
  const whenNotMatched = options.get('whenNotMatched') ?? 'insert';
  if (whenNotMatched !== 'insert' && whenNotMatched !== 'discard' && whenNotMatched !== 'fail') {
    throw new DatabaseError(
      'BadValue',
      `Enumeration value '${whenNotMatched}' for field '$merge.whenNotMatched' is not a valid value.`,
    );
  }
  return (documents) => {
    if (!source.isUnique(db, collection, fields)) {
      throw new DatabaseError(
        51183,
        `Cannot find index to verify that join fields will be unique: ${fields.join(', ')}`,
      );
    }
    for (const document of documents) {
      const query = new Map(
        fields.map((field): [string, Value] => [field, valueAt(document, parsePath(field)) ?? null]),
      );
      const found = source.findOne(db, collection, query);
      if (found !== undefined) {
        const next = whenMatched(found, document);
        if (next !== undefined) source.replace(db, collection, next);
      } else if (whenNotMatched === 'insert') {
        source.insert(db, collection, document);
      } else if (whenNotMatched === 'fail') {
        throw new DatabaseError(
          13113,
          '$merge could not find a matching document in the target collection for at least one document in the source collection',
        );
      }
    }
    return [];
  };
}

function compileWhenMatched(value: Value): WhenMatched {
  if (isArray(value)) {
    const stages = value.map((stage) => {
      const [name, spec] = stageOf(stage);
      const create = fieldStages[name];
      if (create === undefined)
        throw new DatabaseError(
          'InvalidOptions',
          `${name} is not allowed to be used within $merge's whenMatched`,
        );
      return create(spec, undefined, name);
    });
    return (found, document) => {
      const { variables } = withVariable(
        { root: found, current: found, variables: undefined },
        'new',
        document,
      );
      let current: readonly Document[] = [found];
      for (const stage of stages) current = stage(current, variables);
      return current[0];
    };
  }
  switch (value) {
    case 'merge':
      return (found, document) => new Map([...found, ...document, ['_id', found.get('_id') ?? null]]);
    case 'replace':
      return (found, document) => new Map<string, Value>([...document, ['_id', found.get('_id') ?? null]]);
    case 'keepExisting':
      return () => undefined;
    case 'fail':
      return () => {
        throw new DatabaseError(
          'DuplicateKey',
          '$merge with whenMatched: fail found an existing document with the same values for the on fields',
        );
      };
    default:
      throw new DatabaseError(
        'BadValue',
        `Enumeration value '${value}' for field '$merge.whenMatched' is not a valid value.`,
      );
  }
}

export const outputStages: Stages = {
  $out: out,
  $merge: merge,
};

/** A pipeline may have one of these, and only at its end. */
export function isOutputStage(name: string): boolean {
  return name in outputStages;
}
