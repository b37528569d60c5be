import type { DebugView } from '../../contract/plugin-view.ts';
import { DebugProxy } from '../../hosts/debug-proxy.ts';
import type { HostProcess } from '../../hosts/host-process.ts';
import type { InspectorAddress } from '../../hosts/inspection.ts';
import { PausableClock } from '../../hosts/pausable-clock.ts';
import type { HostPool } from '../../hosts/pool.ts';
import type { Log } from '../../system/log.ts';
import type { ServingHooks, ServingVersion } from '../version/serving.ts';

export interface DebuggingDeps extends Pick<ServingHooks, 'onChange'> {
  readonly pool: HostPool;
  readonly log: Log;
}

/**
 * Whether one plugin can be debugged now, and the clock that an attached debugger stops.
 *
 * The serving process opens its inspector as it runs: nothing is restarted, and calls in flight can be looked at. A reload keeps the
 * debug mode and its port; the new version's process takes the place behind it, so that a debugger set to reconnect finds it.
 */
export class Debugging {
  readonly clock = new PausableClock();
  readonly #owner: string;
  readonly #deps: DebuggingDeps;
  #door: DebugProxy | null = null;
  #starting: Promise<string | null> | null = null;
  #aimedAt: HostProcess | null = null;
  /** Counts ends, so that a start that is under way notices one. */
  #ends = 0;

  constructor(owner: string, deps: DebuggingDeps) {
    this.#owner = owner;
    this.#deps = deps;
  }

  /** Null while it is off. */
  get view(): DebugView | null {
    if (this.#door === null) return null;
    const { port, url, attached } = this.#door;
    return { port, url, attached };
  }

  /** Null once debuggers can attach, else why they can't. Never rejects. */
  start(serving: ServingVersion): Promise<string | null> {
    if (this.#door !== null) return Promise.resolve(null);
    this.#starting ??= this.#start(serving).finally(() => {
      this.#starting = null;
    });
    return this.#starting;
  }

  /** A new process serves: whoever attaches from now on shall reach that one. */
  follow(host: HostProcess): void {
    const door = this.#door;
    if (door === null) return;
    host.inspect().then((answer) => {
      if (this.#door !== door || !host.alive) return;
      if (answer.ok) this.#aim(door, host, answer.address);
      else this.#deps.log.warn(`plugin ${this.#owner}: can't be debugged: ${answer.reason}`);
    });
  }

  /** Sends debuggers away; deadlines count on with what they had left. Returns whether it was on. */
  end(): boolean {
    this.#ends += 1;
    const door = this.#door;
    if (door === null) return false;
    this.#door = null;
    this.#aimedAt = null;
    door.close();
    this.clock.resume();
    this.#deps.pool.unpin(this.#owner);
    this.#deps.onChange();
    return true;
  }

  async #start(serving: ServingVersion): Promise<string | null> {
    const { pool } = this.#deps;
    const ends = this.#ends;
    // From here on, so that the process isn't parked in between.
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
      const door = await DebugProxy.open(() => this.#noteDoor());
      if (ends !== this.#ends) {
        door.close();
        return 'it was disabled meanwhile';
      }
      this.#door = door;
      this.#aim(door, acquired.host, answer.address);
      return null;
    } catch (error) {
      return `no port could be opened for it: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  #aim(door: DebugProxy, host: HostProcess, address: InspectorAddress): void {
    this.#aimedAt = host;
    door.aim(address);
    host.exited.then(() => {
      // The port may soon be somebody else's.
      if (this.#door === door && this.#aimedAt === host) door.aim(null);
    });
  }

  #noteDoor(): void {
    if (this.#door?.attached) this.clock.stop();
    else this.clock.resume();
    this.#deps.onChange();
  }
}
