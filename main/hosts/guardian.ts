import { type ChildProcess, spawn } from 'node:child_process';
import type { Log } from '../system/log.ts';

/**
 * Holds the list of process groups. When its input ends, because the runtime stopped or was killed, it kills
 * the groups that are left on the list: a plugin in an endless loop would never notice, and run forever.
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

/** Ends plugins' processes when the runtime is killed before it could. Does nothing on Windows. */
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

  /** The group is gone; its number may soon be another one's. */
  forget(pid: number): void {
    this.#shell?.stdin?.write(`- ${pid}\n`);
  }

  /** Resolves when the guardian's process is gone. */
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
    // Detached: a Ctrl+C in the terminal is for the runtime, which then shuts down cleanly.
    const shell = spawn('/bin/sh', ['-c', SCRIPT], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
      env: {},
    });
    const onError = (error: Error) => {
      this.#log.warn(
        'Could not start the guardian: a plugin in an endless loop would outlive a killed runtime',
        {
          error: error.message,
        },
      );
    };
    shell.on('error', onError);
    shell.stdin.on('error', onError);
    // It must not keep the runtime's event loop alive; it ends with the runtime.
    shell.unref();
    return shell;
  }
}
