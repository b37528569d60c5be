import { type Layer, ownValue } from '../layers.ts';
import type { Reader, Variable } from '../reader.ts';
import type { EditorCommand, EditorSettings } from '../types.ts';
import { path } from '../values.ts';

/** A variable inherited from another program must not prevent a start: any value is accepted. */
const command = (name: string, description: string, fallbackText: string | null): Variable<string> => ({
  name,
  description,
  parse: path,
  fallback: '',
  fallbackText,
});

/** MOZAIKS_EDITOR, else LAUNCH_EDITOR; and VISUAL, else EDITOR. */
export function resolveEditor(reader: Reader, layers: readonly Layer[]): EditorSettings {
  const what = 'What opens a plugin’s files: a command such as code or idea.';
  const own = reader.read(
    command('MOZAIKS_EDITOR', what, 'the one that is running, else VISUAL, EDITOR or one on the PATH'),
  );
  const launch = reader.read(command('LAUNCH_EDITOR', 'Used where MOZAIKS_EDITOR is unset.', null));
  const about = 'Used where no other editor is known.';
  const visual = reader.read(command('VISUAL', about, null));
  const editor = reader.read(command('EDITOR', about, null));
  return {
    chosen: firstOf([own, 'MOZAIKS_EDITOR'], [launch, 'LAUNCH_EDITOR']),
    usual: firstOf([visual, 'VISUAL'], [editor, 'EDITOR']),
    searchPath: layers.map(({ values }) => ownValue(values, 'PATH')).find(Boolean),
  };
}

function firstOf(...given: readonly (readonly [string, string])[]): EditorCommand | null {
  const found = given.find(([text]) => text.trim() !== '');
  return found === undefined ? null : { command: found[0].trim(), variable: found[1] };
}
