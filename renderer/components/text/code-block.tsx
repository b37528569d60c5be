import type { ReactNode } from 'react';
import { CopyButton } from '../controls/copy-button.tsx';
import classes from './code-block.module.css';
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

/**
 * Text of any length in a fixed-width font, with a copy button. Hidden characters and terminal colours are
 * shown.
 */
export function CodeBlock({ text, ...rest }: CodeBlockProps) {
  return <Block text={text} show={showForeign} {...rest} />;
}

function showForeign(piece: string) {
  return <ForeignText text={piece} />;
}

export interface BlockProps extends CodeBlockProps {
  /** Renders a piece of the text. */
  readonly show: (piece: string) => ReactNode;
}

/** Text of any length in a frame, rendered piece by piece. */
export function Block({ text, show, copyLabel = 'Copy', ...look }: BlockProps) {
  return (
    <TextFrame copies={text} copyLabel={copyLabel} {...look}>
      <LongText text={text} show={show} />
    </TextFrame>
  );
}

export interface TextFrameProps extends Omit<CodeBlockProps, 'text'> {
  /** What the button copies: the unchanged text. */
  readonly copies: string;
  readonly copyLabel: string;
  /** Lines reach from edge to edge, so that a whole line can be highlighted. */
  readonly flush?: boolean;
  readonly children: ReactNode;
}

/** A frame that scrolls, also by keyboard, and whose text can be copied. */
export function TextFrame(props: TextFrameProps) {
  const { copies, copyLabel, maxHeight, wrap = false, bare = false, flush = false, children } = props;
  return (
    <div className={classes.block} data-bare={bare || undefined} data-flush={flush || undefined}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <pre className={classes.text} data-wrap={wrap || undefined} style={{ maxHeight }} tabIndex={0}>
        {children}
      </pre>
      <span className={classes.copy}>
        <CopyButton text={copies} label={copyLabel} always />
      </span>
    </div>
  );
}
