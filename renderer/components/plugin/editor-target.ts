import type { PluginView } from '../../../main/contract/plugin-view.ts';
import type { EditorTarget } from '../../state/app/editor.ts';

/** The place to open in an editor: where the plugin fails, otherwise its entry file. */
export function toEditorTarget({ name, failure }: Pick<PluginView, 'name' | 'failure'>): EditorTarget {
  if (failure?.file == null) return { name };
  const { file, line, column } = failure;
  return { name, file, line: line ?? undefined, column: column ?? undefined };
}
