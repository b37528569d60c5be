import { DatabaseError } from '../errors.ts';
import { compile } from '../expressions/compile.ts';
import type { Variables } from '../expressions/scope.ts';
import { type Document, isDocument, type Maybe, type Value } from '../values.ts';

/** What a pipeline can ask of the database around it. */
export interface PipelineSource {
  /** The namespace's documents that match; all when there is no query, none when there is no collection. */
  find(collection: string, query: Document | undefined): Document[];
  /** Whether a query for this field alone is answered by an index. */
  hasIndex(collection: string, field: string): boolean;
  /** `$out`: the collection has these documents and no others. */
  replaceAll(db: string | undefined, collection: string, documents: readonly Document[]): void;
  /** `$merge`: undefined when nothing has these values. */
  findOne(db: string | undefined, collection: string, query: Document): Document | undefined;
  insert(db: string | undefined, collection: string, document: Document): void;
  replace(db: string | undefined, collection: string, document: Document): void;
  /** Whether one document at most can have the same values of these fields. */
  isUnique(db: string | undefined, collection: string, fields: readonly string[]): boolean;
  /** `$collStats`, `$indexStats`. */
  statistics(collection: string, spec: Document): Document[];
  indexStatistics(collection: string): Document[];
}

/** What a stage is compiled with. */
export interface StageContext {
  readonly source: PipelineSource;
  /** The collection that the pipeline began with; `undefined` for `aggregate: 1`. */
  readonly collection: string | undefined;
  compilePipeline(stages: readonly Value[], collection: string | undefined): Pipeline;
}

export type Pipeline = (
  documents: readonly Document[],
  variables: Variables | undefined,
) => readonly Document[];

/** Makes the stage `{name: spec}`. */
type Stage = (spec: Value, context: StageContext, name: string) => Pipeline;

export type Stages = Readonly<Record<string, Stage>>;

/** A stage's name and what it says. @throws {DatabaseError} 40323 when it isn't one field */
export function stageOf(stage: Value): readonly [string, Value] {
  if (!isDocument(stage)) {
    throw new DatabaseError('TypeMismatch', "Each element of the 'pipeline' array must be an object");
  }
  const [entry] = stage;
  if (entry !== undefined && stage.size === 1) return entry;
  throw new DatabaseError(40323, 'A pipeline stage specification object must contain exactly one field.');
}

/** A command's `let`: each is computed once, without a document. */
export function variablesOf(given: Maybe): Variables | undefined {
  if (!isDocument(given)) return undefined;
  let variables: Variables | undefined;
  for (const [name, value] of given) {
    const root: Document = new Map();
    variables = { name, value: compile(value)({ root, current: root, variables }), outer: variables };
  }
  return variables;
}
