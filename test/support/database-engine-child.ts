import { createInterface } from 'node:readline';
import { deserialize, serialize } from 'bson';
import { openDatabase } from '../../main/database/engine/database.ts';
import { createLog } from '../../main/system/log.ts';

/**
 * A database's engine as a process of its own, for what only a process can be: killed, or out of disk space.
 * The folder is its argument; each line in is how many documents to insert, and each of them becomes a line
 * out once it is acknowledged: its `_id` and the error's code, 0 for none.
 */
async function main(): Promise<void> {
  const [folder = ''] = process.argv.slice(2);
  const log = createLog({ write: (line) => process.stderr.write(`${line}\n`) });
  const database = await openDatabase({ folder, log });
  let id = 0;
  for await (const count of createInterface({ input: process.stdin })) {
    for (const last = id + Number(count); id < last; id++) {
      const command = { insert: 'c', documents: [{ _id: id, text: 'x'.repeat(1000) }] };
      const body = serialize(command);
      const bytes = await database.run({
        db: 'test',
        name: 'insert',
        body,
        sequences: new Map(),
        connection: 1,
      });
      const { writeErrors } = deserialize(bytes);
      process.stdout.write(`${id} ${writeErrors?.[0].code ?? 0}\n`);
    }
  }
  await database.close();
}

main().catch((error: unknown) => {
  process.stderr.write(String(error instanceof Error ? error.stack : error));
  process.exit(1);
});
