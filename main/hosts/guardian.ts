import { type ChildProcess, spawn } from 'node:child_process';
import type { Log } from '../system/log.ts';

/**
 * Keeps the list of process groups; when its input ends, because the runtime stopped or was killed, it ends what is left
 * on the list. A plugin in an endless loop notices nothing by itself: without this it would run on for ever.
 */
const SCRIPT = `
groups=
while read -r sign group; do
  if [ "$sign" = + ]; then groups="$groups $group"; continue; fi
  rest=
  for one in $groups; do [ "$one" = "$group" ] || rest="$rest $one"; done
  groups=$rest
done
for one in $groups; do kill -s KILL -- "-$one" 2>/dev/null; done
`;

/** Ends plugins' processes when the runtime itself is ended too abruptly to do so. Does nothing on Windows. */
export class Guardian {
  readonly #log: Log;
  #shell: ChildProcess | null = null;

  constructor(log: Log) {
    this.#log = log;
  }

  /** `pid` leads a process group of its own. */
  watch(pid: number): void {
    this.#shell ??= this.#start();
    this.#shell?.stdin?.write(`+ ${pid}\n`);
  }

  /** The group is gone; its number may soon be somebody else's. */
  forget(pid: number): void {
    this.#shell?.stdin?.write(`- ${pid}\n`);
  }

  /** Resolves when the guardian is gone. */
  async stop(): Promise<void> {
    const shell = this.#shell;
    this.#shell = null;
    if (shell === null || shell.exitCode !== null || shell.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      shell.once('close', () => resolve());
      shell.stdin?.end();
    });
  }

  #start(): ChildProcess | null {
    if (process.platform === 'win32') return null;
    // Detached: a Ctrl+C in the terminal is for the runtime, which then stops in order.
    const shell = spawn('/bin/sh', ['-c', SCRIPT], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
      env: {},
    });
    const onError = (error: Error) => {
      this.#log.warn('no guardian: a plugin in an endless loop would outlive a killed runtime', {
        error: error.message,
      });
    };
    shell.on('error', onError);
    shell.stdin.on('error', onError);
    // It must not keep the runtime alive; it ends with it.
    shell.unref();
    return shell;
  }
}
