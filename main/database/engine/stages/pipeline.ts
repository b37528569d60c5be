import { DatabaseError, notImplemented } from '../errors.ts';
import { type Document, isDocument, type Value } from '../values.ts';
import { basicStages } from './basic-stages.ts';
import { fieldStages } from './field-stages.ts';
import { groupStages } from './group-stages.ts';
import { joinStages } from './join-stages.ts';
import { isOutputStage, outputStages } from './output-stages.ts';
import { type Pipeline, type PipelineSource, type StageContext, type Stages, stageOf } from './stage.ts';
import { windowStages } from './window-stage.ts';

/** Aggregation pipelines: each stage gets all that the one before it gave. */

/** Stages that begin a pipeline: they don't read the collection. */
const firstStages: Stages = {
  $collStats: (spec, { source, collection }) => {
    if (!isDocument(spec)) throw new DatabaseError(5447000, '$collStats must take a nested object');
    return () => source.statistics(collection ?? '', spec);
  },
  $indexStats:
    (_, { source, collection }) =>
    () =>
      source.indexStatistics(collection ?? ''),
  $documents: (spec) => {
    const documents = Array.isArray(spec) ? spec.filter(isDocument) : [];
    return () => documents;
  },
};

const STAGES: Stages = Object.assign(
  Object.create(null),
  firstStages,
  basicStages,
  fieldStages,
  groupStages,
  joinStages,
  windowStages,
  outputStages,
);

const NOT_IMPLEMENTED = new Set([
  '$densify',
  '$fill',
  '$geoNear',
  '$search',
  '$searchMeta',
  '$vectorSearch',
  '$currentOp',
  '$listSessions',
  '$listLocalSessions',
  '$planCacheStats',
  '$changeStreamSplitLargeEvent',
  '$shardedDataDistribution',
]);

/** What is not allowed in a `$facet`, a `$lookup` or a `$unionWith`. */
const OUTER_ONLY = new Set(['$out', '$merge', '$collStats', '$indexStats']);

/** @throws {DatabaseError} 40324 for an unknown stage, and what each says of its specification */
export function compilePipeline(
  stages: readonly Value[],
  source: PipelineSource,
  collection: string | undefined,
): Pipeline {
  return compileStages(stages, createContext(source, collection), true);
}

function createContext(source: PipelineSource, collection: string | undefined): StageContext {
  return {
    source,
    collection,
    compilePipeline: (inner, from) => compileStages(inner, createContext(source, from), false),
  };
}

function compileStages(stages: readonly Value[], context: StageContext, isOutermost: boolean): Pipeline {
  const compiled = stages.map((stage, index) => {
    const [name, spec] = stageOf(stage);
    checkPlace(name, index, stages.length, isOutermost);
    return createStage(name)(spec, context, name);
  });
  return (documents, variables) => {
    let current: readonly Document[] = documents;
    for (const stage of compiled) current = stage(current, variables);
    return current;
  };
}

function checkPlace(name: string, index: number, count: number, isOutermost: boolean): void {
  if (isOutputStage(name) && index !== count - 1) {
    throw new DatabaseError(40601, `${name} can only be the final stage in the pipeline`);
  }
  if (index > 0 && name in firstStages) {
    throw new DatabaseError(40602, `${name} is only valid as the first stage in a pipeline.`);
  }
  if (!isOutermost && OUTER_ONLY.has(name)) {
    throw new DatabaseError(51047, `${name} is not allowed to be used within an inner pipeline`);
  }
}

function createStage(name: string): Stages[string] {
  const stage = STAGES[name];
  if (stage !== undefined) return stage;
  if (name === '$changeStream') {
    throw new DatabaseError(40573, 'The $changeStream stage is only supported on replica sets');
  }
  if (NOT_IMPLEMENTED.has(name)) throw notImplemented(`The stage ${name}`);
  throw new DatabaseError(40324, `Unrecognized pipeline stage name: '${name}'`);
}

/** Whether a pipeline's documents come from elsewhere than the collection. */
export function startsElsewhere(stages: readonly Value[]): boolean {
  const [first] = stages;
  return isDocument(first) && [...first.keys()].some((name) => name in firstStages);
}
