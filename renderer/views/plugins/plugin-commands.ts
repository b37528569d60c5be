import { IconCode, IconPlayerPlay, IconRefresh } from '@tabler/icons-react';
import type { PluginView } from '../../../main/contract/plugin-view.ts';
import { toEditorTarget } from '../../components/plugin/editor-target.ts';
import { focusElement } from '../../page.ts';
import type { Command } from '../../state/app/commands.ts';
import { listed } from '../../state/plugins/plugin-list.ts';
import type { Stores } from '../../stores.ts';

/** Ids of the elements that keys move the focus to. */
export const FILTER_FIELD = 'plugin-filter';
export const DETAIL_REGION = 'plugin-detail';
export const rowId = (name: string) => `plugin-row-${name}`;

/** Keys of the list, and actions on the plugin shown beside it. */
export function listCommands(stores: Stores): readonly Command[] {
  return [
    key('plugin.next', 'Next plugin', 'J', () => chooseNeighbour(stores, 1)),
    key('plugin.previous', 'Previous plugin', 'K', () => chooseNeighbour(stores, -1)),
    key('plugin.filter', 'Filter plugins', '/', () => focusElement(FILTER_FIELD)),
  ];
}

function key(id: string, title: string, keys: string, run: () => void): Command {
  return { id, title, group: 'This screen', keys, listed: false, run };
}

export function detailCommands(stores: Stores, plugin: PluginView): readonly Command[] {
  const { name } = plugin;
  const group = 'This screen';
  return [
    {
      id: 'plugin.run-shown',
      title: `Run ${name}`,
      group,
      keys: 'R',
      icon: IconPlayerPlay,
      unavailable: plugin.enabled ? null : 'Plugin disabled',
      run: () => stores.ui.openRun(name),
    },
    {
      id: 'plugin.edit-shown',
      title: `Open ${name} in editor`,
      group,
      keys: 'O',
      icon: IconCode,
      run: () => stores.editor.open(toEditorTarget(plugin)),
    },
    {
      id: 'plugin.reload-shown',
      title: `Reload ${name}`,
      group,
      keys: 'L',
      icon: IconRefresh,
      run: () => stores.pluginActions.act('reload', name),
    },
  ];
}

/** The focus moves with the selection, so that Enter opens the detail. */
function chooseNeighbour(stores: Stores, step: number): void {
  const rows = listed(stores.runtime.currentSnapshot()?.plugins ?? [], stores.pluginList.store.getState());
  const at = rows.findIndex(({ name }) => name === stores.pluginList.shownPlugin());
  const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step))];
  if (next === undefined) return;
  stores.pluginList.choose(next.name);
  focusElement(rowId(next.name));
}
