import { createStore } from 'zustand/vanilla';
import type { PluginView } from '../../../main/contract/plugin-view.ts';
import { call } from '../../bridge.ts';
import { announce } from '../app/announcements.ts';
import { toFailure } from '../app/loadable.ts';
import { replacePlugin } from '../app/runtime.ts';
import { shownPlugin } from './plugin-list.ts';

export type PluginAction =
  | 'reload'
  | 'restart'
  | 'enable'
  | 'disable'
  | 'debug'
  | 'stop-debugging'
  | 'open-folder';

/** Actions under way, as `<action>:<plugin>`. */
export const pluginActionStore = createStore<{ readonly busy: ReadonlySet<string> }>()(() => ({
  busy: new Set(),
}));

const TITLES: Record<PluginAction, string> = {
  reload: 'not reloaded',
  restart: 'not restarted',
  enable: 'not enabled',
  disable: 'not disabled',
  debug: 'not opened for debuggers',
  'stop-debugging': 'still open for debuggers',
  'open-folder': 'folder not opened',
};

/** Does `action` on the plugin; says so when it fails, and when a reload by hand succeeded. Never rejects. */
export async function actOnPlugin(action: PluginAction, name: string): Promise<void> {
  const key = `${action}:${name}`;
  const { busy } = pluginActionStore.getState();
  if (busy.has(key)) return;
  pluginActionStore.setState({ busy: new Set([...busy, key]) });
  try {
    const plugin = await perform(action, name);
    if (plugin) replacePlugin(plugin);
    if (plugin && isNews(action, plugin)) {
      announce({
        tone: 'good',
        title: `${name} ${action}ed`,
        text: plugin.contentHash ? `version ${plugin.contentHash}` : '',
        key,
      });
    }
  } catch (error) {
    announce({ tone: 'bad', title: `${name} ${TITLES[action]}`, text: toFailure(error).message, key });
  } finally {
    const rest = new Set(pluginActionStore.getState().busy);
    rest.delete(key);
    pluginActionStore.setState({ busy: rest });
  }
}

/** Shows the watched folder in the system's file manager; says so when it can't. */
export async function openPluginsFolder(): Promise<void> {
  try {
    await call('openPluginFolder', { name: null });
  } catch (error) {
    announce({ tone: 'bad', title: 'Folder not opened', text: toFailure(error).message, key: 'open-folder' });
  }
}

/** A reload by hand that went well, unless its plugin is on the screen and shows it. */
function isNews(action: PluginAction, { name, failure }: PluginView): boolean {
  return (action === 'reload' || action === 'restart') && failure === null && shownPlugin() !== name;
}

async function perform(action: PluginAction, name: string): Promise<PluginView | null> {
  switch (action) {
    case 'reload':
      return call('reloadPlugin', { name });
    case 'restart':
      return call('restartPlugin', { name });
    case 'enable':
    case 'disable':
      return call('setPluginEnabled', { name, enabled: action === 'enable' });
    case 'debug':
    case 'stop-debugging':
      return call('debugPlugin', { name, on: action === 'debug' });
    case 'open-folder':
      return call('openPluginFolder', { name });
  }
}
