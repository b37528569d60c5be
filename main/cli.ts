import { relative } from 'node:path';
import { parseCommand, USAGE } from './cli-options.ts';
import { ConfigError, loadPluginsPath, processSources } from './config.ts';
import { WorkbenchError } from './contract/errors.ts';
import { createPlugin } from './plugins/scaffold.ts';

/** The commands of the package. Exit code 0: done, 1: it could not be done, 2: the command makes no sense. */

async function main(): Promise<number> {
  const sources = processSources();
  const command = parseCommand(sources.argv);
  if (command.kind === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  if (command.kind === 'wrong') {
    process.stderr.write(`${command.problem}\n\n${USAGE}`);
    return 2;
  }
  const argv = command.plugins === null ? [] : ['--plugins', command.plugins];
  const plugins = await loadPluginsPath({ ...sources, argv });
  const { folder, files } = await createPlugin(plugins, command);
  const shown = relative(sources.cwd, folder);
  process.stdout.write(`Made ${shown.startsWith('..') ? folder : shown}: ${files.join(', ')}\n`);
  process.stdout.write(
    `Call it: curl -s http://127.0.0.1:8080/api/execute/${command.name} -d '{"greeting":"Hi"}'\n`,
  );
  return 0;
}

function fail(error: unknown): number {
  const expected = error instanceof ConfigError || error instanceof WorkbenchError;
  const text = expected ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${text}\n`);
  return 1;
}

main()
  .catch(fail)
  .then((code) => {
    // Not `process.exit`, which would cut off what a pipe has not taken yet.
    process.exitCode = code;
  });
