import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { useFixedRows } from './fixed-rows.ts';
import classes from './row-list.module.css';

const ROW_HEIGHT = 32;
const OVERSCAN = 8;

const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 15,
  PageUp: -15,
  Home: -1e9,
  End: 1e9,
};

export interface RowListProps<T> {
  readonly label: string;
  readonly count: number;
  /** Undefined as long as it is not there. */
  readonly rowAt: (index: number) => T | undefined;
  readonly idOf: (row: T) => string | number;
  /** The index of the selected row; -1 for none. */
  readonly selectedAt: number;
  readonly onPress: (row: T) => void;
  /** A key that moves by so many rows. */
  readonly onStep: (step: number) => void;
  readonly onEnter?: (() => void) | undefined;
  /** Called with the rows in view and a few beyond, the end not included, whenever these change. */
  readonly onView?: ((first: number, end: number) => void) | undefined;
  readonly children: (row: T) => ReactNode;
}

/** A list of rows of one height, one of which may be selected; only those in view are rendered. */
export function RowList<T>(props: RowListProps<T>) {
  const { label, count, rowAt, idOf, selectedAt, onPress, onStep, onEnter, onView, children } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const { first, end, show } = useFixedRows({
    scroller,
    count,
    rowHeight: ROW_HEIGHT,
    overscan: OVERSCAN,
    onScroll: ignoreScroll,
  });
  const selected = rowAt(selectedAt);
  const selectedId = selected === undefined ? null : idOf(selected);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new selection scrolls, not new rows
  useEffect(() => {
    if (selectedAt >= 0) show(selectedAt);
  }, [selectedId, show]);
  useEffect(() => onView?.(first, end), [first, end, onView]);
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = STEPS[event.key];
    if (step !== undefined) onStep(step);
    else if (event.key === 'Enter' && onEnter !== undefined) onEnter();
    else return;
    event.preventDefault();
  };
  const domId = (index: number) => `${label.toLowerCase()}-row-${index}`;
  return (
    <div
      ref={scroller}
      className={classes.list}
      role="listbox"
      aria-label={label}
      tabIndex={0}
      aria-activedescendant={selectedAt >= first && selectedAt < end ? domId(selectedAt) : undefined}
      onKeyDown={press}
    >
      <div className={classes.sizer} style={{ height: count * ROW_HEIGHT }}>
        {Array.from({ length: end - first }, (_, place) => {
          const index = first + place;
          const style = { transform: `translateY(${index * ROW_HEIGHT}px)` };
          const row = rowAt(index);
          if (row === undefined) return <PendingRow key={`pending-${index}`} style={style} />;
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the listbox around it
            <div
              key={idOf(row)}
              id={domId(index)}
              className={classes.row}
              role="option"
              tabIndex={-1}
              aria-selected={index === selectedAt}
              style={style}
              onClick={() => onPress(row)}
            >
              {children(row)}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function PendingRow({ style }: { readonly style: { readonly transform: string } }) {
  return (
    <div className={classes.row} data-pending aria-hidden style={style}>
      <span className={classes.pending} />
    </div>
  );
}

function ignoreScroll(): void {
  // Nothing else follows where the list is.
}
