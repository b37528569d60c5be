import { sep } from 'node:path';
import { Reloader, type ReloaderDeps } from '../reload/reloader.ts';
import type { ChangedPath } from '../reload/watcher.ts';
import { isCandidate } from '../version/discover.ts';
import { completeSnapshot } from '../version/python-files.ts';
import { Plugin, type PluginDeps } from './plugin.ts';
import type { EnginePlugin } from './types.ts';

type RegistryDeps = Omit<PluginDeps, 'onSources'> & ReloaderDeps;

export interface Registered {
  readonly plugin: Plugin;
  readonly reloader: Reloader;
}

/** All folders that are, were or may become plugins, by name. */
export class Registry {
  readonly #registered = new Map<string, Registered>();
  readonly #deps: RegistryDeps;

  constructor(deps: RegistryDeps) {
    this.#deps = deps;
  }

  /** Only folders that hold a plugin. */
  get(name: string): Registered | undefined {
    const found = this.#registered.get(name);
    return found === undefined || found.plugin.source === null ? undefined : found;
  }

  /** Sorted by name; only folders that hold a plugin. */
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

  /** What is wrong with folders that hold no plugin. */
  notices(): string[] {
    return this.plugins()
      .filter((plugin) => plugin.source === null && plugin.notice !== null)
      .map((plugin) => plugin.notice ?? '');
  }

  /** The folder's plugin, made when it is new. */
  register(name: string): Registered {
    const known = this.#registered.get(name);
    if (known !== undefined) return known;
    const plugin = new Plugin(name, { ...this.#deps, onSources: (changed) => this.#keepSources(changed) });
    const registered = { plugin, reloader: new Reloader(plugin, this.#deps) };
    this.#registered.set(name, registered);
    return registered;
  }

  /** Forgets a folder that turned out to hold nothing. */
  prune(name: string): void {
    const known = this.#registered.get(name)?.plugin;
    if (known !== undefined && known.source === null && known.notice === null && known.busy === null) {
      this.#registered.delete(name);
    }
  }

  /** The names of those plugins that a change may concern (main/README.md §3: the compiler's input list decides). */
  affected(changes: readonly ChangedPath[], root: string): Set<string> {
    const names = new Set<string>();
    for (const change of changes) {
      const name = folderOf(change.path, root);
      if (name !== null && this.#concerns(name, change)) names.add(name);
      for (const plugin of this.plugins()) {
        if (plugin.serving.version?.inputs.has(change.path)) names.add(plugin.name);
        // What a broken plugin would be made of is unknown: anything may mend it.
        else if (plugin.source !== null && plugin.failure !== null) names.add(plugin.name);
      }
    }
    return names;
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

  #keepSources({ name, serving }: Plugin): void {
    const { root, bundles, log } = this.#deps;
    completeSnapshot(name, root(), serving, bundles).catch((error: unknown) => {
      // While stopping, the folder they are kept in is removed; else only a later process would miss them.
      log.warn(`plugin ${name}: its imported files could not be kept`, { error: String(error) });
    });
  }

  /** Appearing and vanishing files may change what an import means; content matters only in files that are used. */
  #concerns(name: string, { path, contentOnly }: ChangedPath): boolean {
    const plugin = this.#registered.get(name)?.plugin;
    if (!contentOnly || plugin === undefined || plugin.source === null) return true;
    if (path.endsWith(`${sep}manifest.json`) || plugin.failure !== null) return true;
    return plugin.serving.version === null;
  }
}

/** The name of the folder below `root` that holds `path`; null for the root itself and for what can be no plugin. */
function folderOf(path: string, root: string): string | null {
  if (!path.startsWith(root + sep)) return null;
  const [name = ''] = path.slice(root.length + 1).split(sep);
  return name !== '' && isCandidate(name) ? name : null;
}
