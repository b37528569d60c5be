import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { errorMessage } from '../system/errors.ts';
import type { Log } from '../system/log.ts';
import { MARK_VARIABLE } from './orphans.ts';

/**
 * Holds the list of process groups. When its input ends, because the runtime stopped or was killed, it kills
 * the groups that are left on the list: a plugin in an endless loop would never notice, and run forever. Then
 * what left its group, which the mark in its environment tells (orphans.ts); twice, as it may start others.
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
for pass in 1 2; do
  for file in $(grep -ls -- "$1" /proc/[0-9]*/environ); do
    one=\${file#/proc/}
    kill -s KILL "\${one%/environ}" 2>/dev/null
  done
done
`;

/** One that ends sooner can't run here: another is tried only after a while. */
const RESTART_MS = 1_000;

/** Ends plugins' processes when the runtime is killed before it could. Does nothing on Windows. */
export class Guardian {
  /** The beginning of the marks of all processes that it watches. */
  readonly mark = randomUUID();
  readonly #log: Log;
  readonly #groups = new Set<number>();
  #shell: ChildProcess | null = null;
  #restart: NodeJS.Timeout | null = null;

  constructor(log: Log) {
    this.#log = log;
  }

  /** `pid` leads a process group of its own. */
  watch(pid: number): void {
    this.#groups.add(pid);
    if (this.#shell !== null) this.#tell('+', pid);
    else if (this.#restart === null) this.#start();
  }

  /** The group is gone; its number may soon be another one's. */
  forget(pid: number): void {
    this.#groups.delete(pid);
    this.#tell('-', pid);
  }

  /** Resolves when the guardian's process is gone. */
  async stop(): Promise<void> {
    const shell = this.#shell;
    this.#shell = null;
    this.#groups.clear();
    if (this.#restart !== null) clearTimeout(this.#restart);
    if (shell === null) return;
    await new Promise<void>((resolve) => {
      shell.once('close', () => resolve());
      shell.stdin?.end();
    });
  }

  #tell(sign: '+' | '-', pid: number): void {
    this.#shell?.stdin?.write(`${sign} ${pid}\n`);
  }

  #start(): void {
    if (process.platform === 'win32') return;
    const startedAt = performance.now();
    // Detached: a Ctrl+C in the terminal is for the runtime, which then shuts down cleanly.
    const shell = spawn('/bin/sh', ['-c', SCRIPT, 'guardian', `${MARK_VARIABLE}=${this.mark}`], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
      env: {},
    });
    this.#shell = shell;
    shell.once('error', (error) => this.#noteFailure(error));
    // It was killed, or could not be started: what it knew is handed to another one.
    const onEnd = () => {
      if (this.#shell !== shell) return;
      this.#shell = null;
      const livedMs = performance.now() - startedAt;
      this.#restart = setTimeout(() => this.#startAgain(), livedMs < RESTART_MS ? RESTART_MS : 0).unref();
    };
    shell.once('error', onEnd);
    shell.once('exit', onEnd);
    // Without a free descriptor there is none, whatever the types say; `error` follows.
    (shell.stdin as typeof shell.stdin | undefined)?.on('error', () => undefined);
    for (const pid of this.#groups) this.#tell('+', pid);
    // It must not keep the runtime's event loop alive; it ends with the runtime.
    shell.unref();
  }

  #startAgain(): void {
    this.#restart = null;
    if (this.#groups.size > 0) this.#start();
  }

  #noteFailure(error: Error): void {
    this.#log.warn(
      'Could not start the guardian: a plugin in an endless loop would outlive a killed runtime',
      { error: errorMessage(error) },
    );
  }
}
