import { sep } from 'node:path';
import type { ReloadRecord } from '../../contract/plugin-view.ts';
import { errorMessage } from '../../system/errors.ts';
import { Reloader, type ReloaderDeps } from '../reload/reloader.ts';
import type { ChangedPath } from '../reload/watcher.ts';
import { isCandidate } from '../version/discover.ts';
import { completeSnapshot } from '../version/python-files.ts';
import { Plugin, type PluginDeps } from './plugin.ts';
import type { EnginePlugin } from './types.ts';

type RegistryDeps = Omit<PluginDeps, 'onSources' | 'restore'> & ReloaderDeps;

type Cause = ReloadRecord['cause'];

export interface Registered {
  readonly plugin: Plugin;
  readonly reloader: Reloader;
}

/** All folders that are, were or may become plugins, by name. */
export class Registry {
  readonly #registered = new Map<string, Registered>();
  /** The plugins whose imported files are being stored, and whether they have changed since. */
  readonly #unstored = new Map<Plugin, boolean>();
  readonly #deps: RegistryDeps;

  constructor(deps: RegistryDeps) {
    this.#deps = deps;
  }

  /** Undefined for a folder without a plugin. */
  get(name: string): Registered | undefined {
    const found = this.#registered.get(name);
    return found === undefined || found.plugin.source === null ? undefined : found;
  }

  /** Sorted by name; without folders that contain no plugin. */
  list(): EnginePlugin[] {
    return this.plugins()
      .map((plugin) => plugin.view())
      .filter((view) => view !== null)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  plugins(): Plugin[] {
    return [...this.#registered.values()].map(({ plugin }) => plugin);
  }

  names(): string[] {
    return [...this.#registered.keys()];
  }

  /** What is wrong with folders that contain no plugin. */
  notices(): string[] {
    return this.plugins()
      .filter((plugin) => plugin.source === null && plugin.notice !== null)
      .map((plugin) => plugin.notice ?? '');
  }

  /**
   * Reloads the plugins that these changes on disk concern. `at`: of the first event (performance clock, ms).
   */
  apply(changes: readonly ChangedPath[], at: number): void {
    for (const name of this.#affected(changes)) this.applyChange(name, at);
  }

  /** Reloads what is, or was, the folder of this name. */
  applyChange(name: string, at: number): void {
    this.load(name, 'change', at).catch((error: unknown) => {
      this.#deps.log.error(`plugin ${name}: could not apply a change`, error);
    });
  }

  /** Resolves when the folder's plugin, if there is one, serves or has failed. */
  async load(name: string, cause: Cause, eventAt: number | null): Promise<void> {
    await this.#register(name).reloader.request({ cause, eventAt });
    this.#prune(name);
  }

  /**
   * Begins to load a plugin again that lacked a module, or room for its version: no file of its own changes when
   * that is there. A call that finds no version waits for it.
   */
  retry(name: string): void {
    const found = this.get(name);
    if (found === undefined) return;
    const { plugin, reloader } = found;
    if (plugin.failure?.missing !== true || !plugin.enabled || plugin.busy !== null) return;
    reloader.request({ cause: 'change', eventAt: null, retry: true }).catch((error: unknown) => {
      this.#deps.log.error(`plugin ${name}: could not be loaded again`, error);
    });
  }

  stop(): void {
    for (const { reloader } of this.#registered.values()) reloader.stop();
  }

  /** Another folder took over: idle processes end now, the others with their calls. */
  retire(): void {
    this.stop();
    for (const { debugging, serving } of this.plugins()) {
      debugging.end();
      serving.release();
    }
  }

  #register(name: string): Registered {
    const known = this.#registered.get(name);
    if (known !== undefined) return known;
    const plugin: Plugin = new Plugin(name, {
      ...this.#deps,
      onSources: () => this.#storeSources(plugin),
      restore: () => this.#restore(registered),
    });
    const registered: Registered = { plugin, reloader: new Reloader(plugin, this.#deps) };
    this.#registered.set(name, registered);
    return registered;
  }

  /** Whether the serving version's file is there, or could be made again. */
  async #restore({ plugin: { serving }, reloader }: Registered): Promise<boolean> {
    const isThere = async () =>
      serving.version !== null && this.#deps.bundles.has(serving.version.bundle.file);
    if (serving.version === null || (await isThere())) return true;
    await reloader.request({ cause: 'change', eventAt: null, retry: true });
    return isThere();
  }

  /** Forgets a folder that turned out to contain nothing. */
  #prune(name: string): void {
    const known = this.#registered.get(name)?.plugin;
    if (known !== undefined && known.source === null && known.notice === null && known.busy === null) {
      this.#registered.delete(name);
    }
  }

  /** The names of the plugins that a change may concern (main/README.md §3: the list of inputs decides). */
  #affected(changes: readonly ChangedPath[]): Set<string> {
    const root = this.#deps.root();
    const names = new Set<string>();
    for (const change of changes) {
      const name = folderOf(change.path, root);
      if (name !== null && this.#concerns(name, change)) names.add(name);
      for (const plugin of this.plugins()) {
        if (plugin.serving.version?.inputs.has(change.path)) names.add(plugin.name);
        // The inputs of a broken plugin are unknown: any file may fix it.
        else if (plugin.source !== null && plugin.failure !== null) names.add(plugin.name);
      }
    }
    return names;
  }

  /** One at a time for each plugin: its process may report other files at any rate. */
  #storeSources(plugin: Plugin): void {
    const isStoring = this.#unstored.has(plugin);
    this.#unstored.set(plugin, true);
    if (isStoring) return;
    this.#storeAll(plugin)
      .catch((error: unknown) => {
        // While stopping, the folder they are stored in is removed; otherwise only a later process would miss
        // them.
        const details = { error: errorMessage(error) };
        this.#deps.log.warn(`plugin ${plugin.name}: could not store its imported files`, details);
      })
      .finally(() => this.#unstored.delete(plugin));
  }

  async #storeAll(plugin: Plugin): Promise<void> {
    while (this.#unstored.get(plugin) === true) {
      this.#unstored.set(plugin, false);
      await completeSnapshot(plugin.name, this.#deps.root(), plugin.serving, this.#deps.bundles);
    }
  }

  /**
   * A file that appears or vanishes may change what an import means; content matters only in files that are
   * used.
   */
  #concerns(name: string, { path, contentOnly }: ChangedPath): boolean {
    const plugin = this.#registered.get(name)?.plugin;
    if (!contentOnly || plugin === undefined || plugin.source === null) return true;
    if (path.endsWith(`${sep}manifest.json`) || plugin.failure !== null) return true;
    return plugin.serving.version === null;
  }
}

/**
 * The name of the folder below `root` that holds `path`; null for the root itself and for what can't be a
 * plugin.
 */
function folderOf(path: string, root: string): string | null {
  if (!path.startsWith(root + sep)) return null;
  const [name = ''] = path.slice(root.length + 1).split(sep);
  return name !== '' && isCandidate(name) ? name : null;
}
