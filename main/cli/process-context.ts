import { processSources } from '../config/config.ts';
import type { CommandContext } from './command.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { runCommandLine } from './program.ts';
import { processTerminal } from './terminal.ts';

/** Runs a command line as this process: its arguments, streams, signals and exit. */

/**
 * npm, npx and the start scripts repeat a terminal's Ctrl+C, and that must not cut short a runtime's
 * shutdown, which takes three seconds at most. A later signal comes from someone who does not want to wait
 * any longer.
 */
const FORCE_EXIT_AFTER_MS = 5_000;

/**
 * Runs one command line to the end of the process.
 * @param entry the built file that runs
 */
export async function runAsProcess(entry: string): Promise<void> {
  const sources = processSources();
  const context: CommandContext = {
    terminal: processTerminal(),
    sources: { ...sources, argv: [] },
    stdin: () => process.stdin,
    entry,
    signal: interruptSignal(),
  };
  // A reader such as `head` may close the pipe early: that is not the command's error.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreClosedPipe);
  const code = await runCommandLine(sources.argv, context);
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  process.exit(code);
}

function interruptSignal(): AbortSignal {
  const interrupt = new AbortController();
  let firstAt: number | null = null;
  const onSignal = () => {
    const now = performance.now();
    firstAt ??= now;
    interrupt.abort();
    if (now - firstAt > FORCE_EXIT_AFTER_MS) process.exit(EXIT.couldNotRun satisfies ExitCode);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return interrupt.signal;
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

/** Waits until a pipe has taken everything: the end of the process would cut off the rest. */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.writableLength === 0 || stream.destroyed) resolve();
    else stream.write('', () => resolve());
  });
}
