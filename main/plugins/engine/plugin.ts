import { BUS_LIMITS } from '../../contract/event-bus.ts';
import type { PluginFailure, PluginStatus, ReloadRecord } from '../../contract/plugin-view.ts';
import type { LoadFailure } from '../../hosts/call.ts';
import type { HostProcess } from '../../hosts/host-process.ts';
import { ReloadTally } from '../reload/stats.ts';
import type { DiscoveredPlugin } from '../version/discover.ts';
import { bareFailure, failureOfLoad } from '../version/failure.ts';
import type { Manifest } from '../version/manifest.ts';
import { type ServingHooks, ServingVersion, type Version } from '../version/serving.ts';
import { CallQueue } from './call-queue.ts';
import { CrashLog } from './crash-log.ts';
import { Debugging, type DebuggingDeps } from './debugging.ts';
import type { EnginePlugin, NewProcess } from './types.ts';

export interface PluginDeps extends DebuggingDeps, Pick<ServingHooks, 'onSources' | 'restore'> {
  readonly maxConcurrency: number;
  readonly now: () => number;
  readonly mask: (text: string) => string;
}

type DispatchedHost = Pick<HostProcess, 'ending'>;

/**
 * One plugin as it is now: where it was found, what serves, what is wrong. The reloader moves it from state
 * to state.
 */
export class Plugin {
  readonly name: string;
  readonly serving: ServingVersion;
  readonly queue: CallQueue;
  readonly crashes = new CrashLog();
  readonly debugging: Debugging;
  /** Null when the folder contains no plugin, or no longer does. */
  source: DiscoveredPlugin | null = null;
  manifest: Manifest | null = null;
  /** Why the newest version on disk doesn't load. */
  failure: PluginFailure | null = null;
  /** The folder's own notice when it contains no plugin. */
  notice: string | null = null;
  readonly reloads = new ReloadTally();
  /** When the serving version was put into service; ms since the Unix epoch. */
  loadedAt: number | null = null;
  /** A reload that is running: a call that finds no version waits for it. */
  busy: Promise<void> | null = null;
  /** Set by a person; holds until the manifest changes. */
  #enabledOverride: { readonly enabled: boolean; readonly inManifest: boolean } | null = null;
  /** Where the last call went. */
  #lastDispatch: { readonly host: DispatchedHost; readonly hash: string } | null = null;
  readonly #deps: PluginDeps;

