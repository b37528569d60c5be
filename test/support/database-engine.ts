import { type Document, deserialize, Long, serialize } from 'bson';
import { onTestFinished } from 'vitest';
import { type Database, openDatabase } from '../../main/database/engine/database.ts';
import type { CleanUp } from './clean-up.ts';
import { temporaryFolder } from './folders.ts';
import { type RecordingLog, recordingLog } from './recording-log.ts';

/** A database's engine in a folder of the test's own, asked by commands as objects. */
export interface EngineUnderTest {
  readonly folder: string;
  readonly log: RecordingLog;
  /** The reply. The command's first field is its name; `$db` is `test` unless given. */
  run(command: Document, sequences?: Readonly<Record<string, readonly Document[]>>): Promise<Document>;
  /** All documents that a command's cursor leads to. */
  all(command: Document): Promise<Document[]>;
  /** The only batch as it lies in the reply: values keep their types. */
  exact(command: Document): Promise<Document[]>;
  insert(collection: string, ...documents: readonly Document[]): Promise<void>;
  find(collection: string, filter?: Document, options?: Document): Promise<Document[]>;
  aggregate(collection: string, ...pipeline: readonly Document[]): Promise<Document[]>;
  /** Closes it and opens what it has stored. */
  reopen(): Promise<void>;
  close(): Promise<void>;
}

export async function openEngine({
  cleanUp = onTestFinished,
}: {
  readonly cleanUp?: CleanUp;
} = {}): Promise<EngineUnderTest> {
  const folder = await temporaryFolder('engine');
  const log = recordingLog(cleanUp);
  let database: Database = await openDatabase({ folder: folder.path, log });
  let isOpen = true;
  const close = async () => {
    if (isOpen) await database.close();
    isOpen = false;
  };
  cleanUp(folder.remove);
  cleanUp(close);
  const ask = async (command: Document, sequences: Readonly<Record<string, readonly Document[]>>) => {
    const [name = ''] = Object.keys(command);
    return database.run({
      db: command.$db ?? 'test',
      name,
      body: serialize(command),
      sequences: new Map(
        Object.entries(sequences).map(([field, documents]) => [
          field,
          documents.map((one) => serialize(one)),
        ]),
      ),
      connection: 1,
    });
  };
  const run = async (command: Document, sequences = {}) =>
    deserialize(await ask(command, sequences), { bsonRegExp: true });
  const succeed = async (command: Document) => {
    const answer = await run(command);
    if (answer.ok !== 1 || answer.writeErrors !== undefined) {
      throw new Error(`${JSON.stringify(command)}: ${JSON.stringify(answer)}`);
    }
    return answer;
  };
  const all = async (command: Document) => {
    const { cursor } = await succeed(command);
    const documents: Document[] = cursor.firstBatch;
    let id: Long | number = cursor.id;
    while (!Long.fromValue(id).isZero()) {
      const collection = cursor.ns.slice(cursor.ns.indexOf('.') + 1);
      const more = await succeed({ getMore: Long.fromValue(id), collection });
      documents.push(...more.cursor.nextBatch);
      id = more.cursor.id;
    }
    return documents;
  };
  return {
    folder: folder.path,
    log,
    run,
    all,
    exact: async (command) =>
      deserialize(await ask(command, {}), { promoteValues: false, promoteLongs: false }).cursor.firstBatch,
    async insert(collection, ...documents) {
      await succeed({ insert: collection, documents: [...documents] });
    },
    find: (collection, filter = {}, options = {}) =>
      all(Object.assign({ find: collection, filter }, options)),
    aggregate: (collection, ...pipeline) =>
      all({ aggregate: collection, pipeline: [...pipeline], cursor: {} }),
    async reopen() {
      await close();
      database = await openDatabase({ folder: folder.path, log });
      isOpen = true;
    },
    close,
  };
}
