import type { PluginView, ReloadRecord } from '../../../main/contract/plugin-view.ts';
import type { RuntimeSnapshot } from '../../../main/contract/snapshot.ts';
import type { Inspector } from '../../bridge.ts';
import { formatDuration } from '../../components/text/format.ts';
import type { Announcements } from '../app/announcements.ts';
import type { UiStore } from '../app/ui.ts';
import type { PluginListStore } from './plugin-list.ts';

const keyOf = (plugin: string) => `reload:${plugin}`;

interface ReloadNewsDeps {
  readonly inspector: Inspector;
  readonly ui: UiStore;
  readonly announcements: Announcements;
  readonly pluginList: PluginListStore;
}

/** Announces news of a plugin unless it is on the user's screen. */
function createPluginAnnouncer({ ui, announcements, pluginList }: Omit<ReloadNewsDeps, 'inspector'>) {
  /** Its own screen shows all of it, the Overview what matters. */
  function isOnScreen(plugin: string): boolean {
    return pluginList.shownPlugin() === plugin || ui.store.getState().route.screen === 'overview';
  }

  function announceProblem(plugin: string, title: string, text: string): void {
    if (isOnScreen(plugin)) return;
    const open = () => ui.navigate('plugins', { item: plugin });
    announcements.announce({
      tone: 'bad',
      title,
      text,
      key: keyOf(plugin),
      lasting: true,
      action: { label: 'Open', run: open },
    });
  }

  function announceRecovery(plugin: string, latencyMs: number | null): void {
    if (isOnScreen(plugin)) return;
    const text =
      latencyMs === null
        ? 'The newest version is serving.'
        : `The fix is serving after ${formatDuration(latencyMs)}.`;
    announcements.announce({
      tone: 'good',
      title: `${plugin} loads again`,
      text,
      key: `recovered:${plugin}`,
    });
  }

  return { announceProblem, announceRecovery };
}

/**
 * Announces plugins that fail and recover while the user looks elsewhere. What they see anyway is not
 * announced: nothing about the plugin on their screen, nothing about reloads that succeed (the status bar
 * counts those).
 */
export function createReloadNews({ inspector, ui, announcements, pluginList }: ReloadNewsDeps) {
  const { announceProblem, announceRecovery } = createPluginAnnouncer({ ui, announcements, pluginList });
  const failing = new Set<string>();
  const quarantined = new Set<string>();

  /** Follows the runtime until `unsubscribe`, which it returns, is called. */
  function start(): () => void {
    const unsubscribes = [
      inspector.on('reload', announceReload),
      inspector.on('snapshot', followSnapshot),
      ui.store.subscribe(() => withdrawShown()),
    ];
    return () => {
      for (const unsubscribe of unsubscribes) unsubscribe();
      failing.clear();
      quarantined.clear();
    };
  }

  function announceReload({ plugin, ok, error, latencyMs }: ReloadRecord): void {
    if (!ok) {
      failing.add(plugin);
      announceProblem(plugin, `${plugin} didn’t load`, error ?? '');
      return;
    }
    if (!failing.delete(plugin)) return;
    announcements.withdraw(keyOf(plugin));
    announceRecovery(plugin, latencyMs);
  }

  /** A plugin may also be deleted, or crash until it is quarantined: no reload reports that. */
  function followSnapshot({ plugins }: RuntimeSnapshot): void {
    const byName = new Map(plugins.map((plugin) => [plugin.name, plugin]));
    for (const name of failing) {
      if (byName.get(name)?.failure == null) {
        failing.delete(name);
        announcements.withdraw(keyOf(name));
      }
    }
    for (const plugin of plugins) announceQuarantine(plugin);
  }

  function announceQuarantine({ name, status, notice }: PluginView): void {
    if (status === 'quarantined' && !quarantined.has(name)) {
      quarantined.add(name);
      announceProblem(name, `${name} is quarantined`, notice ?? '');
    } else if (status !== 'quarantined' && quarantined.delete(name)) {
      announcements.withdraw(keyOf(name));
    }
  }

  function withdrawShown(): void {
    const shown = pluginList.shownPlugin();
    if (shown !== null && (failing.has(shown) || quarantined.has(shown)))
      announcements.withdraw(keyOf(shown));
  }
  return {
    start,
  };
}
