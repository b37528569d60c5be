import { useHotkeys } from '@mantine/hooks';
import type { PluginView } from '../../../main/contract/plugin-view.ts';
import { focusElement } from '../../page.ts';
import { openInEditor } from '../../state/editor.ts';
import { actOnPlugin } from '../../state/plugin-actions.ts';
import { choosePlugin, listed, pluginListStore, shownPlugin } from '../../state/plugin-list.ts';
import { currentSnapshot } from '../../state/runtime.ts';
import { openRun } from '../../state/ui.ts';
import { editorPlace } from './editor-place.ts';

/** Ids of the filter's field and of the detail: keys move the focus there. */
export const FILTER_FIELD = 'plugin-filter';
export const DETAIL_REGION = 'plugin-detail';

/** The list by keyboard: j and k, Enter into the detail, and what can be done with the chosen plugin. */
export function usePluginKeys(): void {
  useHotkeys([
    ['j', () => chooseNeighbour(1)],
    ['k', () => chooseNeighbour(-1)],
    ['Enter', () => focusElement(DETAIL_REGION), { preventDefault: false }],
    ['/', () => focusElement(FILTER_FIELD)],
    ['l', () => withChosen(({ name }) => actOnPlugin('reload', name))],
    ['o', () => withChosen((plugin) => openInEditor(editorPlace(plugin)))],
    ['r', () => withChosen(({ name }) => openRun(name))],
  ]);
}

function chooseNeighbour(step: number): void {
  const rows = listed(currentSnapshot()?.plugins ?? [], pluginListStore.getState());
  const at = rows.findIndex(({ name }) => name === shownPlugin());
  const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step))];
  if (next !== undefined) choosePlugin(next.name);
}

function withChosen(act: (plugin: PluginView) => void): void {
  const plugin = currentSnapshot()?.plugins.find(({ name }) => name === shownPlugin());
  if (plugin !== undefined) act(plugin);
}
