import { Binary } from 'bson';
import { encode } from '../bson.ts';
import { checkNamespace } from '../catalog.ts';
import type { Collection } from '../collection.ts';
import type { CollectionIndex } from '../collection-index.ts';
import { isEqual } from '../compare.ts';
import { DatabaseError, notImplemented } from '../errors.ts';
import { ID_INDEX, type IndexOptions, parseIndex } from '../index-options.ts';
import { makeDouble } from '../numbers.ts';
import { compileQuery } from '../query/query.ts';
import { type Document, isArray, isDocument, isTruthy, type Maybe, type Value } from '../values.ts';
import { wholeNumber } from './arguments.ts';
import { type Command, type Commands, OK, reply } from './command.ts';

/** Collections, indexes and databases as such. */

const REFUSED_OPTIONS = [
  'capped',
  'timeseries',
  'viewOn',
  'validator',
  'clusteredIndex',
  'changeStreamPreAndPostImages',
  'encryptedFields',
];

const create: Command = {
  fields: [
    ...REFUSED_OPTIONS,
    'size',
    'max',
    'pipeline',
    'validationLevel',
    'validationAction',
    'indexOptionDefaults',
    'storageEngine',
    'autoIndexId',
    'idIndex',
    'expireAfterSeconds',
    'flags',
    'temp',
  ],
  run({ arguments: given }, { catalog }) {
    given.refuse(...REFUSED_OPTIONS);
    if (catalog.find(given.namespace) !== undefined) {
      throw new DatabaseError('NamespaceExists', `Collection ${given.namespace} already exists.`);
    }
    catalog.ensure(given.namespace);
    return reply(OK);
  },
};

const drop: Command = {
  fields: [],
  run({ arguments: given }, { catalog }) {
    const collection = catalog.find(given.namespace);
    // As MongoDB 7: no error.
    if (collection === undefined) return reply(OK);
    catalog.drop(given.namespace);
    return reply(['nIndexesWas', collection.indexes.length], ['ns', given.namespace], OK);
  },
};

const dropDatabase: Command = {
  fields: [],
  run({ arguments: given }, { catalog }) {
    const collections = catalog.collectionsOf(given.db);
    for (const { namespace } of collections) catalog.drop(namespace);
    return collections.length === 0 ? reply(OK) : reply(['dropped', given.db], OK);
  },
};

const createIndexes: Command = {
  fields: ['indexes', 'commitQuorum', 'ignoreUnknownIndexOptions'],
  run({ arguments: given }, { catalog }) {
    const specs = (given.array('indexes') ?? []).filter(isDocument);
    if (specs.length === 0) throw new DatabaseError('BadValue', 'Must specify at least one index to create');
    const all = specs.map(parseIndex);
    const isNew = catalog.find(given.namespace) === undefined;
    const collection = catalog.ensure(given.namespace);
    const before = collection.indexes.length;
    createAll(collection, all);
    const result = reply(
      ['numIndexesBefore', before],
      ['numIndexesAfter', collection.indexes.length],
      ['createdCollectionAutomatically', isNew],
    );
    if (before === collection.indexes.length) result.set('note', 'all indexes already exist');
    result.set(...OK);
    return result;
  },
};

/** All or none, as MongoDB builds the indexes of one command together. */
function createAll(collection: Collection, all: readonly IndexOptions[]): void {
  const made: string[] = [];
  try {
    for (const options of all) if (collection.createIndex(options)) made.push(options.name);
  } catch (error) {
    for (const name of made) collection.dropIndex(name);
    throw error;
  }
}

function findIndex(collection: Collection, wanted: Value): CollectionIndex {
  const found = collection.indexes.find(({ options }) =>
    typeof wanted === 'string' ? options.name === wanted : isEqual(options.key, wanted),
  );
  if (found === undefined) {
    const shown = typeof wanted === 'string' ? `name [${wanted}]` : 'key';
    throw new DatabaseError('IndexNotFound', `index not found with ${shown}`);
  }
  if (found.options.name === ID_INDEX.name)
    throw new DatabaseError('InvalidOptions', 'cannot drop _id index');
  return found;
}

const dropIndexes: Command = {
  fields: ['index'],
  run({ arguments: given }, { catalog }) {
    const collection = catalog.find(given.namespace);
    if (collection === undefined)
      throw new DatabaseError('NamespaceNotFound', `ns not found ${given.namespace}`);
    const before = collection.indexes.length;
    const wanted = given.get('index') ?? '*';
    const found =
      wanted === '*'
        ? collection.indexes.filter(({ options }) => options.name !== ID_INDEX.name)
        : (isArray(wanted) ? wanted : [wanted]).map((one) => findIndex(collection, one));
    for (const { options } of found) collection.dropIndex(options.name);
    return reply(['nIndexesWas', before], OK);
  },
};

const listIndexes: Command = {
  fields: ['cursor'],
  run({ arguments: given }, { catalog, cursors }) {
    const collection = catalog.require(given.namespace);
    const specs = collection.indexes.map(({ options }) => encode(options.spec));
    return cursors.open(given.namespace, specs, batchSizeOf(given.document('cursor'), 'listIndexes'));
  },
};

