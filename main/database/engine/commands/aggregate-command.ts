import { encode } from '../bson.ts';
import { DatabaseError } from '../errors.ts';
import { compilePipeline, startsElsewhere } from '../stages/pipeline.ts';
import { variablesOf } from '../stages/stage.ts';
import { type Document, isDocument, type Maybe, type Value } from '../values.ts';
import { wholeNumber } from './arguments.ts';
import { CatalogSource } from './catalog-source.ts';
import { type Command, OK, reply } from './command.ts';

export const aggregate: Command = {
  fields: [
    'pipeline',
    'cursor',
    'explain',
    'let',
    'hint',
    'allowDiskUse',
    'bypassDocumentValidation',
    'fromMongos',
    'needsMerge',
  ],
  run({ arguments: given }, { catalog, cursors }) {
    const stages = given.array('pipeline');
    if (stages === undefined)
      throw new DatabaseError(40414, "BSON field 'aggregate.pipeline' is missing but a required field");
    const cursor = given.document('cursor');
    if (cursor === undefined && !given.flag('explain')) {
      throw new DatabaseError(
        'FailedToParse',
        "The 'cursor' option is required, except for aggregate with the explain argument",
      );
    }
    const collection = typeof given.get('aggregate') === 'string' ? given.collection : undefined;
    const namespace = collection === undefined ? `${given.db}.$cmd.aggregate` : given.namespace;
    const source = new CatalogSource(catalog, given.db);
    const pipeline = compilePipeline(stages, source, collection);
    if (given.flag('explain')) return explained(namespace, stages);
    const variables = variablesOf(given.get('let'));
    const documents =
      collection === undefined || startsElsewhere(stages)
        ? []
        : source.find(collection, leadingMatch(stages), given.get('hint'));
    const results = pipeline(documents, variables);
    return cursors.open(
      namespace,
      results.map((document) => source.rawOf(document) ?? encode(document)),
      wholeNumber(cursor?.get('batchSize'), 'aggregate.cursor.batchSize'),
    );
  },
};

/** What the first stage asks for; an index may answer it, and the stage then tests only what that found. */
function leadingMatch(stages: readonly Value[]): Document | undefined {
  const [first] = stages;
  const query: Maybe = isDocument(first) ? first.get('$match') : undefined;
  return isDocument(query) ? query : undefined;
}

function explained(namespace: string, stages: readonly Value[]): Document {
  const query = leadingMatch(stages) ?? new Map();
  const planner = reply(
    ['namespace', namespace],
    ['parsedQuery', query],
    ['winningPlan', reply(['stage', 'COLLSCAN'])],
  );
  return reply(
    ['explainVersion', '1'],
    ['stages', [reply(['$cursor', reply(['queryPlanner', planner])]), ...stages]],
    ['serverInfo', reply(['host', '127.0.0.1'], ['version', '7.0.0'])],
    OK,
  );
}
