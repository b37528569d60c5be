import { TextFrame } from '../../components/text/code-block.tsx';
import { showControls } from '../../components/text/format.ts';
import classes from './code-frame.module.css';

/** The lines around a failure; its own line is highlighted. */
export function CodeFrame({ text }: { text: string }) {
  const lines = text.split('\n');
  return (
    <TextFrame copies={text} copyLabel="Copy code frame" flush>
      <code className={classes.lines}>
        {lines.map((line, index) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity and never move
            key={index}
            className={classes.line}
            data-here={line.startsWith('>') || lines[index - 1]?.startsWith('>') || undefined}
          >
            {`${showControls(line)}\n`}
          </span>
        ))}
      </code>
    </TextFrame>
  );
}
