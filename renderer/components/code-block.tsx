import type { ReactNode } from 'react';
import classes from './code-block.module.css';
import { CopyButton } from './copy-button.tsx';
import { ForeignText } from './foreign-text.tsx';
import { LongText } from './long-text.tsx';

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

/** Text in a fixed-width type with a copy button, of any length; hidden characters stand out, colours of terminals are shown. */
export function CodeBlock({ text, ...rest }: CodeBlockProps) {
  return <Block text={text} show={showForeign} {...rest} />;
}

function showForeign(piece: string) {
  return <ForeignText text={piece} />;
}

export interface BlockProps extends CodeBlockProps {
  /** How a piece of the text looks. */
  readonly show: (piece: string) => ReactNode;
}

/** The frame of a text: it scrolls, by keyboard too, and can be copied as it really is. */
export function Block({ text, show, maxHeight, wrap = false, copyLabel = 'Copy', bare = false }: BlockProps) {
  return (
    <div className={classes.block} data-bare={bare || undefined}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <pre className={classes.text} data-wrap={wrap || undefined} style={{ maxHeight }} tabIndex={0}>
        <LongText text={text} show={show} />
      </pre>
      <span className={classes.copy}>
        <CopyButton text={text} label={copyLabel} />
      </span>
    </div>
  );
}
