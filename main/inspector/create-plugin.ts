import type { CreatedPlugin, PluginView } from '../contract/plugin-view.ts';
import type { EnginePlugin, PluginEngine } from '../plugins/engine-types.ts';
import { createPlugin, type NewPlugin } from '../plugins/scaffold.ts';

/** How long the watcher may take to find a new folder, and the plugin to load. */
const LOOK_MS = 5_000;

export interface CreateDeps {
  readonly engine: PluginEngine;
  readonly withStats: (plugin: EnginePlugin) => PluginView;
}

/** Makes a plugin and waits until it is there to be called, as far as that takes no longer than a person waits. */
export async function createAndFind(
  { engine, withStats }: CreateDeps,
  wish: NewPlugin,
): Promise<CreatedPlugin> {
  const { folder, files } = await createPlugin(engine.folder().path, wish);
  const plugin = await whenSettled(engine, wish.name);
  return { name: wish.name, folder, files, plugin: plugin === null ? null : withStats(plugin) };
}

function whenSettled(engine: PluginEngine, name: string): Promise<EnginePlugin | null> {
  return new Promise((resolve) => {
    const done = (plugin: EnginePlugin | null) => {
      clearTimeout(timer);
      undo();
      resolve(plugin);
    };
    const look = () => {
      const plugin = engine.get(name);
      if (plugin !== undefined && plugin.status !== 'loading') done(plugin);
    };
    const timer = setTimeout(() => done(engine.get(name) ?? null), LOOK_MS);
    const undo = engine.on('changed', look);
    look();
  });
}
