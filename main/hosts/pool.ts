import type { Bundle, HostKind, LoadedSources, LoadFailure } from './call.ts';
import type { KillReason } from './exit.ts';
import type { Guardian } from './guardian.ts';
import { HostProcess } from './host-process.ts';
import type { HostLauncher } from './launcher.ts';

/** The next spare is started this long after the last one was taken. */
const SPARE_DELAY_MS = 25;

export type OpenResult =
  | { readonly ok: true; readonly host: HostProcess; readonly sources: LoadedSources | null }
  | LoadFailure;

export interface PoolOptions {
  readonly launchers: Readonly<Record<HostKind, HostLauncher>>;
  readonly guardian: Guardian;
  /** Owners with a process at once; a version being replaced and the spare come on top. */
  readonly maxLive: number;
  /** A process was ended to make room; its owner gets a new one when it asks. */
  readonly onParked: (owner: string) => void;
}

/**
 * The processes of all plugins: keeps one warm spare a kind (a start costs 60–100 ms, a load from the spare a few), and
 * gives at most `maxLive` owners a process at once. When there is no room, the idle process that was used longest ago is parked;
 * when none is idle, the asker waits.
 */
export class HostPool {
  readonly #options: PoolOptions;
  /** Every process that is not yet gone, so that stopping can end them all. */
  readonly #all = new Set<HostProcess>();
  /** Owners that hold a place, least recently used first; null while theirs is loading. */
  readonly #places = new Map<string, HostProcess | null>();
  /** Owners whose process stays, on top of `maxLive`: a debugger may be attached to it. */
  readonly #pinned = new Set<string>();
  #waiting: (() => void)[] = [];
  readonly #spares = new Map<HostKind, HostProcess>();
  #kinds: ReadonlySet<HostKind> = new Set();
  #stopped = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** No process is started any more. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** Keeps a spare of each of these kinds from now on, and no other. */
  keepSpares(kinds: ReadonlySet<HostKind>): void {
    const added = [...kinds].filter((kind) => !this.#kinds.has(kind));
    this.#kinds = kinds;
    for (const kind of added) this.#prepare(kind);
    for (const [kind, spare] of this.#spares) {
      if (kinds.has(kind)) continue;
      this.#spares.delete(kind);
      spare.kill('parked');
    }
  }

  /**
   * Loads a bundle into a process for `owner`, who then has to `adopt` or `discard` it. The process the owner may have
   * had stays untouched: it is retired when the new one serves. Never rejects.
   */
  async open(owner: string, bundle: Bundle, signal: AbortSignal): Promise<OpenResult> {
    const refusal = await this.#takePlace(owner, signal);
    if (refusal !== null) return { ok: false, message: refusal, stack: null, place: null };
    const { kind } = bundle;
    const host = this.#takeSpare(kind);
    const abandon = () => host.kill('load');
    signal.addEventListener('abort', abandon, { once: true });
    const result = await host.load(bundle);
    signal.removeEventListener('abort', abandon);
    this.#prepareSoon(kind);
    if (result.ok) return { ok: true, host, sources: result.sources };
    this.discard(owner, host);
    return result;
  }

  /** The opened process is now the one that serves the owner. */
  adopt(owner: string, host: HostProcess): void {
    this.#places.set(owner, host);
    host.exited.then(() => this.#forget(owner, host));
  }

  /** The opened process is not wanted after all. */
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

  /** The owner's process is not parked from now on, and takes no place away from others. */
  pin(owner: string): void {
    this.#pinned.add(owner);
    this.wake();
  }

  unpin(owner: string): void {
    this.#pinned.delete(owner);
    while (this.#taken > this.#options.maxLive && this.#park());
  }

  /** Gives up the owner's place; its processes end when their calls have. */
  release(owner: string, reason: KillReason = 'replaced'): void {
    this.#places.get(owner)?.retire(reason);
    this.#places.delete(owner);
    this.wake();
  }

  /** Lets those who wait for a place look again: a call ended, so a process may be idle. */
  wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const look of waiting) look();
  }

  /** Ends every process; resolves when they are gone, at the latest after `limitMs`. */
  async stop(limitMs = 2_000): Promise<void> {
    this.#stopped = true;
    this.wake();
    const gone = [...this.#all].map((host) => {
      host.kill('stopping');
      return host.exited;
    });
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, limitMs);
    });
    await Promise.race([Promise.all(gone).then(() => this.#options.guardian.stop()), limit]);
    clearTimeout(timer);
  }

  get #taken(): number {
    return [...this.#places.keys()].filter((owner) => !this.#pinned.has(owner)).length;
  }

  /** Null once the owner has a place; else why it gets none. */
  async #takePlace(owner: string, signal: AbortSignal): Promise<string | null> {
    while (!this.#stopped && !signal.aborted) {
      if (this.#places.has(owner)) return null;
      if (this.#pinned.has(owner) || this.#taken < this.#options.maxLive || this.#park()) {
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

  /** Ends the idle process that was used longest ago; false when every one is at work. */
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

  /** Starting a process keeps this thread and a processor busy: not while somebody waits for the version just loaded. */
  #prepareSoon(kind: HostKind): void {
    setTimeout(() => this.#prepare(kind), SPARE_DELAY_MS).unref();
  }

  /** Starts the spare of a kind that is in use, if there is none. */
  #prepare(kind: HostKind): void {
    if (this.#stopped || !this.#kinds.has(kind) || this.#spares.get(kind)?.alive) return;
    this.#spares.set(kind, this.#launch(kind));
  }

  #takeSpare(kind: HostKind): HostProcess {
    const spare = this.#spares.get(kind);
    this.#spares.delete(kind);
    return spare?.alive ? spare : this.#launch(kind);
  }

  #launch(kind: HostKind): HostProcess {
    const host = new HostProcess(this.#options.launchers[kind]);
    const { pid } = host;
    this.#all.add(host);
    if (pid !== null) this.#options.guardian.watch(pid);
    host.exited.then(() => {
      this.#all.delete(host);
      if (pid !== null) this.#options.guardian.forget(pid);
    });
    return host;
  }

  /** A process that ended by itself leaves its place, unless a newer one has taken it. */
  #forget(owner: string, host: HostProcess): void {
    if (this.#places.get(owner) !== host) return;
    this.#places.delete(owner);
    this.wake();
  }
}
