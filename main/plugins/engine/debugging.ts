import type { DebugView } from '../../contract/plugin-view.ts';
import { DebugProxy } from '../../hosts/debug-proxy.ts';
import type { HostProcess } from '../../hosts/host-process.ts';
import type { InspectorAddress } from '../../hosts/inspection.ts';
import { PausableClock } from '../../hosts/pausable-clock.ts';
import type { HostPool } from '../../hosts/pool.ts';
import { errorMessage } from '../../system/errors.ts';
import type { Log } from '../../system/log.ts';
import type { ServingHooks, ServingVersion } from '../version/serving.ts';

export interface DebuggingDeps extends Pick<ServingHooks, 'onChange'> {
  readonly pool: HostPool;
  readonly log: Log;
}

/**
 * Whether one plugin can be debugged now, and the clock that an attached debugger pauses.
 *
 * The serving process opens its inspector while it runs: nothing is restarted, and calls in flight can be
 * inspected. A reload keeps the debug mode and its port, behind which the new version's process takes over,
 * so that a debugger that reconnects finds it.
 */
export class Debugging {
  readonly clock = new PausableClock();
  readonly #owner: string;
  readonly #deps: DebuggingDeps;
  #proxy: DebugProxy | null = null;
  #starting: Promise<string | null> | null = null;
  #target: HostProcess | null = null;
  /** Counts ends, so that a start that is still running notices one. */
  #ends = 0;

  constructor(owner: string, deps: DebuggingDeps) {
    this.#owner = owner;
    this.#deps = deps;
  }

  /** Null while it is off. */
  get view(): DebugView | null {
    if (this.#proxy === null) return null;
    const { port, url, attached } = this.#proxy;
    return { port, url, attached };
  }

  /** Null once debuggers can attach; otherwise why they can't. Never rejects. */
  start(serving: ServingVersion): Promise<string | null> {
    if (this.#proxy !== null) return Promise.resolve(null);
    this.#starting ??= this.#start(serving).finally(() => {
      this.#starting = null;
    });
    return this.#starting;
  }

  /** A new process serves: debuggers that attach from now on reach that one. */
  follow(host: HostProcess): void {
    const proxy = this.#proxy;
    if (proxy === null) return;
    this.#retarget(proxy, host).catch((error: unknown) => {
      this.#deps.log.error(`plugin ${this.#owner}: could not debug its new process`, error);
    });
  }

  /** Disconnects debuggers; deadlines resume with the time they had left. Returns whether it was on. */
  end(): boolean {
    this.#ends += 1;
    const proxy = this.#proxy;
    if (proxy === null) return false;
    this.#proxy = null;
    this.#target = null;
    proxy.close();
    this.clock.resume();
    this.#deps.pool.unpin(this.#owner);
    this.#deps.onChange();
    return true;
  }

  async #start(serving: ServingVersion): Promise<string | null> {
    const { pool } = this.#deps;
    const ends = this.#ends;
    // Pinned from here on, so that the process isn't parked in between.
    pool.pin(this.#owner);
    const problem = await this.#open(serving, ends);
    if (problem !== null) pool.unpin(this.#owner);
    return problem;
  }

  async #open(serving: ServingVersion, ends: number): Promise<string | null> {
    const acquired = await serving.acquire();
    if (!acquired.ok) return acquired.message;
    const answer = await acquired.host.inspect();
    if (!answer.ok) return answer.reason;
    try {
      const proxy = await DebugProxy.open(() => this.#noteProxy());
      if (ends !== this.#ends) {
        proxy.close();
        return 'debugging was stopped in the meantime';
      }
      this.#proxy = proxy;
      this.#aim(proxy, acquired.host, answer.address);
      return null;
    } catch (error) {
      return `could not open a port for it: ${errorMessage(error)}`;
    }
  }

  async #retarget(proxy: DebugProxy, host: HostProcess): Promise<void> {
    const answer = await host.inspect();
    if (this.#proxy !== proxy || !host.alive) return;
    if (answer.ok) this.#aim(proxy, host, answer.address);
    else this.#deps.log.warn(`plugin ${this.#owner}: can't be debugged: ${answer.reason}`);
  }

  #aim(proxy: DebugProxy, host: HostProcess, address: InspectorAddress): void {
    this.#target = host;
    proxy.aim(address);
    const clear = () => {
      // The port may soon be another program's.
      if (this.#proxy === proxy && this.#target === host) proxy.aim(null);
    };
    host.exited.then(clear).catch((error: unknown) => {
      this.#deps.log.error(`plugin ${this.#owner}: could not detach its debugger`, error);
    });
  }

  #noteProxy(): void {
    if (this.#proxy?.attached) this.clock.pause();
    else this.clock.resume();
    this.#deps.onChange();
  }
}
