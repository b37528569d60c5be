import { DatabaseError } from '../errors.ts';
import type { Document, Maybe, Value } from '../values.ts';
import { fieldStages } from './field-stages.ts';
import { stageOf, variablesOf } from './stage.ts';

/**
 * An update that is a pipeline: some stages, for one document.
 * @throws {DatabaseError} InvalidOptions for any other stage
 */
export function compileUpdatePipeline(
  stages: readonly Value[],
  given: Maybe,
): (document: Document) => Document {
  const compiled = stages.map((stage) => {
    const [name, spec] = stageOf(stage);
    const create = fieldStages[name];
    if (create === undefined)
      throw new DatabaseError('InvalidOptions', `${name} is not allowed to be used within an update`);
    return create(spec, undefined, name);
  });
  const variables = variablesOf(given);
  return (document) => {
    let current: readonly Document[] = [document];
    for (const stage of compiled) current = stage(current, variables);
    return current[0] ?? document;
  };
}
