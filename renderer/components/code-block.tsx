import { Button } from '@mantine/core';
import { useState } from 'react';
import classes from './code-block.module.css';
import { CopyButton } from './copy-button.tsx';
import { formatCount, showControls } from './format.ts';

const MAX_SHOWN = 20_000;

export interface CodeBlockProps {
  /** Shown as text, never as HTML. */
  readonly text: string;
  /** CSS length beyond which it scrolls; by default it grows. */
  readonly maxHeight?: string | number;
  readonly wrap?: boolean;
  readonly copyLabel?: string;
  /** Without border and background, inside something that has them. */
  readonly bare?: boolean;
}

/** Text in a fixed-width type with a copy button; long texts are cut until asked for, hidden characters are written out. */
export function CodeBlock({
  text,
  maxHeight,
  wrap = false,
  copyLabel = 'Copy',
  bare = false,
}: CodeBlockProps) {
  const [whole, setWhole] = useState(false);
  const shown = whole ? text : text.slice(0, MAX_SHOWN);
  return (
    <div className={classes.block} data-bare={bare || undefined}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <pre className={classes.text} data-wrap={wrap || undefined} style={{ maxHeight }} tabIndex={0}>
        {showControls(shown)}
      </pre>
      {shown.length < text.length && (
        <ShowAll hidden={text.length - shown.length} onShow={() => setWhole(true)} />
      )}
      <span className={classes.copy}>
        <CopyButton text={text} label={copyLabel} />
      </span>
    </div>
  );
}

/** The line under a cut text. */
export function ShowAll({ hidden, onShow }: { hidden: number; onShow: () => void }) {
  return (
    <div className={classes.more}>
      <span>{formatCount(hidden)} more characters</span>
      <Button size="compact-xs" onClick={onShow}>
        Show all
      </Button>
    </div>
  );
}
