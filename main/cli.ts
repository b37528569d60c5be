import { runCommandLine } from './cli/program.ts';
import { processTerminal } from './cli/terminal.ts';
import { processSources } from './config.ts';

/** The package's command: what each of its commands does stands in `cli/`. */

const sources = processSources();
const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupt.abort());

const context = {
  terminal: processTerminal(),
  sources: { ...sources, argv: [] },
  entry: import.meta.url,
  signal: interrupt.signal,
};
runCommandLine(sources.argv, context).then((code) => {
  // Not `process.exit`, which would cut off what a pipe has not taken yet.
  process.exitCode = code;
});
