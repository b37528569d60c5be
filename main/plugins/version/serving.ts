import type { Bundle, HostKind, LoadedSources, LoadFailure, LoadResult } from '../../hosts/call.ts';
import type { HostExit } from '../../hosts/exit.ts';
import type { HostProcess } from '../../hosts/host-process.ts';
import type { HostPool } from '../../hosts/pool.ts';

/** A version of a plugin, ready to be loaded. */
export interface Version {
  readonly hash: string;
  readonly bundle: Bundle;
  /** Absolute paths of everything it was made from. */
  readonly inputs: ReadonlySet<string>;
  /** The plugin's folder when it was compiled; stacks are shown relative to it. */
  readonly folder: string;
}

export type AcquireResult =
  | { readonly ok: true; readonly host: HostProcess; readonly version: Version }
  | {
      readonly ok: false;
      readonly message: string;
      /** It could not load because the runtime is stopping. */
      readonly stopping: boolean;
    };

const NOTHING_LOADED: AcquireResult = { ok: false, message: 'no version of it is loaded', stopping: false };

export interface ServingHooks {
  /** A process came up, was parked or ended. */
  onChange(): void;
  /** Another process serves from now on. */
  onProcess(host: HostProcess): void;
  /** The serving version turned out to be made of other files than assumed. */
  onSources(): void;
  /**
   * Makes the serving version's file again where it is gone, or replaces that version. Resolves to whether there is
   * one to load. Never rejects.
   */
  restore(): Promise<boolean>;
  /** A process ended, and the plugin caused it. */
  onCrash(exit: HostExit): void;
  /** A line written outside of any call. */
  onLine(text: string): void;
  /**
   * A version that was never loaded before failed to load and was unloaded, or one that used to load no
   * longer does.
   */
  onLoadFailed(failure: LoadFailure): void;
}

/**
 * The version of one plugin that answers calls, and its process. A version without a process gets one when it
 * is needed. Versions never mix: a process has one, and calls end in the process in which they began.
 */
export class ServingVersion {
  readonly #owner: string;
  readonly #pool: HostPool;
  readonly #hooks: ServingHooks;
  #version: Version | null = null;
  /** Whether some process has loaded this version. */
  #proven = false;
  /** The version whose one trial has begun. */
  #tried: Version | null = null;
  /** Whether the last process that should load this version could not. */
  #isUnloadable = false;
  #host: HostProcess | null = null;
  #opening: Promise<AcquireResult> | null = null;
  #subscriptions: ReadonlyMap<string, readonly string[]> = new Map();
  /** Ends the load of a version that should no longer serve. */
  #superseded = new AbortController();

  constructor(owner: string, pool: HostPool, hooks: ServingHooks) {
    this.#owner = owner;
    this.#pool = pool;
    this.#hooks = hooks;
  }

  get version(): Version | null {
    return this.#version;
  }

  /** Whether it is still unknown if this version loads: no process has loaded it, and none is about to. */
  get isUntried(): boolean {
    const version = this.#version;
    return version !== null && !this.#proven && this.#tried !== version && this.#opening === null;
  }

  /** Whether a version is in service that loads, as far as is known. */
  get loadable(): boolean {
    return this.#version !== null && !this.#isUnloadable;
  }

  /** Of the live process; null if there is none. */
  get pid(): number | null {
    return this.#host?.alive ? this.#host.pid : null;
  }

  /** The events that it subscribes to, with its functions' names, also while it has no process. */
  get subscriptions(): ReadonlyMap<string, readonly string[]> {
    return this.#subscriptions;
  }

