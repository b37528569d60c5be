import { runAsProcess } from './cli/process-context.ts';

/** The package's command: what each of its commands does stands in `cli/`. */

runAsProcess(import.meta.url);
