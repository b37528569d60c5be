import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { showControls } from './format.ts';
import classes from './long-text.module.css';
import { splitBlocks, type TextBlock } from './text-blocks.ts';

/** The `line-height` of the stylesheet. */
const LINE_PX = 18;
/** The first pieces are rendered fully at once. */
const FIRST_SEEN = 2;

export interface LongTextProps {
  readonly text: string;
  /** Renders a piece near the viewport; elsewhere it is plain text, which is cheap. */
  readonly show: (piece: string) => ReactNode;
}

/**
 * Text of any length, inside a `<pre>`. It is split into pieces, and the browser lays out only those in view.
 * All of it is in the page, for searching and copying.
 */
export function LongText({ text, show }: LongTextProps) {
  const blocks = useMemo(() => splitBlocks(text), [text]);
  const [only, second] = blocks;
  if (only === undefined) return null;
  if (second === undefined) return show(only.text);
  return <Pieces blocks={blocks} show={show} />;
}

interface PiecesProps {
  readonly blocks: readonly TextBlock[];
  readonly show: (piece: string) => ReactNode;
}

function Pieces({ blocks, show }: PiecesProps) {
  const [watch] = useState(createNearWatch);
  return blocks.map((block, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces of a text never move
    <Piece key={at} block={block} show={show} seen={at < FIRST_SEEN} watch={watch} />
  ));
}

interface PieceProps {
  readonly block: TextBlock;
  readonly show: (piece: string) => ReactNode;
  readonly seen: boolean;
  readonly watch: NearWatch;
}

function Piece({ block, show, seen, watch }: PieceProps) {
  const element = useRef<HTMLSpanElement>(null);
  const [isNear, setIsNear] = useState(seen);
  useEffect(() => (element.current === null ? undefined : watch(element.current, setIsNear)), [watch]);
  return (
    <span
      ref={element}
      className={classes.piece}
      style={{ containIntrinsicBlockSize: `auto ${block.lines * LINE_PX}px` }}
    >
      {isNear ? show(block.text) : showControls(block.text)}
    </span>
  );
}

/** Calls back when an element comes near the viewport or leaves it; returns `unsubscribe`. */
type NearWatch = (element: Element, listener: (near: boolean) => void) => () => void;

/** One observer for all pieces of a text, created with the first of them. */
function createNearWatch(): NearWatch {
  const listeners = new Map<Element, (near: boolean) => void>();
  let observer: IntersectionObserver | undefined;
  return (element, listener) => {
    observer ??= new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) listeners.get(target)?.(isIntersecting);
      },
      { rootMargin: '300px' },
    );
    listeners.set(element, listener);
    observer.observe(element);
    return () => {
      listeners.delete(element);
      observer?.unobserve(element);
    };
  };
}
