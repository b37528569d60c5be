import type { PluginView } from '../../../main/contract/plugin-view.ts';
import type { EditorTarget } from '../../state/app/editor.ts';

/** What one wants to see of a plugin in an editor: where it is broken, else its entry. */
export function toEditorTarget({ name, failure }: Pick<PluginView, 'name' | 'failure'>): EditorTarget {
  if (failure?.file == null) return { name };
  const { file, line, column } = failure;
  return { name, file, ...(line === null ? {} : { line }), ...(column === null ? {} : { column }) };
}
