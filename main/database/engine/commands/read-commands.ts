import { Long } from 'bson';
import { encode } from '../bson.ts';
import { keyOf } from '../compare.ts';
import { DatabaseError, notImplemented } from '../errors.ts';
import { isLong, isNumeric, toNumber } from '../numbers.ts';
import { parsePath, visitPath } from '../paths.ts';
import { compileProjection } from '../projection.ts';
import { variablesOf } from '../stages/stage.ts';
import { type Document, isArray, type Maybe, type Value } from '../values.ts';
import { aggregate } from './aggregate-command.ts';
import type { Arguments } from './arguments.ts';
import { type Command, type CommandContext, type Commands, OK, reply } from './command.ts';
import { type Selected, type Selection, select } from './selection.ts';

function findSelection(given: Arguments): Selection {
  return {
    query: given.document('filter') ?? new Map(),
    sort: given.document('sort'),
    skip: given.count('skip'),
    limit: given.count('limit'),
    hint: emptyToNone(given.get('hint')),
    variables: variablesOf(given.get('let')),
  };
}

function emptyToNone(hint: Maybe): Maybe {
  return hint instanceof Map && hint.size === 0 ? undefined : hint;
}

const find: Command = {
  fields: [
    'filter',
    'sort',
    'projection',
    'hint',
    'skip',
    'limit',
    'batchSize',
    'singleBatch',
    'let',
    'allowDiskUse',
    'noCursorTimeout',
    'allowPartialResults',
    'oplogReplay',
    'awaitData',
    'tailable',
    'min',
    'max',
    'returnKey',
    'showRecordId',
  ],
  run({ arguments: given }, { catalog, cursors }) {
    given.refuse('tailable', 'awaitData', 'min', 'max', 'returnKey', 'showRecordId');
    const selection = findSelection(given);
    const projection = given.document('projection');
    const project = projection === undefined ? undefined : compileProjection(projection, { isFind: true });
    const { selected } = select(catalog.find(given.namespace), selection);
    const shown = (item: Selected) =>
      project === undefined
        ? item.stored.raw
        : encode(project(item.stored.document, item.found, selection.variables));
    return cursors.open(
      given.namespace,
      selected.map(shown),
      given.count('batchSize'),
      given.flag('singleBatch'),
    );
  },
};

function cursorId(value: Maybe): Long {
  if (isLong(value)) return value;
  if (isNumeric(value)) return Long.fromNumber(toNumber(value));
  throw new DatabaseError(
    'TypeMismatch',
    "BSON field 'getMore.getMore' is the wrong type, expected type 'long'",
  );
}

const getMore: Command = {
  fields: ['collection', 'batchSize'],
  run({ arguments: given }, { cursors }) {
    const namespace = `${given.db}.${given.string('collection')}`;
    const batchSize = given.count('batchSize');
    return cursors.next(cursorId(given.get('getMore')), namespace, batchSize === 0 ? undefined : batchSize);
  },
};

const killCursors: Command = {
  fields: ['cursors'],
  run({ arguments: given }, { cursors }) {
    const ids = (given.array('cursors') ?? []).map(cursorId);
    const killed = ids.map((id): readonly [Long, boolean] => [id, cursors.kill(id)]);
    const list = (isKilled: boolean) => killed.filter(([, was]) => was === isKilled).map(([id]) => id);
    return reply(
      ['cursorsKilled', list(true)],
      ['cursorsNotFound', list(false)],
      ['cursorsAlive', []],
      ['cursorsUnknown', []],
      OK,
    );
  },
};

const count: Command = {
  fields: ['query', 'limit', 'skip', 'hint', 'fields'],
  run({ arguments: given }, { catalog }) {
    const query = given.document('query') ?? new Map();
    const limit = given.get('limit');
    const collection = catalog.find(given.namespace);
    const { selected } = select(collection, {
      query,
      skip: given.count('skip'),
      limit: isNumeric(limit) ? Math.abs(toNumber(limit)) : 0,
      hint: emptyToNone(given.get('hint')),
    });
    return reply(['n', selected.length], OK);
  },
};

