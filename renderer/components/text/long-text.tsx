import { type ReactNode, type RefObject, useEffect, useMemo, useRef, useState } from 'react';
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
  return blocks.map((block, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces of a text never move
    <Piece key={at} block={block} show={show} seen={at < FIRST_SEEN} />
  ));
}

interface PieceProps {
  readonly block: TextBlock;
  readonly show: (piece: string) => ReactNode;
  readonly seen: boolean;
}

function Piece({ block, show, seen }: PieceProps) {
  const element = useRef<HTMLSpanElement>(null);
  const isNear = useIsNear(element, seen);
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

const listeners = new WeakMap<Element, (near: boolean) => void>();
let observer: IntersectionObserver | undefined;

/** Whether an element is in view or nearly so. One observer serves all of them. */
function useIsNear(element: RefObject<Element | null>, initial: boolean): boolean {
  const [isNear, setIsNear] = useState(initial);
  useEffect(() => {
    const watched = element.current;
    if (watched === null) return;
    observer ??= new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) listeners.get(target)?.(isIntersecting);
      },
      { rootMargin: '300px' },
    );
    listeners.set(watched, setIsNear);
    observer.observe(watched);
    return () => {
      listeners.delete(watched);
      observer?.unobserve(watched);
    };
  }, [element]);
  return isNear;
}