function batchSizeOf(cursor: Document | undefined, name: string): number | undefined {
  return wholeNumber(cursor?.get('batchSize'), `${name}.cursor.batchSize`);
}

const listCollections: Command = {
  fields: ['cursor', 'filter', 'nameOnly', 'authorizedCollections'],
  run({ arguments: given }, { catalog, cursors }) {
    const isNameOnly = given.flag('nameOnly');
    const filter = compileQuery(given.document('filter') ?? new Map());
    const all = catalog.collectionsOf(given.db).map((collection) => describeCollection(collection));
    const found = all.filter((document) => filter(document));
    const shown = found.map((document) =>
      encode(
        isNameOnly ? new Map([...document].filter(([name]) => name === 'name' || name === 'type')) : document,
      ),
    );
    return cursors.open(
      `${given.db}.$cmd.listCollections`,
      shown,
      batchSizeOf(given.document('cursor'), 'listCollections'),
    );
  },
};

function describeCollection({ namespace, uuid, indexes }: Collection): Document {
  const bytes = Buffer.from(uuid.replaceAll('-', ''), 'hex');
  return reply(
    ['name', namespace.slice(namespace.indexOf('.') + 1)],
    ['type', 'collection'],
    ['options', new Map()],
    ['info', reply(['readOnly', false], ['uuid', new Binary(bytes, Binary.SUBTYPE_UUID)])],
    ['idIndex', indexes[0]?.options.spec ?? null],
  );
}

const listDatabases: Command = {
  fields: ['filter', 'nameOnly', 'authorizedDatabases'],
  run({ arguments: given }, { catalog }) {
    if (given.db !== 'admin') {
      throw new DatabaseError('Unauthorized', 'listDatabases may only be run against the admin database.');
    }
    const filter = compileQuery(given.document('filter') ?? new Map());
    const isNameOnly = given.flag('nameOnly');
    const sizes = catalog.databaseNames().map((name) => {
      const bytes = catalog.collectionsOf(name).reduce((sum, collection) => sum + collection.bytes, 0);
      return { name, bytes };
    });
    const all = sizes.map(({ name, bytes }) =>
      isNameOnly
        ? reply(['name', name])
        : reply(['name', name], ['sizeOnDisk', makeDouble(bytes)], ['empty', false]),
    );
    const databases = all.filter((document) => filter(document));
    if (isNameOnly) return reply(['databases', databases], OK);
    const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
    return reply(
      ['databases', databases],
      ['totalSize', makeDouble(total)],
      ['totalSizeMb', makeDouble(Math.floor(total / 2 ** 20))],
      OK,
    );
  },
};

const renameCollection: Command = {
  fields: ['to', 'dropTarget'],
  run({ arguments: given }, { catalog }) {
    const [from, to] = [given.string('renameCollection'), given.string('to')];
    checkNamespace(to);
    if (catalog.find(from) === undefined) {
      throw new DatabaseError('NamespaceNotFound', `Source collection ${from} does not exist`);
    }
    if (from === to) throw new DatabaseError('IllegalOperation', `Can't rename a collection to itself`);
    if (catalog.find(to) !== undefined && !given.flag('dropTarget')) {
      throw new DatabaseError('NamespaceExists', 'target namespace exists');
    }
    catalog.rename(from, to);
    return reply(OK);
  },
};

/** Only a TTL index's time can be changed. */
const collMod: Command = {
  fields: ['index', ...REFUSED_OPTIONS, 'validationLevel', 'validationAction'],
  run({ arguments: given }, { catalog }) {
    given.refuse(...REFUSED_OPTIONS);
    const change = given.document('index');
    const collection = catalog.require(given.namespace);
    if (change === undefined) return reply(OK);
    const [seconds, wanted] = [
      change.get('expireAfterSeconds'),
      change.get('name') ?? change.get('keyPattern'),
    ];
    if (seconds === undefined || isTruthy(change.get('hidden')))
      throw notImplemented('collMod of an index but for expireAfterSeconds');
    const { options } = findIndex(collection, requireName(wanted));
    const spec = new Map(options.spec).set('expireAfterSeconds', seconds);
    const next = parseIndex(spec);
    collection.dropIndex(options.name);
    collection.createIndex(next);
    return reply(
      ['expireAfterSeconds_old', options.expireAfterSeconds ?? 0],
      ['expireAfterSeconds_new', seconds],
      OK,
    );
  },
};

function requireName(value: Maybe): Value {
  if (value !== undefined) return value;
  throw new DatabaseError('InvalidOptions', 'Must specify either index name or key pattern.');
}

export const schemaCommands: Commands = {
  create,
  drop,
  dropDatabase,
  createIndexes,
  dropIndexes,
  deleteIndexes: dropIndexes,
  listIndexes,
  listCollections,
  listDatabases,
  renameCollection,
  collMod,
};
