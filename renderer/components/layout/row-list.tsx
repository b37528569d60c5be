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
  readonly rows: readonly T[];
  readonly idOf: (row: T) => number;
  /** The selected row's id; null for none. */
  readonly selected: number | null;
  /** A click on the selected row gives null. */
  readonly onSelect: (id: number | null) => void;
  /** A key that moves by so many rows. */
  readonly onStep: (step: number) => void;
  readonly children: (row: T) => ReactNode;
}

/** A list of rows of one height, one of which may be selected; only those in view are rendered. */
export function RowList<T>(props: RowListProps<T>) {
  const { label, rows, idOf, selected, onSelect, onStep, children } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const { first, end, show } = useFixedRows({
    scroller,
    count: rows.length,
    rowHeight: ROW_HEIGHT,
    overscan: OVERSCAN,
    onScroll: ignoreScroll,
  });
  const at = rows.findIndex((row) => idOf(row) === selected);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new selection scrolls, not new rows
  useEffect(() => {
    if (at >= 0) show(at);
  }, [selected, show]);
  const press = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    onStep(step);
  };
  const domId = (id: number) => `${label}-${id}`.replace(/\W+/g, '-');
  return (
    <div
      ref={scroller}
      className={classes.list}
      role="listbox"
      aria-label={label}
      tabIndex={0}
      aria-activedescendant={selected !== null && at >= first && at < end ? domId(selected) : undefined}
      onKeyDown={press}
    >
      <div className={classes.sizer} style={{ height: rows.length * ROW_HEIGHT }}>
        {rows.slice(first, end).map((row, place) => {
          const id = idOf(row);
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the listbox around it
            <div
              key={id}
              id={domId(id)}
              className={classes.row}
              role="option"
              tabIndex={-1}
              aria-selected={id === selected}
              style={{ transform: `translateY(${(first + place) * ROW_HEIGHT}px)` }}
              onClick={() => onSelect(id === selected ? null : id)}
            >
              {children(row)}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function ignoreScroll(): void {
  // Nothing else follows where the list is.
}
