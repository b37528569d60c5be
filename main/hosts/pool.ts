import { constants, setPriority } from 'node:os';
import type { Log } from '../system/log.ts';
import { waitAtMost } from '../system/wait.ts';
import type { Bundle, HostKind, LoadedSources, LoadFailure } from './call.ts';
import type { HostExit, KillReason } from './exit.ts';
import type { Guardian } from './guardian.ts';
import type { HostServices } from './host-link.ts';
import { HostProcess } from './host-process.ts';
import type { HostLauncher } from './launcher.ts';
import { Orphans } from './orphans.ts';

/** More than a load for a call gets: it is in the background, beside others, with a low priority. */
const TRIAL_LIMIT_MS = 30_000;
/** The next spare starts this long after the last one was taken. */
const SPARE_DELAY_MS = 25;
/** No spare is started in advance this long after the pool was made: the start has the machine to itself. */
const START_MS = 1_000;

type OpenResult =
  | { readonly ok: true; readonly host: HostProcess; readonly sources: LoadedSources | null }
  | LoadFailure;

interface PoolOptions {
  readonly launchers: Readonly<Record<HostKind, HostLauncher>>;
  readonly guardian: Guardian;
  readonly log: Log;
  /** Owners with a process at the same time; a version being replaced and the spares come on top. */
  readonly maxLive: number;
  /** An owner's process was ended to make room; it gets a new one when it needs one. */
  readonly onParked: (owner: string) => void;
  /** What the owners' processes may ask for. */
  readonly services: HostServices;
}

/**
 * The processes of all plugins: has one warm spare of each kind ready (a start costs 60–100 ms, a load into
 * the spare a few), and gives at most `maxLive` owners a process at the same time. When there is no room, the
 * least recently used idle process is parked; when none is idle, the owner waits.
 */
