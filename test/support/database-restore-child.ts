import { deserialize, serialize } from 'bson';
import { openDatabase } from '../../main/database/engine/database.ts';
import { createLog } from '../../main/system/log.ts';

/** A database's engine that restores its snapshots `old` and `new` in turn until it is killed: a line each time. */
async function main(): Promise<void> {
  const [folder = ''] = process.argv.slice(2);
  const log = createLog({ write: (line) => process.stderr.write(`${line}\n`) });
  const database = await openDatabase({ folder, log });
  for (let round = 0; ; round += 1) {
    const name = round % 2 === 0 ? 'old' : 'new';
    const body = serialize({ workbenchRestore: name });
    const request = { db: 'admin', name: 'workbenchRestore', body, sequences: new Map(), connection: 1 };
    process.stdout.write(`${deserialize(await database.run(request)).ok}\n`);
    // So that the line is out before the next round.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

main().catch((error: unknown) => {
  process.stderr.write(String(error instanceof Error ? error.stack : error));
  process.exit(1);
});
