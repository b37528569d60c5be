import { loadConfig } from '../../main/config/config.ts';
import { createRuntime } from '../../main/runtime/runtime.ts';
import { createLog } from '../../main/system/log.ts';

/**
 * A runtime as a process of its own, for what only a process can show: its memory, its descriptors, whether
 * it lives. Its options come as the first argument; it prints where it listens, logs to standard error, and
 * ends with its standard input (runtime-process.ts).
 */
async function main(): Promise<void> {
  const { env, folder, ...deps } = JSON.parse(process.argv[2] ?? '{}');
  const config = await loadConfig({ env, argv: [], cwd: folder, configPath: `${folder}/user` });
  const log = createLog({ write: (line) => process.stderr.write(line) });
  const environment = { PATH: process.env.PATH };
  const runtime = createRuntime(config, { ...deps, environment, log, shell: 'headless', desktop: null });
  await runtime.start();
  process.stdout.write(`listening on ${runtime.baseUrl}\n`);
  process.stdin.once('end', () => void runtime.stop().then(() => process.exit(0)));
  process.stdin.resume();
}

main().catch((error: unknown) => {
  process.stderr.write(String(error instanceof Error ? error.stack : error));
  process.exit(1);
});
