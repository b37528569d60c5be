import { Long } from 'bson';
import { type Command, type Commands, OK, reply } from './command.ts';

/**
 * Copies of all data to return to, which MongoDB has no commands for: the workbench's own, so that they work from
 * every runtime that uses this database, also where another one has its files.
 */

const workbenchSnapshots: Command = {
  fields: [],
  run: (_, { catalog }) =>
    reply(
      [
        'snapshots',
        catalog.snapshots
          .list()
          .map(({ name, createdAt, bytes }) =>
            reply(['name', name], ['createdAt', createdAt], ['bytes', Long.fromNumber(bytes)]),
          ),
      ],
      OK,
    ),
};

const workbenchSnapshot: Command = {
  fields: [],
  run({ arguments: given }, { catalog }) {
    catalog.takeSnapshot(given.string('workbenchSnapshot'));
    return reply(OK);
  },
};

const workbenchRestore: Command = {
  fields: [],
  run({ arguments: given }, { catalog }) {
    catalog.restore(given.string('workbenchRestore'));
    return reply(OK);
  },
};

const workbenchDropSnapshot: Command = {
  fields: [],
  run({ arguments: given }, { catalog }) {
    catalog.snapshots.remove(given.string('workbenchDropSnapshot'));
    return reply(OK);
  },
};

export const snapshotCommands: Commands = {
  workbenchSnapshots,
  workbenchSnapshot,
  workbenchRestore,
  workbenchDropSnapshot,
};
