import { WorkbenchError } from '../../contract/errors.ts';
import type { Json } from '../../contract/http.ts';
import type { ReloadRecord, ReloadStats } from '../../contract/plugin-view.ts';
import type { FolderView } from '../../contract/snapshot.ts';
import { AskHandlers } from '../../hosts/asks.ts';
import { withheldNames } from '../../hosts/environment.ts';
import { Guardian } from '../../hosts/guardian.ts';
import type { HostServices } from '../../hosts/host-link.ts';
import { createNodeLauncher } from '../../hosts/launcher.ts';
import { HostPool } from '../../hosts/pool.ts';
import { PythonInterpreter } from '../../hosts/python/interpreter.ts';
import { createPythonLauncher } from '../../hosts/python/launcher.ts';
import { errorMessage } from '../../system/errors.ts';
import { waitAtMost } from '../../system/wait.ts';
import { sampleOwners } from '../authoring/samples.ts';
import { ReloadTally } from '../reload/stats.ts';
import { type ChangedPath, FolderWatcher } from '../reload/watcher.ts';
import { BundleStore } from '../version/bundles.ts';
import { stopCompiler } from '../version/compiler.ts';
import { candidateNames } from '../version/discover.ts';
import { LANGUAGE_SUPPORT } from '../version/prepare.ts';
import type { EngineEvents } from './events.ts';
import { executeCall } from './execute.ts';
import { type Registered, Registry } from './registry.ts';
import { EventRelay } from './relay.ts';
import type { RelayRecord } from './relay-record.ts';
import { Trials } from './trials.ts';
import type { CallReport, EngineOptions, EnginePlugin, PluginCall, PluginEngine } from './types.ts';

/** Compilations and loads at once during the first scan. */
const SCAN_WIDTH = 4;
/** The start waits this long for eager loads; those that take longer continue after it. */
const START_LIMIT_MS = 3_000;

/** Engines in this process: the compiler's own process is ended with the last of them. */
const running = new Set<Engine>();

/**
 * One watched folder: wires watcher, registry, reloaders and processes. See {@link PluginEngine} for what
 * each method promises.
 */
export class Engine implements Omit<PluginEngine, 'watchFolder' | 'on'> {
  readonly scanned: Promise<void>;
  readonly #options: EngineOptions;
  readonly #events: EngineEvents;
  readonly #interpreter: PythonInterpreter;
  readonly #pool: HostPool;
  readonly #bundles: BundleStore;
  readonly #registry: Registry;
  readonly #relay: EventRelay;
  readonly #watcher: FolderWatcher;
  readonly #trials: Trials;
  /** Environment variables that plugins don't get. */
  readonly #withheld: ReadonlySet<string>;
  #root: string;
  #eagerLeft: number;
  readonly #reloads = new ReloadTally();
  #state: 'new' | 'started' | 'stopped' = 'new';
  #hasScanned = false;
  #resolveScanned: () => void = () => undefined;

