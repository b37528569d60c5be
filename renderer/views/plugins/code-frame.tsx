import { CopyButton } from '../../components/copy-button.tsx';
import { showControls } from '../../components/format.ts';
import classes from './code-frame.module.css';

/** The lines around a failure; the one it is in stands out. */
export function CodeFrame({ text }: { text: string }) {
  const lines = text.split('\n');
  return (
    <div className={classes.frame}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <pre className={classes.text} tabIndex={0}>
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
      </pre>
      <span className={classes.copy}>
        <CopyButton text={text} label="Copy code frame" always />
      </span>
    </div>
  );
}
