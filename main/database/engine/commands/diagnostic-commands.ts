import { Long } from 'bson';
import { makeDouble } from '../numbers.ts';
import { type Command, type Commands, OK, reply } from './command.ts';
import { collectionStatistics } from './statistics.ts';

/** Sizes, counts, and how the server is. */

const collStats: Command = {
  fields: ['scale'],
  run({ arguments: given }, { catalog }) {
    const scale = given.count('scale') ?? 1;
    const collection = catalog.find(given.namespace);
    if (collection === undefined) {
      return reply(
        ['ns', given.namespace],
        ['size', 0],
        ['count', 0],
        ['storageSize', 0],
        ['nindexes', 0],
        ['totalIndexSize', 0],
        ['totalSize', 0],
        ['indexSizes', new Map()],
        ['scaleFactor', scale],
        OK,
      );
    }
    const result = collectionStatistics(collection, Math.max(1, scale));
    result.set(...OK);
    return result;
  },
};

const dbStats: Command = {
  fields: ['scale', 'freeStorage'],
  run({ arguments: given }, { catalog }) {
    const scale = Math.max(1, given.count('scale') ?? 1);
    const collections = catalog.collectionsOf(given.db);
    const sum = (measure: (collection: (typeof collections)[number]) => number) =>
      collections.reduce((total, collection) => total + measure(collection), 0);
    const [objects, bytes] = [sum(({ size }) => size), sum((collection) => collection.bytes)];
    return reply(
      ['db', given.db],
      ['collections', collections.length],
      ['views', 0],
      ['objects', objects],
      ['avgObjSize', makeDouble(objects === 0 ? 0 : bytes / objects)],
      ['dataSize', makeDouble(bytes / scale)],
      ['storageSize', makeDouble(bytes / scale)],
      ['indexes', sum(({ indexes }) => indexes.length)],
      ['indexSize', makeDouble(0)],
      ['totalSize', makeDouble(bytes / scale)],
      ['scaleFactor', scale],
      OK,
    );
  },
};

const serverStatus: Command = {
  // Each section of the answer may be asked for or left out by its name.
  fields: [
    'repl',
    'metrics',
    'locks',
    'opcounters',
    'connections',
    'network',
    'mem',
    'wiredTiger',
    'tcmalloc',
  ],
  run(_, { cursors, startedAt }) {
    const uptimeMs = Date.now() - startedAt;
    return reply(
      ['host', '127.0.0.1'],
      ['version', '7.0.0'],
      ['process', 'mongod'],
      ['pid', Long.fromNumber(process.pid)],
      ['uptime', makeDouble(Math.floor(uptimeMs / 1000))],
      ['uptimeMillis', Long.fromNumber(uptimeMs)],
      ['localTime', new Date()],
      ['metrics', reply(['cursor', reply(['open', reply(['total', Long.fromNumber(cursors.openCount)])])])],
      ['mem', reply(['resident', Math.floor(process.memoryUsage().rss / 2 ** 20)])],
      ['storageEngine', reply(['name', 'mozaiks-local'], ['persistent', true])],
      OK,
    );
  },
};

export const diagnosticCommands: Commands = {
  collStats,
  dbStats,
  serverStatus,
};
