import fs from 'node:fs';
import { deserialize, serialize } from 'bson';
import { openDatabase } from '../../main/database/engine/database.ts';
import { createLog } from '../../main/system/log.ts';

/**
 * A database's engine that restores its snapshot `old`, and kills itself just before the given one of the changes
 * that this makes to files. Where there are fewer of them it prints the reply's `ok`.
 */
const CHANGES = ['copyFileSync', 'renameSync', 'writeSync', 'ftruncateSync', 'rmSync'] as const;

async function main(): Promise<void> {
  const [folder = '', killAt = ''] = process.argv.slice(2);
  const log = createLog({ write: (line) => process.stderr.write(`${line}\n`) });
  const database = await openDatabase({ folder, log });
  let changes = 0;
  for (const name of CHANGES) {
    const change = fs[name] as (...given: unknown[]) => unknown;
    Object.assign(fs, {
      [name]: (...given: unknown[]) => {
        changes += 1;
        if (changes === Number(killAt)) process.kill(process.pid, 'SIGKILL');
        return change(...given);
      },
    });
  }
  const body = serialize({ workbenchRestore: 'old' });
  const request = { db: 'admin', name: 'workbenchRestore', body, sequences: new Map(), connection: 1 };
  process.stdout.write(`${deserialize(await database.run(request)).ok}\n`);
  await database.close();
}

main().catch((error: unknown) => {
  process.stderr.write(String(error instanceof Error ? error.stack : error));
  process.exit(1);
});
