import type { ReloadRecord } from '../../contract/plugin-view.ts';
import { Engine } from './engine.ts';
import { EngineEventHub, type EngineListeners } from './events.ts';
import type { CallReport, EngineOptions, PluginCall, PluginEngine } from './types.ts';

/** The engine over real files and processes; nothing happens before `start`. */
export function createPluginEngine(options: EngineOptions): PluginEngine {
  return new SwitchingEngine(options);
}

/** One folder's engine and the calls that it has taken and not yet answered. */
interface WatchedFolder {
  readonly engine: Engine;
  readonly path: string;
  readonly calls: Set<Promise<CallReport>>;
  /** What its plugins did before it came into service; announced when it does. */
  readonly early: ReloadRecord[];
}

/**
 * An engine whose folder can be exchanged while it runs. The new folder is scanned and loaded before the old
 * one goes: until then the old one answers, afterwards the new one, and calls that were in flight finish on
 * the versions they began with.
 */
class SwitchingEngine implements PluginEngine {
  readonly #options: EngineOptions;
  readonly #events: EngineEventHub;
  /** The one in service, those being started, and those whose last calls are still running. */
  readonly #alive = new Set<WatchedFolder>();
  #current: WatchedFolder;
  /** One exchange at a time. */
  #switching: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#events = new EngineEventHub(options.log);
    this.#current = this.#open(options.path);
  }

  start(): Promise<void> {
    return this.#current.engine.start();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#alive].map(({ engine }) => engine.stop()));
  }

  watchFolder(path: string): Promise<void> {
    const exchange = this.#switching.then(() => this.#exchange(path));
    // A failed exchange is reported to its caller; the next one starts from what serves then.
    this.#switching = exchange.catch(() => undefined);
    return exchange;
  }

  execute(call: PluginCall): Promise<CallReport> {
    const { engine, calls } = this.#current;
    const report = engine.execute(call);
    calls.add(report);
    return report.finally(() => calls.delete(report));
  }

  publish: PluginEngine['publish'] = (...event) => this.#current.engine.publish(...event);
  sendEvent: PluginEngine['sendEvent'] = (...event) => this.#current.engine.sendEvent(...event);

  get scanned(): Promise<void> {
    return this.#current.engine.scanned;
  }

  list: PluginEngine['list'] = () => this.#current.engine.list();
  get: PluginEngine['get'] = (name) => this.#current.engine.get(name);
  canRun: PluginEngine['canRun'] = (name) => this.#current.engine.canRun(name);
  loadedCount: PluginEngine['loadedCount'] = () => this.#current.engine.loadedCount();
  reload: PluginEngine['reload'] = (name) => this.#current.engine.reload(name);
  restart: PluginEngine['restart'] = (name) => this.#current.engine.restart(name);
  renewProcesses: PluginEngine['renewProcesses'] = () => this.#current.engine.renewProcesses();
  setEnabled: PluginEngine['setEnabled'] = (name, on) => this.#current.engine.setEnabled(name, on);
  debug: PluginEngine['debug'] = (name, on) => this.#current.engine.debug(name, on);
  history: PluginEngine['history'] = (name) => this.#current.engine.history(name);
  folder: PluginEngine['folder'] = () => this.#current.engine.folder();
  lastReload: PluginEngine['lastReload'] = () => this.#current.engine.lastReload();
  reloadStats: PluginEngine['reloadStats'] = () => this.#current.engine.reloadStats();

  on<E extends keyof EngineListeners>(event: E, listener: EngineListeners[E]): () => void {
    return this.#events.on(event, listener);
  }

  #open(path: string): WatchedFolder {
    const early: ReloadRecord[] = [];
    // Only the folder in service is heard; what a new one loads is announced when it comes into service.
    const inService = () => this.#current.engine === engine;
    const engine: Engine = new Engine(
      { ...this.#options, path },
      {
        changed: () => {
          if (inService()) this.#events.changed();
        },
        samples: (plugin) => {
          if (inService()) this.#events.samples(plugin);
        },
        // Of the old folder too: its last calls are still running.
        bus: (record) => this.#events.bus(record),
        reload: (record) => {
          if (inService()) this.#events.reload(record);
          else early.push(record);
        },
      },
    );
    const watched: WatchedFolder = { engine, path, calls: new Set(), early };
    this.#alive.add(watched);
    return watched;
  }

  async #exchange(path: string): Promise<void> {
    if (this.#stopped || path === this.#current.path) return;
    const next = this.#open(path);
    try {
      await next.engine.start();
    } catch (error) {
      await this.#close(next);
      throw error;
    }
    if (this.#stopped) return this.#close(next);
    const old = this.#current;
    this.#current = next;
    this.#options.log.info('Watched folder changed', { path });
    for (const record of next.early) this.#events.reload(record);
    this.#events.changed();
    this.#retire(old).catch((error: unknown) =>
      this.#options.log.error(`Could not stop the engine of ${old.path}`, error),
    );
  }

  /**
   * Idle processes go at once, the others with their last call; its length is bounded by the call's own
   * deadline.
   */
  async #retire(old: WatchedFolder): Promise<void> {
    await old.engine.retire();
    await Promise.allSettled(old.calls);
    await this.#close(old);
  }

  async #close(watched: WatchedFolder): Promise<void> {
    await watched.engine.stop();
    this.#alive.delete(watched);
  }
}
