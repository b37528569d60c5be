import { processSources } from '../config/config.ts';
import { endIfStuck } from '../system/thread-work.ts';
import type { CommandContext } from './command.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { runCommandLine } from './program.ts';
import { processTerminal } from './terminal.ts';

/** Runs a command line as this process: its arguments, streams, signals and exit. */

/**
 * Whatever hangs, the process ends within three seconds of the first signal: a little more than a runtime's stop
 * takes at most. npm, npx and the start scripts repeat a terminal's Ctrl+C, which cuts nothing short.
 */
const LAST_EXIT_MS = 2_800;
/** For what threads still do when an interrupted command has ended. */
const THREAD_GRACE_MS = 200;

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
  if (context.signal.aborted) await endIfStuck(THREAD_GRACE_MS);
  process.exit(code);
}

function interruptSignal(): AbortSignal {
  const interrupt = new AbortController();
  const onSignal = () => {
    if (interrupt.signal.aborted) return;
    interrupt.abort();
    setTimeout(endAnyway, LAST_EXIT_MS).unref();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return interrupt.signal;
}

function endAnyway(): void {
  const end = () => process.exit(EXIT.couldNotRun satisfies ExitCode);
  endIfStuck(THREAD_GRACE_MS).then(end, end);
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
