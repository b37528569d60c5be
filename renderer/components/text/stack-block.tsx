import type { EditorTarget } from '../../state/app/editor.ts';
import { useStores } from '../use-stores.tsx';
import { TextFrame } from './code-block.tsx';
import { showControls } from './format.ts';
import classes from './stack-block.module.css';
import { parseStack, type StackPlace } from './stack-frames.ts';

const MAX_LINES = 200;

/** A stack trace; frames in the plugin's own files open in the editor. */
export function StackBlock({ plugin, stack }: { readonly plugin: string; readonly stack: string }) {
  const stores = useStores();
  const lines = parseStack(stack).slice(0, MAX_LINES);
  return (
    <TextFrame copies={stack} copyLabel="Copy stack" maxHeight={180} wrap>
      {lines.map(({ text, place }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity and never move
        <span key={index}>
          {place === null ? (
            showControls(text)
          ) : (
            <button
              type="button"
              className={classes.frame}
              title={`Open ${place.file}:${place.line} in editor`}
              onClick={() => stores.editor.open(toTarget(plugin, place))}
            >
              {showControls(text)}
            </button>
          )}
          {'\n'}
        </span>
      ))}
    </TextFrame>
  );
}

function toTarget(name: string, { file, line, column }: StackPlace): EditorTarget {
  return { name, file, line, column: column ?? undefined };
}