  /** The serving version's process if it has one; null if a call must wait for it. */
  live(): Extract<AcquireResult, { ok: true }> | null {
    const version = this.#version;
    if (version === null || !this.#host?.alive || this.#host.undecided) return null;
    this.#pool.touch(this.#owner);
    return { ok: true, host: this.#host, version };
  }

  /** The serving version's process, started if there is none. Never rejects. */
  acquire(): Promise<AcquireResult> {
    const version = this.#version;
    if (version === null) return Promise.resolve(NOTHING_LOADED);
    if (this.#host?.undecided === true) return this.#host.decided().then(() => this.acquire());
    const live = this.live();
    if (live !== null) return Promise.resolve(live);
    this.#pool.touch(this.#owner);
    this.#opening ??= this.#open().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  /** A version of this kind will be put into service presently. */
  prepareProcess(kind: HostKind): void {
    this.#pool.prepare(kind);
  }

  /**
   * Loads `version` beside the one that serves and swaps them if that succeeds; otherwise nothing changes.
   */
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

  /**
   * Loads the version into a process of its own and ends that: whether it loads is known before its first
   * call. It has no say where a call's process is loading it meanwhile.
   */
  async tryOnce(): Promise<void> {
    this.#tried = this.#version;
    const isThere = await this.#hooks.restore();
    const version = this.#version;
    if (version === null || this.#proven || this.#opening !== null || this.#pool.stopped) return;
    this.#tried = version;
    if (!isThere) return this.#giveUp();
    const result = await this.#pool.try(this.#owner, version.bundle, this.#superseded.signal);
    if (this.#version !== version || this.#proven || this.#opening !== null || this.#pool.stopped) return;
    if (result.ok) {
      this.#proven = true;
      this.#version = this.#refine(version, result.sources);
      this.#subscriptions = new Map(result.host.link.subscriptions);
      this.#hooks.onChange();
    } else {
      // Where no process could be started, its first call shows whether it loads.
      if (result.unstarted !== true) this.unload();
      this.#hooks.onLoadFailed(result);
    }
  }

  /** Puts a version into service without a process; whether it loads turns out when it is tried. */
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
    this.#isUnloadable = false;
    this.#subscriptions = new Map();
    this.#detach();
    this.#pool.release(this.#owner);
  }

  /** Ends the process after its calls in flight; the next call gets a new one. */
  release(): void {
    this.#detach();
    this.#pool.release(this.#owner);
  }

  /** Processes of this version load `file` from now on. Returns false if it no longer serves. */
  setBundleFile(version: Version, file: string): boolean {
    if (this.#version !== version) return false;
    const moved = { ...version, bundle: { ...version.bundle, file } };
    if (this.#tried === version) this.#tried = moved;
    this.#version = moved;
    return true;
  }

  async #open(): Promise<AcquireResult> {
    await this.#host?.decided();
    const isThere = await this.#hooks.restore();
    const live = this.live();
    if (live !== null) return live;
    const version = this.#version;
    if (this.#pool.stopped) return { ok: false, message: 'the runtime is stopping', stopping: true };
    if (version !== null && isThere) return this.#openProcess(version);
    this.#giveUp();
    const message = 'its compiled version was removed from the temporary folder and could not be made again';
    return { ok: false, message, stopping: false };
  }

  /** What was on disk is gone, and what is there now doesn't load: its failure says why. */
  #giveUp(): void {
    this.unload();
    this.#hooks.onChange();
  }

  async #openProcess(version: Version): Promise<AcquireResult> {
    const opened = await this.#pool.open(this.#owner, version.bundle, this.#superseded.signal);
    if (this.#version !== version || this.#host?.alive) {
      // A newer version came in the meantime; it has its own process.
      if (opened.ok) this.#pool.discard(this.#owner, opened.host);
      // Not `acquire`, which would wait for this very opening.
      return this.#version === null ? NOTHING_LOADED : this.#open();
    }
    if (!opened.ok && this.#pool.stopped) return { ok: false, message: opened.message, stopping: true };
    if (!opened.ok) {
      if (opened.unstarted !== true) {
        if (!this.#proven) this.unload();
        this.#isUnloadable = true;
      }
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
    this.#isUnloadable = false;
    this.#host = host;
    this.#subscriptions = host.link.subscriptions;
    this.#pool.adopt(this.#owner, host);
    host.hooks = {
      onLine: (text) => this.#hooks.onLine(text),
      onSources: (sources) => {
        if (this.#version !== null) this.#version = this.#refine(this.#version, sources);
        this.#hooks.onChange();
      },
      onSubscribed: () => this.#hooks.onChange(),
      onExit: (exit) => {
        if (exit.crash) this.#hooks.onCrash(exit);
        this.#hooks.onChange();
      },
    };
    this.#hooks.onProcess(host);
    this.#hooks.onChange();
  }

  /** The old process ends with its calls; what it does until then is ignored. */
  #detach(): void {
    const host = this.#host;
    this.#host = null;
    if (host === null) return;
    host.hooks = {};
    host.retire('replaced');
  }

  /** The version as its process knows it: made of exactly the files that were imported. */
  #refine(version: Version, sources: LoadedSources | null): Version {
    if (sources === null) return version;
    setImmediate(() => this.#hooks.onSources());
    return { ...version, hash: sources.hash, inputs: new Set(sources.files) };
  }
}
