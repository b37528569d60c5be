import type { Bundle, LoadedSources, LoadFailure, LoadResult } from '../../hosts/call.ts';
import type { HostExit } from '../../hosts/exit.ts';
import type { HostProcess } from '../../hosts/host-process.ts';
import type { HostPool } from '../../hosts/pool.ts';

/** A version of a plugin, ready to be loaded. */
export interface Version {
  readonly hash: string;
  readonly bundle: Bundle;
  /** Absolute paths of everything it was made from. */
  readonly inputs: ReadonlySet<string>;
  /** The plugin's folder when it was compiled: what stacks are shown relative to. */
  readonly folder: string;
}

export type Acquired =
  | { readonly ok: true; readonly host: HostProcess; readonly version: Version }
  | {
      readonly ok: false;
      readonly message: string;
      /** It could not load because no process is started any more. */
      readonly stopping: boolean;
    };

export interface ServingHooks {
  /** A process came up, was parked or ended. */
  onChange(): void;
  /** Another process serves from now on. */
  onProcess(host: HostProcess): void;
  /** The serving version turned out to be made of other files than was thought. */
  onSources(): void;
  /** A process ended by the plugin's own doing. */
  onCrash(exit: HostExit): void;
  /** A line written outside of any call. */
  onLine(text: string): void;
  /** A version that no process has loaded yet failed to, and was withdrawn; or one that had loaded doesn't any more. */
  onLoadFailed(failure: LoadFailure): void;
}

/**
 * The version of one plugin that answers calls, and the process it lives in. A version without a process gets one when it
 * is asked for. Versions never mix: a process holds one, and calls end on the process they began on.
 */
export class ServingVersion {
  readonly #owner: string;
  readonly #pool: HostPool;
  readonly #hooks: ServingHooks;
  #version: Version | null = null;
  /** Some process has loaded this version. */
  #proven = false;
  #host: HostProcess | null = null;
  #opening: Promise<Acquired> | null = null;
  /** Ends the load of a version that is no longer the one to serve. */
  #superseded = new AbortController();

  constructor(owner: string, pool: HostPool, hooks: ServingHooks) {
    this.#owner = owner;
    this.#pool = pool;
    this.#hooks = hooks;
  }

  get version(): Version | null {
    return this.#version;
  }

  /** Of the live process; null when there is none. */
  get pid(): number | null {
    return this.#host?.alive ? this.#host.pid : null;
  }

  /** The serving version's process if it has one; null when it has to be waited for. */
  live(): Extract<Acquired, { ok: true }> | null {
    const version = this.#version;
    if (version === null || !this.#host?.alive) return null;
    this.#pool.touch(this.#owner);
    return { ok: true, host: this.#host, version };
  }

  /** The serving version's process, started when there is none. Never rejects. */
  acquire(): Promise<Acquired> {
    const version = this.#version;
    if (version === null)
      return Promise.resolve({ ok: false, message: 'no version of it is loaded', stopping: false });
    const live = this.live();
    if (live !== null) return Promise.resolve(live);
    this.#pool.touch(this.#owner);
    this.#opening ??= this.#revive(version).finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  /** Loads `version` beside the one that serves and swaps them when that succeeds; else nothing changes. */
  async replace(version: Version, signal: AbortSignal): Promise<LoadResult> {
    const opened = await this.#pool.open(this.#owner, version.bundle, signal);
    if (!opened.ok) return opened;
    this.#superseded.abort();
    this.#superseded = new AbortController();
    this.#version = this.#refine(version, opened.sources);
    this.#proven = true;
    this.#adopt(opened.host);
    return opened;
  }

  /** Puts a version in service without a process; whether it loads shows at its first call. */
  park(version: Version): void {
    this.unload();
    this.#version = version;
  }

  /** Ends the service; calls in flight finish. */
  unload(): void {
    this.#superseded.abort();
    this.#superseded = new AbortController();
    this.#version = null;
    this.#proven = false;
    this.#detach();
    this.#pool.release(this.#owner);
  }

  /** The process was ended by the pool, or should be: calls in flight finish, the next call gets a new one. */
  release(): void {
    this.#detach();
    this.#pool.release(this.#owner);
  }

  /** Processes of this version load `file` from now on; false when it no longer serves. */
  setBundleFile(version: Version, file: string): boolean {
    if (this.#version !== version) return false;
    this.#version = { ...version, bundle: { ...version.bundle, file } };
    return true;
  }

  async #revive(version: Version): Promise<Acquired> {
    const opened = await this.#pool.open(this.#owner, version.bundle, this.#superseded.signal);
    if (this.#version !== version || this.#host?.alive) {
      // A newer version came meanwhile; it has a process of its own.
      if (opened.ok) this.#pool.discard(this.#owner, opened.host);
      return this.acquire();
    }
    if (!opened.ok && this.#pool.stopped) return { ok: false, message: opened.message, stopping: true };
    if (!opened.ok) {
      if (!this.#proven) this.unload();
      this.#hooks.onLoadFailed(opened);
      return { ok: false, message: opened.message, stopping: false };
    }
    this.#proven = true;
    const loaded = this.#refine(version, opened.sources);
    this.#version = loaded;
    this.#adopt(opened.host);
    return { ok: true, host: opened.host, version: loaded };
  }

  #adopt(host: HostProcess): void {
    this.#detach();
    this.#host = host;
    this.#pool.adopt(this.#owner, host);
    host.hooks = {
      onLine: (text) => this.#hooks.onLine(text),
      onSources: (sources) => {
        if (this.#version !== null) this.#version = this.#refine(this.#version, sources);
        this.#hooks.onChange();
      },
      onExit: (exit) => {
        if (exit.crash) this.#hooks.onCrash(exit);
        this.#hooks.onChange();
      },
    };
    this.#hooks.onProcess(host);
    this.#hooks.onChange();
  }

  /** The old process ends with its calls, and what it does then is nobody's concern. */
  #detach(): void {
    const host = this.#host;
    this.#host = null;
    if (host === null) return;
    host.hooks = {};
    host.retire('replaced');
  }

  /** The version as its process knows it: made of the files that were imported, and of nothing else. */
  #refine(version: Version, sources: LoadedSources | null): Version {
    if (sources === null) return version;
    setImmediate(() => this.#hooks.onSources());
    return { ...version, hash: sources.hash, inputs: new Set(sources.files) };
  }
}
