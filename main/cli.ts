import { EXIT } from './cli/exit-code.ts';
import { runAsProcess } from './cli/process-context.ts';

/** The package's command: each of its commands is in `cli/`. */

runAsProcess(import.meta.url).catch((error: unknown) => {
  console.error(error);
  process.exit(EXIT.couldNotRun);
});
