import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { pluginEnvironment } from '../hosts/environment.ts';
import type { Guardian } from '../hosts/guardian.ts';
import { MARK_VARIABLE } from '../hosts/orphans.ts';
import { killGroup } from '../hosts/process-tree.ts';
import type { Log } from '../system/log.ts';
import { waitAtMost } from '../system/wait.ts';
import type { FromDatabaseProcess, ToDatabaseProcess } from './messages.ts';

export interface DatabaseProcessOptions {
  /** The bundled `database-process.cjs`. */
  readonly script: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly open: Omit<Extract<ToDatabaseProcess, { type: 'open' }>, 'type'>;
  /** Ends the process if the runtime is killed while it can't notice. */
  readonly guardian: Guardian;
  readonly log: Log;
  /** How long it may leave a connection untaken; default: 20 s. */
  readonly stuckMs?: number | undefined;
}

/** What it wrote last to standard error, such as the stack of an error that ended it. */
const MAX_STDERR = 4 * 1024;
const STOP_MS = 1_500;
/** Longer than any scan of what fits on a developer's machine; drivers try again until then. */
const STUCK_MS = 20_000;

/** The process that holds the data (database-process.ts), seen from the runtime. */
export class DatabaseProcess {
  readonly pid: number | null;
  /** Resolves when it is gone. */
  readonly exited: Promise<void>;
  readonly #child: ChildProcess;
  readonly #log: Log;
  /**
   * Connections that the process has yet to take. They stay open here meanwhile: of one that is on its way when the
   * process ends Node closes nothing, and its client would wait for ever.
   */
  readonly #waiting = new Map<number, Socket>();
  #handedOver = 0;
  readonly #stuckMs: number;
  /** While connections wait. */
  #stuckTimer: NodeJS.Timeout | null = null;
  #isEnding = false;

  constructor(options: DatabaseProcessOptions) {
    const { script, environment, open, guardian, log, stuckMs = STUCK_MS } = options;
    this.#stuckMs = stuckMs;
    this.#log = log;
    const env = pluginEnvironment(environment);
    if (process.versions.electron !== undefined) env.ELECTRON_RUN_AS_NODE = '1';
    const child = spawn(process.execPath, [script], {
      env: { ...env, [MARK_VARIABLE]: guardian.mark },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // A group of its own: a Ctrl+C in the terminal is for the runtime, which then has it write what is left.
      detached: true,
      windowsHide: true,
    });
    this.#child = child;
    this.pid = child.pid ?? null;
    const { pid } = this;
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-MAX_STDERR);
    });
    child.on('message', (message: FromDatabaseProcess) => {
      if (message.type === 'log') log[message.level](message.message, message.fields);
      else if (message.type === 'taken') this.#release(message.id);
      else if (message.type === 'error') log.error(message.message, message.stack);
      else this.#noteFailure(message.reason);
    });
    this.exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        for (const id of this.#waiting.keys()) this.#release(id);
        if (pid !== null) guardian.forget(pid);
        if (!this.#isEnding) {
          log.warn('The local database ended; the next connection starts it again', { code, signal, stderr });
        }
        resolve();
      });
      child.once('error', (error) => {
        log.warn('Could not start the local database', { error: error.message });
        resolve();
      });
    });
    if (pid !== null) guardian.watch(pid);
    this.#tell({ type: 'open', ...open });
  }

  /** Hands a connection over, of which nothing was read yet. */
  take(socket: Socket): void {
    // Where it has ended, or could not be started, the connection is closed, and its driver tries another one.
    if (!this.#child.connected) {
      socket.destroy();
      return;
    }
    this.#handedOver += 1;
    const id = this.#handedOver;
    this.#waiting.set(id, socket);
    this.#stuckTimer ??= setTimeout(() => this.#endStuck(), this.#stuckMs).unref();
    const message: ToDatabaseProcess = { type: 'connection', id };
    this.#child.send(message, socket, { keepOpen: true }, (error) => {
      if (error !== null) this.#release(id);
    });
  }

  /** Ends it when it has written what is left, or after 1.5 s in any case. */
  async stop(): Promise<void> {
    this.#isEnding = true;
    this.#tell({ type: 'stop' });
    if (await waitAtMost(this.exited, STOP_MS)) return;
    if (this.pid !== null) killGroup(this.pid);
    await this.exited;
  }

  #noteFailure(reason: string): void {
    this.#isEnding = true;
    this.#log.warn('The local database can’t be used', { reason });
  }

  #release(id: number): void {
    this.#waiting.get(id)?.destroy();
    this.#waiting.delete(id);
    // It answers: what waits now has its own time.
    if (this.#stuckTimer !== null) clearTimeout(this.#stuckTimer);
    const hasWaiting = this.#waiting.size > 0;
    this.#stuckTimer = hasWaiting ? setTimeout(() => this.#endStuck(), this.#stuckMs).unref() : null;
  }

  /** A command that never ends, such as one with an unlucky regular expression, would keep everybody out for ever. */
  #endStuck(): void {
    this.#isEnding = true;
    this.#log.warn('The local database was ended: a query held it up, perhaps a regular expression', {
      seconds: this.#stuckMs / 1000,
    });
    if (this.pid !== null) killGroup(this.pid);
  }

  #tell(message: ToDatabaseProcess): void {
    // One that is about to end hears nothing, and its end says all.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }
}
