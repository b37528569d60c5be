import { z } from 'zod';
import { WorkbenchError } from '../../contract/errors.ts';
import type { MongodbFunctions } from '../../contract/mongodb.ts';
import type { HandlerDeps } from '../deps.ts';
import type { ArgumentsOf, HandlersOf } from '../function-types.ts';

export const MONGODB_ARGUMENTS: ArgumentsOf<MongodbFunctions> = {
  useMongodb: z.null(),
  cancelMongodb: z.null(),
  useLocalDatabase: z.null(),
};

export function createMongodbHandlers({ database }: HandlerDeps): HandlersOf<MongodbFunctions> {
  const require = () => {
    if (database !== null) return database;
    throw new WorkbenchError('CONFLICT', 'DATABASE_URI or MONGODB_URI names the database that plugins use');
  };
  return {
    useMongodb: () => {
      require().useMongodb();
      return null;
    },
    async cancelMongodb() {
      await require().cancelMongodb();
      return null;
    },
    async useLocalDatabase() {
      await require().useLocal();
      return null;
    },
  };
}