const distinct: Command = {
  fields: ['key', 'query', 'hint'],
  run({ arguments: given }, { catalog }) {
    const path = parsePath(given.string('key'));
    const query = given.document('query') ?? new Map();
    const { selected } = select(catalog.find(given.namespace), {
      query,
      hint: emptyToNone(given.get('hint')),
    });
    const values = new Map<string, Value>();
    for (const { stored } of selected) {
      visitPath(stored.document, path, (found) => {
        for (const value of isArray(found) ? found : [found]) {
          if (value !== undefined && !values.has(keyOf(value))) values.set(keyOf(value), value);
        }
        return false;
      });
    }
    return reply(['values', [...values.values()]], OK);
  },
};

/** `explain` of a query: the plan and, if asked, what running it did. */
function explainSelection(
  name: string,
  namespace: string,
  selection: Selection,
  verbosity: string,
  { catalog }: CommandContext,
): Document {
  const started = Date.now();
  const { plan, selected, examined } = select(catalog.find(namespace), selection);
  const filter = selection.query;
  const winningPlan = describePlan(plan.index?.options, selection);
  const planner = reply(
    ['namespace', namespace],
    ['indexFilterSet', false],
    ['parsedQuery', filter],
    ['winningPlan', winningPlan],
    ['rejectedPlans', []],
  );
  const result = reply(['explainVersion', '1'], ['queryPlanner', planner]);
  if (verbosity !== 'queryPlanner') {
    result.set(
      'executionStats',
      reply(
        ['executionSuccess', true],
        ['nReturned', selected.length],
        ['executionTimeMillis', Date.now() - started],
        ['totalKeysExamined', plan.index === undefined ? 0 : examined],
        ['totalDocsExamined', examined],
        ['executionStages', winningPlan],
      ),
    );
  }
  result.set('command', reply([name, namespace.slice(namespace.indexOf('.') + 1)], ['filter', filter]));
  result.set('serverInfo', reply(['host', '127.0.0.1'], ['version', '7.0.0']));
  result.set(...OK);
  return result;
}

function describePlan(
  index: { readonly name: string; readonly key: Document } | undefined,
  selection: Selection,
): Document {
  const scan =
    index === undefined
      ? reply(['stage', 'COLLSCAN'], ['filter', selection.query], ['direction', 'forward'])
      : reply(
          ['stage', 'FETCH'],
          ['filter', selection.query],
          ['inputStage', reply(['stage', 'IXSCAN'], ['keyPattern', index.key], ['indexName', index.name])],
        );
  if (selection.sort === undefined || selection.sort.size === 0) return scan;
  return reply(['stage', 'SORT'], ['sortPattern', selection.sort], ['inputStage', scan]);
}

const QUERY_FIELD: Readonly<Record<string, string>> = {
  find: 'filter',
  count: 'query',
  distinct: 'query',
  findAndModify: 'query',
};

const explain: Command = {
  fields: ['verbosity'],
  run({ arguments: given }, context) {
    const inner = given.document('explain');
    const [name = ''] = inner?.keys() ?? [];
    const verbosity = given.get('verbosity') ?? 'allPlansExecution';
    if (inner === undefined) throw new DatabaseError('FailedToParse', 'explain requires a command');
    const namespace = `${given.db}.${inner.get(name)}`;
    const selection = explainedSelection(name, inner);
    return explainSelection(name, namespace, selection, String(verbosity), context);
  },
};

function explainedSelection(name: string, inner: Document): Selection {
  const document = (value: Maybe): Document => (value instanceof Map ? value : new Map());
  const field = QUERY_FIELD[name];
  if (field !== undefined) {
    const [sort, hint] = [inner.get('sort'), emptyToNone(inner.get('hint'))];
    return { query: document(inner.get(field)), sort: sort instanceof Map ? sort : undefined, hint };
  }
  if (name === 'aggregate') {
    const pipeline = inner.get('pipeline');
    const [first] = isArray(pipeline) ? pipeline : [];
    return { query: document(document(first).get('$match')) };
  }
  const [list, key] = name === 'update' ? ['updates', 'q'] : ['deletes', 'q'];
  const statements = inner.get(list);
  if (name !== 'update' && name !== 'delete') throw notImplemented(`explain of ${name}`);
  const [statement] = isArray(statements) ? statements : [];
  return { query: document(document(statement).get(key)) };
}

export const readCommands: Commands = {
  find,
  getMore,
  killCursors,
  count,
  distinct,
  explain,
  aggregate,
};
