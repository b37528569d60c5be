import { createStore } from 'zustand/vanilla';
import type { PluginView } from '../../../main/contract/plugin-view.ts';
import type { Inspector } from '../../bridge.ts';
import type { Announcements } from '../app/announcements.ts';
import { toFailure } from '../app/loadable.ts';
import type { RuntimeStore } from '../app/runtime.ts';
import type { PluginListStore } from './plugin-list.ts';

export type PluginAction =
  | 'reload'
  | 'restart'
  | 'enable'
  | 'disable'
  | 'debug'
  | 'stop-debugging'
  | 'open-folder';

const TITLES: Record<PluginAction, string> = {
  reload: 'not reloaded',
  restart: 'not restarted',
  enable: 'not enabled',
  disable: 'not disabled',
  debug: 'not opened for debuggers',
  'stop-debugging': 'still open for debuggers',
  'open-folder': 'folder not opened',
};

interface PluginActionsDeps {
  readonly runtime: RuntimeStore;
  readonly announcements: Announcements;
  readonly inspector: Inspector;
  readonly pluginList: PluginListStore;
}

export function createPluginActions({ runtime, announcements, inspector, pluginList }: PluginActionsDeps) {
  /** Running actions, as `<action>:<plugin>`. */
  const store = createStore<{ readonly busy: ReadonlySet<string> }>()(() => ({
    busy: new Set(),
  }));

  /** Runs `action` on the plugin; announces failures, and manual reloads that succeeded. Never rejects. */
  async function act(action: PluginAction, name: string): Promise<void> {
    const key = `${action}:${name}`;
    const { busy } = store.getState();
    if (busy.has(key)) return;
    store.setState({ busy: new Set([...busy, key]) });
    try {
      const plugin = await perform(action, name);
      if (plugin) runtime.replacePlugin(plugin);
      if (plugin && shouldAnnounce(action, plugin)) {
        announcements.announce({
          tone: 'good',
          title: `${name} ${action}ed`,
          text: plugin.contentHash ? `version ${plugin.contentHash}` : '',
          key,
        });
      }
    } catch (error) {
      announcements.announce({
        tone: 'bad',
        title: `${name} ${TITLES[action]}`,
        text: toFailure(error).message,
        key,
      });
    } finally {
      const rest = new Set(store.getState().busy);
      rest.delete(key);
      store.setState({ busy: rest });
    }
  }

  /** Shows the watched folder in the system's file manager; announces when that fails. */
  async function openPluginsFolder(): Promise<void> {
    try {
      await inspector.call('openPluginFolder', { name: null });
    } catch (error) {
      announcements.announce({
        tone: 'bad',
        title: 'Folder not opened',
        text: toFailure(error).message,
        key: 'open-folder',
      });
    }
  }

  /** A manual reload that succeeded, unless its plugin is on the screen and shows it. */
  function shouldAnnounce(action: PluginAction, { name, failure }: PluginView): boolean {
    return (
      (action === 'reload' || action === 'restart') && failure === null && pluginList.shownPlugin() !== name
    );
  }

  async function perform(action: PluginAction, name: string): Promise<PluginView | null> {
    switch (action) {
      case 'reload':
        return inspector.call('reloadPlugin', { name });
      case 'restart':
        return inspector.call('restartPlugin', { name });
      case 'enable':
      case 'disable':
        return inspector.call('setPluginEnabled', { name, enabled: action === 'enable' });
      case 'debug':
      case 'stop-debugging':
        return inspector.call('debugPlugin', { name, on: action === 'debug' });
      case 'open-folder':
        return inspector.call('openPluginFolder', { name });
    }
  }
  return {
    store,
    act,
    openPluginsFolder,
  };
}
