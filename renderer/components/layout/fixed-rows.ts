import { type RefObject, useCallback, useLayoutEffect, useState } from 'react';
import { flushSync } from 'react-dom';

/** The rows of a long list to render: those in view and a few beyond. */
export interface RowRange {
  readonly first: number;
  /** Not included. */
  readonly end: number;
}

export interface FixedRowsOptions {
  readonly scroller: RefObject<HTMLElement | null>;
  readonly count: number;
  /** In px. */
  readonly rowHeight: number;
  /** Rows beyond each edge of the view. */
  readonly overscan: number;
  /**
   * Called with the distance from the top in px, initially and on each scroll. Must be the same function at
   * every render.
   */
  readonly onScroll: (top: number) => void;
}

export interface FixedRows extends RowRange {
  /** Scrolls as little as possible to bring a row into view. */
  readonly show: (index: number) => void;
}

/** Before the list is measured: a screenful. */
const FIRST_VIEW: RowRange = { first: 0, end: 40 };

/**
 * Follows which rows of equal height are in view. It needs only the scroll position, so a batch of new rows
 * costs the same for a list of a hundred thousand as for one of ten.
 */
export function useFixedRows(options: FixedRowsOptions): FixedRows {
  const { scroller, count, rowHeight, overscan, onScroll } = options;
  const [view, setView] = useState(FIRST_VIEW);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const update = () => {
      const next = rowsInView(element, rowHeight);
      setView((before) => (before.first === next.first && before.end === next.end ? before : next));
    };
    // Synchronously, or rows that come into view would be missing for a frame.
    const follow = () => {
      flushSync(update);
      onScroll(element.scrollTop);
    };
    const observer = new ResizeObserver(update);
    observer.observe(element);
    element.addEventListener('scroll', follow, { passive: true });
    update();
    onScroll(element.scrollTop);
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', follow);
    };
  }, [scroller, rowHeight, onScroll]);
  const show = useCallback(
    (index: number) => {
      const element = scroller.current;
      if (element === null) return;
      const lowest = (index + 1) * rowHeight - element.clientHeight;
      element.scrollTop = Math.max(lowest, Math.min(index * rowHeight, element.scrollTop));
    },
    [scroller, rowHeight],
  );
  return { ...widenRange(view, overscan, count), show };
}

export function rowsInView(
  { scrollTop, clientHeight }: Pick<HTMLElement, 'scrollTop' | 'clientHeight'>,
  rowHeight: number,
): RowRange {
  return {
    first: Math.floor(scrollTop / rowHeight),
    end: Math.ceil((scrollTop + clientHeight) / rowHeight),
  };
}

/** Extended by `overscan` rows on each side, within the list. */
export function widenRange({ first, end }: RowRange, overscan: number, count: number): RowRange {
  const lastRow = Math.min(count, end + overscan);
  return { first: Math.max(0, Math.min(first - overscan, lastRow)), end: lastRow };
}