  constructor(options: EngineOptions, events: EngineEvents) {
    const { log, mask, maxConcurrency, now = Date.now, asks = new AskHandlers() } = options;
    const variables = () => ({ ...options.variables?.(), MOZAIKS_PLUGINS_PATH: options.path });
    this.#options = { ...options, variables };
    const { python, environment } = options;
    const interpreter = new PythonInterpreter(python, environment, variables, options.ownEnvironments);
    this.#interpreter = interpreter;
    this.#withheld = withheldNames(environment, variables());
    this.#root = options.path;
    this.#eagerLeft = options.maxLiveHosts;
    this.#events = events;
    this.scanned = new Promise((resolve) => {
      this.#resolveScanned = resolve;
    });
    this.#bundles = new BundleStore(log);
    this.#relay = new EventRelay({
      plugins: () => this.#registry.plugins(),
      log,
      onEvent: (record) => events.bus(record),
    });
    const services: HostServices = {
      answer: (name, argument, asker) => asks.answer(name, argument, asker),
      publish: (plugin, event) => this.#relay.publishFrom(plugin, event),
    };
    this.#pool = createEnginePool(this.#options, interpreter, services, () => events.changed());
    this.#registry = new Registry({
      pool: this.#pool,
      bundles: this.#bundles,
      root: () => this.#root,
      refusal: async (language) => (language === 'python' ? interpreter.check() : null),
      isEager: (cause) => cause !== 'start' || this.#eagerLeft-- > 0,
      onReload: (record) => this.#noteReload(record),
      onChange: () => this.#noteChange(),
      maxConcurrency,
      log,
      mask,
      now,
    });
    this.#trials = new Trials({ plugins: () => this.#registry.plugins(), log });
    this.#watcher = new FolderWatcher({
      path: options.path,
      mode: options.watch ?? 'auto',
      log,
      onChanges: (changes, at) => this.#applyChanges(changes, at),
      onOpened: (root, at) => this.#scan(root, at),
      onState: () => this.#noteFolder(),
    });
  }

  async start(): Promise<void> {
    running.add(this);
    const cleared = this.#bundles.clearAbandoned();
    const scan = this.#watcher.start().finally(() => {
      this.#resolveScanned();
      this.#trials.start();
    });
    await waitAtMost(Promise.all([scan, cleared]), START_LIMIT_MS);
    this.#state = 'started';
  }

  async stop(): Promise<void> {
    if (this.#state === 'stopped') return;
    this.#state = 'stopped';
    this.#resolveScanned();
    this.#trials.stop();
    this.#registry.stop();
    for (const plugin of this.#registry.plugins()) plugin.debugging.end();
    await Promise.all([this.#watcher.stop(), this.#pool.stop()]);
    await this.#bundles.dispose();
    running.delete(this);
    if (running.size === 0) await stopCompiler();
  }

  /** Reloads nothing more and ends every process without calls in flight. `stop` still ends it. */
  async retire(): Promise<void> {
    this.#trials.stop();
    this.#registry.retire();
    await this.#watcher.stop();
  }

  list(): readonly EnginePlugin[] {
    return this.#registry.list();
  }

  get(name: string): EnginePlugin | undefined {
    return this.#registry.get(name)?.plugin.view() ?? undefined;
  }

  canRun(name: string): boolean {
    return this.#registry.get(name)?.plugin.enabled === true;
  }

  loadedCount(): number {
    return this.#registry.plugins().filter((plugin) => plugin.ready).length;
  }

  execute(call: PluginCall): Promise<CallReport> {
    this.#registry.retry(call.plugin);
    // A call that ended may have left a process idle that another plugin waits for.
    const plugin = this.#registry.get(call.plugin)?.plugin;
    return executeCall(plugin, call, this.#withheld).finally(() => this.#pool.wake());
  }

  publish(event: string, data: Json, trace: string | null = null): void {
    this.#relay.publish({ event, data: JSON.stringify(data), depth: 0 }, { kind: 'runtime', trace });
  }

  sendEvent(event: string, json: string, as: string | null): RelayRecord {
    return this.#relay.publish({ event, data: json, depth: 0 }, { kind: 'sent', as });
  }

  async reload(name: string): Promise<EnginePlugin> {
    return this.#renew(this.#find(name), 'manual');
  }

  async restart(name: string): Promise<EnginePlugin> {
    return this.#renew(this.#find(name), 'restart');
  }

  async renewProcesses(): Promise<void> {
    await this.#interpreter.refresh();
    this.#pool.renewSpares();
    const plugins = this.#registry.plugins().filter(({ enabled }) => enabled);
    const renewed = plugins.flatMap(({ name, serving }) =>
      serving.pid === null ? [] : [this.restart(name)],
    );
    // What lacked a module, and may have it now.
    for (const { name } of plugins) this.#registry.retry(name);
    for (const result of await Promise.allSettled(renewed)) {
      // It was removed meanwhile.
      if (result.status === 'rejected') this.#options.log.warn(errorMessage(result.reason));
    }
  }

  async setEnabled(name: string, enabled: boolean): Promise<EnginePlugin> {
    const found = this.#find(name);
    found.plugin.setEnabled(enabled);
    if (enabled) return this.#renew(found, 'manual');
    found.plugin.debugging.end();
    found.plugin.serving.release();
    this.#events.changed();
    return this.#viewOf(found);
  }

  async debug(name: string, on: boolean): Promise<EnginePlugin> {
    const found = this.#find(name);
    const { plugin } = found;
    // The new process has no inspector; calls in flight finish on the old one.
    if (!on && plugin.debugging.end() && plugin.serving.pid !== null) return this.#renew(found, 'restart');
    if (!on) return this.#viewOf(found);
    const problem = plugin.unready ?? (await plugin.debugging.start(plugin.serving));
    if (problem === null) return this.#viewOf(found);
    throw new WorkbenchError('CONFLICT', `'${name}' can't be debugged now: ${problem}`);
  }

  folder(): FolderView {
    const { state, notice } = this.#watcher;
    const notices = [notice, ...this.#registry.notices()].filter((text) => text !== null);
    return { path: this.#options.path, state, notice: notices.length === 0 ? null : notices.join('\n') };
  }

  lastReload(): ReloadRecord | null {
    return this.#reloads.history[0] ?? null;
  }

  history(name: string): readonly ReloadRecord[] {
    return this.#find(name).plugin.reloads.history;
  }

  reloadStats(): ReloadStats {
    return this.#reloads.stats;
  }

  async #renew(found: Registered, cause: 'manual' | 'restart'): Promise<EnginePlugin> {
    found.plugin.crashes.clear();
    await found.reloader.request({ cause, eventAt: null });
    return this.#viewOf(found);
  }

  #find(name: string): Registered {
    const found = this.#registry.get(name);
    if (found === undefined) throw new WorkbenchError('NOT_FOUND', `There is no plugin named '${name}'`);
    return found;
  }

  #viewOf({ plugin }: Registered): EnginePlugin {
    const view = plugin.view();
    if (view === null) throw new WorkbenchError('NOT_FOUND', `The plugin '${plugin.name}' no longer exists`);
    return view;
  }

  /** Loads every folder: the first time as the start, later because the watched folder came back. */
  async #scan(root: string, at: number): Promise<void> {
    this.#root = root;
    const cause = this.#hasScanned ? 'change' : 'start';
    this.#hasScanned = true;
    const { only } = this.#options;
    const found = await candidateNames(root);
    const chosen = only === undefined ? found : found.filter((name) => only.includes(name));
    const names = new Set([...chosen, ...this.#registry.names()]).values();
    const worker = async () => {
      for (const name of names) await this.#registry.load(name, cause, cause === 'start' ? null : at);
    };
    await Promise.all(Array.from({ length: SCAN_WIDTH }, worker));
  }

  #applyChanges(changes: readonly ChangedPath[], at: number): void {
    this.#registry.apply(changes, at);
    for (const name of sampleOwners(changes, this.#root)) this.#events.samples(name);
  }

  #noteFolder(): void {
    this.#events.changed();
    if (this.#watcher.state !== 'missing' || this.#state !== 'started') return;
    for (const name of this.#registry.names()) this.#registry.applyChange(name, performance.now());
  }

  #noteReload(record: ReloadRecord): void {
    this.#reloads.add(record);
    this.#events.reload(record);
  }

  #noteChange(): void {
    const plugins = this.#registry.plugins();
    for (const plugin of plugins) if (plugin.source === null || !plugin.enabled) plugin.debugging.end();
    const kinds = plugins.flatMap(({ source }) =>
      source === null ? [] : [LANGUAGE_SUPPORT[source.language].kind],
    );
    this.#pool.keepSpares(new Set(kinds));
    const outside = plugins.flatMap((plugin) =>
      [...(plugin.serving.version?.inputs ?? [])].filter((file) => !this.#watcher.covers(file)),
    );
    this.#watcher.follow(new Set(outside));
    this.#trials.wake();
    this.#events.changed();
  }
}

/**
 * The processes that an engine's plugins run in, a launcher for each language. `onParked`: one was ended to
 * make room.
 */
function createEnginePool(
  { hostScripts, environment, variables, memoryLimitMb, childSpans, log, maxLiveHosts }: EngineOptions,
  interpreter: PythonInterpreter,
  services: HostServices,
  onParked: () => void,
): HostPool {
  return new HostPool({
    launchers: {
      node: createNodeLauncher({
        script: hostScripts.node,
        environment,
        variables,
        memoryLimitMb,
        childSpans,
      }),
      python: createPythonLauncher({ script: hostScripts.python, interpreter, memoryLimitMb, childSpans }),
    },
    guardian: new Guardian(log),
    log,
    maxLive: maxLiveHosts,
    onParked,
    services,
  });
}
