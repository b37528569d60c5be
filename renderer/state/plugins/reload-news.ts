import type { PluginView, ReloadRecord } from '../../../main/contract/plugin-view.ts';
import type { RuntimeSnapshot } from '../../../main/contract/snapshot.ts';
import { on } from '../../bridge.ts';
import { formatDuration } from '../../components/text/format.ts';
import { announce, withdraw } from '../app/announcements.ts';
import { navigate, uiStore } from '../app/ui.ts';
import { shownPlugin } from './plugin-list.ts';

/**
 * News of plugins that break and heal while their user looks elsewhere. What he sees anyway is not told again: nothing of the
 * plugin on his screen, nothing of reloads that went well (the bottom line counts those).
 */

const failing = new Set<string>();
const quarantined = new Set<string>();

const keyOf = (plugin: string) => `reload:${plugin}`;

/** Follows the runtime until the returned undo is called. */
export function startReloadNews(): () => void {
  const undo = [
    on('reload', tellReload),
    on('snapshot', tellSnapshot),
    uiStore.subscribe(() => withdrawShown()),
  ];
  return () => {
    for (const stop of undo) stop();
    failing.clear();
    quarantined.clear();
  };
}

function tellReload({ plugin, ok, error, latencyMs }: ReloadRecord): void {
  if (!ok) {
    failing.add(plugin);
    announceProblem(plugin, `${plugin} didn’t load`, error ?? '');
    return;
  }
  if (!failing.delete(plugin)) return;
  withdraw(keyOf(plugin));
  if (isOnScreen(plugin)) return;
  const text =
    latencyMs === null ? 'The newest version serves.' : `The fix serves after ${formatDuration(latencyMs)}.`;
  announce({ tone: 'good', title: `${plugin} loads again`, text, key: `healed:${plugin}` });
}

/** A plugin may also be deleted, or crash until it is quarantined: no reload tells of that. */
function tellSnapshot({ plugins }: RuntimeSnapshot): void {
  const byName = new Map(plugins.map((plugin) => [plugin.name, plugin]));
  for (const name of failing) {
    if (byName.get(name)?.failure == null) {
      failing.delete(name);
      withdraw(keyOf(name));
    }
  }
  for (const plugin of plugins) noteQuarantine(plugin);
}

function noteQuarantine({ name, status, notice }: PluginView): void {
  if (status === 'quarantined' && !quarantined.has(name)) {
    quarantined.add(name);
    announceProblem(name, `${name} is quarantined`, notice ?? '');
  } else if (status !== 'quarantined' && quarantined.delete(name)) {
    withdraw(keyOf(name));
  }
}

/** Its own screen shows all of it, the Overview what matters. */
function isOnScreen(plugin: string): boolean {
  return shownPlugin() === plugin || uiStore.getState().route.screen === 'overview';
}

function announceProblem(plugin: string, title: string, text: string): void {
  if (isOnScreen(plugin)) return;
  const open = () => navigate('plugins', { item: plugin });
  announce({
    tone: 'bad',
    title,
    text,
    key: keyOf(plugin),
    lasting: true,
    action: { label: 'Open', run: open },
  });
}

function withdrawShown(): void {
  const shown = shownPlugin();
  if (shown !== null && (failing.has(shown) || quarantined.has(shown))) withdraw(keyOf(shown));
}
