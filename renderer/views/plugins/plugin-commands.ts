import { IconCode, IconPlayerPlay, IconRefresh } from '@tabler/icons-react';
import type { PluginView } from '../../../main/contract/plugin-view.ts';
import { editorPlace } from '../../components/plugin/editor-place.ts';
import { focusElement } from '../../page.ts';
import type { Command } from '../../state/app/commands.ts';
import { openInEditor } from '../../state/app/editor.ts';
import { currentSnapshot } from '../../state/app/runtime.ts';
import { openRun } from '../../state/app/ui.ts';
import { actOnPlugin } from '../../state/plugins/plugin-actions.ts';
import { choosePlugin, listed, pluginListStore, shownPlugin } from '../../state/plugins/plugin-list.ts';

/** Ids of what keys move the focus to. */
export const FILTER_FIELD = 'plugin-filter';
export const DETAIL_REGION = 'plugin-detail';
export const rowId = (name: string) => `plugin-row-${name}`;

/** The list by keyboard, and what can be done with the plugin beside it. */
export const LIST_COMMANDS: readonly Command[] = [
  key('plugin.next', 'Next plugin', 'J', () => chooseNeighbour(1)),
  key('plugin.previous', 'Previous plugin', 'K', () => chooseNeighbour(-1)),
  key('plugin.filter', 'Filter plugins', '/', () => focusElement(FILTER_FIELD)),
];

function key(id: string, title: string, keys: string, run: () => void): Command {
  return { id, title, group: 'This screen', keys, listed: false, run };
}

export function detailCommands(plugin: PluginView): readonly Command[] {
  const { name } = plugin;
  const group = 'This screen';
  return [
    {
      ...{ id: 'plugin.run-shown', title: `Run ${name}`, group, keys: 'R', icon: IconPlayerPlay },
      unavailable: plugin.enabled ? null : 'It is disabled',
      run: () => openRun(name),
    },
    {
      ...{ id: 'plugin.edit-shown', title: `Open ${name} in editor`, group, keys: 'O', icon: IconCode },
      run: () => openInEditor(editorPlace(plugin)),
    },
    {
      ...{ id: 'plugin.reload-shown', title: `Reload ${name}`, group, keys: 'L', icon: IconRefresh },
      run: () => actOnPlugin('reload', name),
    },
  ];
}

/** The focus goes along, so that Enter goes on into the detail. */
function chooseNeighbour(step: number): void {
  const rows = listed(currentSnapshot()?.plugins ?? [], pluginListStore.getState());
  const at = rows.findIndex(({ name }) => name === shownPlugin());
  const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step))];
  if (next === undefined) return;
  choosePlugin(next.name);
  focusElement(rowId(next.name));
}