  constructor(name: string, deps: PluginDeps) {
    this.name = name;
    this.#deps = deps;
    this.queue = new CallQueue(deps.maxConcurrency);
    this.debugging = new Debugging(name, deps);
    this.serving = new ServingVersion(name, deps.pool, {
      onProcess: (host) => this.debugging.follow(host),
      onChange: deps.onChange,
      onSources: deps.onSources,
      restore: deps.restore,
      onCrash: (exit) => this.#noteCrash(exit.reason),
      onLine: (text) => deps.log.info(`plugin ${name}: ${deps.mask(text)}`),
      onLoadFailed: (failed) => {
        this.#noteLoadFailure(failed).catch((error: unknown) =>
          deps.log.error(`plugin ${name}: could not describe its failure`, error),
        );
      },
    });
  }

  /** Masks secrets in a text of the plugin's. */
  get mask(): (text: string) => string {
    return this.#deps.mask;
  }

  get enabled(): boolean {
    const inManifest = this.manifest?.enabled ?? true;
    const override = this.#enabledOverride;
    return override?.inManifest === inManifest ? override.enabled : inManifest;
  }

  get lastReload(): ReloadRecord | null {
    return this.reloads.history[0] ?? null;
  }

  /** Says that its view may differ from now on. */
  notifyChange(): void {
    this.#deps.onChange();
  }

  setEnabled(enabled: boolean): void {
    this.#enabledOverride = { enabled, inManifest: this.manifest?.enabled ?? true };
  }

  /** Whether a call would execute now. */
  get ready(): boolean {
    return this.source !== null && this.enabled && this.serving.loadable && this.crashes.quarantined === null;
  }

  /** Says that a call goes to this process; returns why it isn't the last call's. */
  noteDispatch({
    host,
    version,
  }: {
    readonly host: DispatchedHost;
    readonly version: Version;
  }): NewProcess | undefined {
    const last = this.#lastDispatch;
    this.#lastDispatch = { host, hash: version.hash };
    if (last === null || last.host === host) return undefined;
    if (last.hash !== version.hash) return 'reloaded';
    const ending = last.host.ending;
    if (ending?.crash === true) return 'crashed';
    if (ending?.killed === 'deadline') return 'killed';
    return ending?.killed === 'parked' ? 'parked' : 'restarted';
  }

  /** Why a call would not execute now; null when it would. */
  get unready(): string | null {
    if (!this.enabled) return 'it is disabled';
    if (this.crashes.quarantined !== null) return this.crashes.quarantined;
    return this.serving.version === null ? (this.failure?.message ?? 'no version of it is loaded') : null;
  }

  get status(): PluginStatus {
    if (!this.enabled) return 'disabled';
    if (this.crashes.quarantined !== null) return 'quarantined';
    if (this.failure !== null) return 'failed';
    if (this.serving.version === null) return 'loading';
    return this.serving.pid === null ? 'parked' : 'loaded';
  }

  /** Null when the folder contains no plugin. */
  view(): EnginePlugin | null {
    const { source, manifest, serving } = this;
    if (source === null || manifest === null) return null;
    const notices = [this.crashes.quarantined, manifest.problem, source.notice].filter(
      (note) => note !== null,
    );
    return {
      name: this.name,
      displayName: manifest.displayName,
      description: manifest.description,
      version: manifest.version,
      enabled: this.enabled,
      backend: source.backend,
      language: source.language,
      status: this.status,
      serving: this.ready,
      contentHash: serving.version?.hash ?? null,
      loadedAt: serving.version === null ? null : this.loadedAt,
      failure: this.failure,
      notice: notices.length === 0 ? null : notices.join('; '),
      pid: serving.pid,
      lastReload: this.lastReload,
      reloads: this.reloads.stats,
      entry: `${this.name}/${source.file}`,
      debug: this.debugging.view,
      subscriptions: this.#subscriptions(),
    };
  }

  #subscriptions(): EnginePlugin['subscriptions'] {
    const { subscriptions } = this.serving;
    if (subscriptions.size === 0) return undefined;
    const shown = [...subscriptions].slice(0, BUS_LIMITS.subscriptions);
    return shown.map(([event, subscribers]) => ({ event, subscribers }));
  }

  #noteCrash(reason: string): void {
    const masked = this.mask(reason);
    this.#deps.log.warn(`plugin ${this.name}: its process crashed`, { reason: masked });
    if (this.crashes.add(this.#deps.now(), masked)) {
      this.#deps.log.warn(`plugin ${this.name}: quarantined until it changes or is reloaded`);
      this.serving.release();
    }
    this.notifyChange();
  }

  async #noteLoadFailure(failed: LoadFailure): Promise<void> {
    if (failed.unstarted === true) {
      // Nothing is wrong with the version: the next call tries again.
      this.#deps.log.warn(`plugin ${this.name}: has no process`, { reason: failed.message });
      return;
    }
    const { folder = '/', language } = this.source ?? {};
    const kind = language === 'python' ? 'python' : 'node';
    const at = this.#deps.now();
    // At once, since a call may ask for it now; what its source says about the place follows.
    this.failure = bareFailure(this.mask(failed.message), failed.place, at);
    const failure = await failureOfLoad({ kind, folder }, failed, { at, mask: this.mask });
    this.#deps.log.warn(`plugin ${this.name}: failed to load`, { reason: failure.message });
    this.failure = failure;
    this.notifyChange();
  }
}