export class HostPool {
  readonly #options: PoolOptions;
  /** Every process that hasn't ended yet, so that `stop` can end them all. */
  readonly #all = new Set<HostProcess>();
  /** The processes of owners that hold a place, least recently used first; null while it is loading. */
  readonly #places = new Map<string, HostProcess | null>();
  /** Owners whose process is never parked, on top of `maxLive`: a debugger may be attached to it. */
  readonly #pinned = new Set<string>();
  #waiting: (() => void)[] = [];
  readonly #spares = new Map<HostKind, HostProcess>();
  #kinds: ReadonlySet<HostKind> = new Set();
  readonly #orphans: Orphans;
  /** When the start is over (performance clock, ms). */
  readonly #startedAt = performance.now() + START_MS;
  /** Processes started so far: each has a mark of its own. */
  #launches = 0;
  #stopped = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#orphans = new Orphans(options.log);
  }

  /** Whether `stop` was called: no process is started any more. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Has a spare of each of these kinds from now on, and no other. */
  keepSpares(kinds: ReadonlySet<HostKind>): void {
    const added = [...kinds].filter((kind) => !this.#kinds.has(kind));
    this.#kinds = kinds;
    for (const kind of added) this.#prepareSoon(kind);
    for (const [kind, spare] of this.#spares) {
      if (kinds.has(kind)) continue;
      this.#spares.delete(kind);
      spare.kill('parked');
    }
  }

  /** Exchanges the spares, since what they were started with has changed. */
  renewSpares(): void {
    for (const [kind, spare] of this.#spares) {
      this.#spares.delete(kind);
      spare.kill('parked');
      this.#prepareSoon(kind);
    }
  }

  /** Something of this kind is about to be opened: its process starts meanwhile if there is no spare. */
  prepare(kind: HostKind): void {
    if (this.#stopped || this.#spares.get(kind)?.alive) return;
    this.#spares.set(kind, this.#launch(kind));
  }

  /**
   * Loads a bundle into a process for `owner`, who must then `adopt` or `discard` it. The owner's previous
   * process, if any, is untouched: it is retired when the new one serves. Never rejects.
   */
  async open(owner: string, bundle: Bundle, signal: AbortSignal): Promise<OpenResult> {
    const refusal = await this.#takePlace(owner, signal);
    if (refusal !== null) return { ok: false, message: refusal, stack: null, place: null };
    const { kind } = bundle;
    const host = this.#takeSpare(kind);
    host.link.connect(owner, this.#options.services);
    const abandon = () => host.kill('load');
    signal.addEventListener('abort', abandon, { once: true });
    const result = await host.load(bundle);
    signal.removeEventListener('abort', abandon);
    this.#prepareSoon(kind);
    if (result.ok) return { ok: true, host, sources: result.sources };
    this.discard(owner, host);
    return result;
  }

  /**
   * Loads a bundle for `owner` into a process that takes neither a place nor a spare and has a low priority,
   * and ends it: the host of the result takes no calls. Never rejects.
   */
  async try(owner: string, bundle: Bundle, signal: AbortSignal): Promise<OpenResult> {
    const host = this.#launch(bundle.kind);
    host.link.connect(owner, this.#options.services);
    if (host.pid !== null) lowerPriority(host.pid);
    const abandon = () => host.kill('load');
    signal.addEventListener('abort', abandon, { once: true });
    const result = await host.load(bundle, TRIAL_LIMIT_MS);
    signal.removeEventListener('abort', abandon);
    host.kill('parked');
    return result.ok ? { ok: true, host, sources: result.sources } : result;
  }

  /** Makes the opened process the one that serves the owner. */
  adopt(owner: string, host: HostProcess): void {
    this.#places.set(owner, host);
    this.#afterExit(host, () => this.#forget(owner, host));
  }

  /** Ends an opened process that is no longer needed. */
  discard(owner: string, host: HostProcess): void {
    host.kill('load');
    if (this.#places.get(owner) !== null) return;
    this.#places.delete(owner);
    this.wake();
  }

  /** Marks the owner as used just now. */
  touch(owner: string): void {
    const host = this.#places.get(owner);
    if (host === undefined) return;
    this.#places.delete(owner);
    this.#places.set(owner, host);
  }

  /** From now on the owner's process isn't parked and takes no place away from others. */
  pin(owner: string): void {
    this.#pinned.add(owner);
    this.wake();
  }

  unpin(owner: string): void {
    this.#pinned.delete(owner);
    while (this.#takenPlaces > this.#options.maxLive && this.#park());
  }

  /** Gives up the owner's place; its processes end when their calls have. */
  release(owner: string, reason: KillReason = 'replaced'): void {
    this.#places.get(owner)?.retire(reason);
    this.#places.delete(owner);
    this.wake();
  }

  /** Lets owners that wait for a place try again: a call ended, so a process may be idle. */
  wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const retry of waiting) retry();
  }

  /** Ends every process; resolves when they are gone, at the latest after `limitMs`. */
  async stop(limitMs = 2_000): Promise<void> {
    this.#stopped = true;
    this.#orphans.stop();
    this.wake();
    const gone = [...this.#all].map((host) => {
      host.kill('stopping');
      return host.exited;
    });
    const ended = Promise.all(gone).then(() => this.#options.guardian.stop());
    await waitAtMost(ended, limitMs);
  }

  get #takenPlaces(): number {
    return [...this.#places.keys()].filter((owner) => !this.#pinned.has(owner)).length;
  }

  /** Null once the owner has a place; otherwise why it gets none. */
  async #takePlace(owner: string, signal: AbortSignal): Promise<string | null> {
    while (!this.#stopped && !signal.aborted) {
      if (this.#places.has(owner)) return null;
      if (this.#pinned.has(owner) || this.#takenPlaces < this.#options.maxLive || this.#park()) {
        this.#places.set(owner, null);
        return null;
      }
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    return this.#stopped ? 'the runtime is stopping' : 'a newer version has come';
  }

  /** Ends the least recently used idle process; false when all are busy. */
  #park(): boolean {
    for (const [owner, host] of this.#places) {
      if (host === null || !host.idle || this.#pinned.has(owner)) continue;
      this.#places.delete(owner);
      host.kill('parked');
      this.#options.onParked(owner);
      return true;
    }
    return false;
  }

  /**
   * Starts the spare of a kind that is still in use by then. Starting a process keeps this thread and a core
   * busy, so not while a call waits for the version just loaded.
   */
  #prepareSoon(kind: HostKind): void {
    const delay = Math.max(SPARE_DELAY_MS, this.#startedAt - performance.now());
    setTimeout(() => {
      if (this.#kinds.has(kind)) this.prepare(kind);
    }, delay).unref();
  }

  #takeSpare(kind: HostKind): HostProcess {
    const spare = this.#spares.get(kind);
    this.#spares.delete(kind);
    return spare?.alive ? spare : this.#launch(kind);
  }

  #launch(kind: HostKind): HostProcess {
    const { guardian, launchers, log } = this.#options;
    this.#launches += 1;
    const mark = `${guardian.mark}.${this.#launches}`;
    const host = new HostProcess(launchers[kind], mark);
    const { pid } = host;
    this.#all.add(host);
    if (pid !== null) guardian.watch(pid);
    this.#afterExit(host, ({ reason }) => {
      this.#all.delete(host);
      if (pid === null) log.warn('Could not start a plugin process', { reason });
      else guardian.forget(pid);
      this.#orphans.sweep(mark);
    });
    return host;
  }

  #afterExit(host: HostProcess, cleanUp: (exit: HostExit) => void): void {
    host.exited.then(cleanUp).catch((error: unknown) => {
      this.#options.log.error('Could not clean up after a plugin process', error);
    });
  }

  /** A process that ended by itself leaves its place, unless a newer one has taken it. */
  #forget(owner: string, host: HostProcess): void {
    if (this.#places.get(owner) !== host) return;
    this.#places.delete(owner);
    this.wake();
  }
}

/** What runs in the background leaves the machine to whom a person waits for. */
function lowerPriority(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended already: its load says so.
  }
}
