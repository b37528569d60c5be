import { createInterface } from 'node:readline';
import { createPluginEngine } from '../../main/plugins/engine/switching-engine.ts';
import { createLog } from '../../main/system/log.ts';

/**
 * A plugin engine as a process of its own, for what only a process can be: another user, a system without
 * file watches. Its options come as the first argument; each line in is a question, each line out its answer
 * (test/plugins/engine-process.ts).
 */
async function main(): Promise<void> {
  const [options = '{}'] = process.argv.slice(2);
  const logged: string[] = [];
  const log = createLog({ write: (line) => logged.push(line) });
  const engine = createPluginEngine({
    ...JSON.parse(options),
    environment: process.env,
    log,
    mask: (text) => text,
  });
  await engine.start();
  const answer = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`);
  answer('started');
  for await (const question of createInterface({ input: process.stdin })) {
    if (question === 'state') answer({ folder: engine.folder(), plugins: engine.list(), logged });
    else {
      const call = { plugin: question, json: '{}', timeoutMs: 10_000, signal: new AbortController().signal };
      answer((await engine.execute(call)).result);
    }
  }
  await engine.stop();
}

main().catch((error: unknown) => {
  process.stderr.write(String(error instanceof Error ? error.stack : error));
  process.exit(1);
});
