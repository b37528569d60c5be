import { Button } from '@mantine/core';
import { IconArrowUp } from '@tabler/icons-react';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { useStore } from 'zustand';
import type { TraceSummary } from '../../../../main/contract/trace.ts';
import { useFixedRows } from '../../../components/layout/fixed-rows.ts';
import { LoadState } from '../../../components/status/states.tsx';
import { formatCount } from '../../../components/text/format.ts';
import { useStores } from '../../../components/use-stores.tsx';
import { indexOfTrace, listLength, rowAt } from '../../../state/traces/trace-pages.ts';
import { formatRef } from '../../../state/traces/trace-ref.ts';
import { LIST_REGION } from '../../../state/traces/trace-selection.ts';
import { EmptyList } from './empty-list.tsx';
import { SelectionBar } from './selection-bar.tsx';
import classes from './trace-list.module.css';
import { PendingRow, rowId, TraceRow } from './trace-row.tsx';

const ROW_HEIGHT = 32;
const OVERSCAN = 8;
/** Rows up to this far beyond those in view are fetched too. */
const FETCH_AHEAD = 40;
/** How long a view must last to be worth fetching. */
const SETTLE_MS = 60;

/** The list, newest first. */
export function TraceList({ selected }: { readonly selected: string | null }) {
  return (
    <div className={classes.pane}>
      <div className={classes.rows}>
        <LoadedList selected={selected} />
      </div>
      <SelectionBar />
    </div>
  );
}

function LoadedList({ selected }: { readonly selected: string | null }) {
  const { traces } = useStores();
  const load = useStore(traces.store, (state) => state.load);
  const rows = useStore(traces.store, (state) => state.rows);
  return (
    <LoadState load={load} what="Traces" onRetry={() => traces.refresh()}>
      {() => {
        if (rows.length > 0) return <Rows rows={rows} selected={selected} />;
        return <EmptyList />;
      }}
    </LoadState>
  );
}

interface RowsProps {
  readonly rows: readonly TraceSummary[];
  readonly selected: string | null;
}

function Rows({ rows, selected }: RowsProps) {
  const { traces, traceSelection } = useStores();
  const pinned = useStore(traces.store, (state) => state.pinned);
  const far = useStore(traces.store, (state) => state.far);
  const count = useStore(traces.store, listLength);
  const scroller = useRef<HTMLDivElement>(null);
  // Once it is scrolled, so that what is being read stays in place.
  const pinBelowTop = useCallback((top: number) => traces.pin(top > 0), [traces]);
  const { first, end, show } = useFixedRows({
    scroller,
    count,
    rowHeight: ROW_HEIGHT,
    overscan: OVERSCAN,
    onScroll: pinBelowTop,
  });
  // An unmounted list must not stay pinned.
  useEffect(() => () => traces.pin(false), [traces]);
  useEffect(() => {
    // Only a new selection scrolls: arriving rows shift the selected one's index all the time.
    const at = indexOfTrace(traces.store.getState(), selected);
    if (at >= 0) show(at);
  }, [selected, show, traces]);
  const marked = useMarked();
  useRowsInView(first, end - 1, rows);
  const listed = selected !== null && indexOfTrace({ rows, far }, selected) >= 0;
  return (
    <div className={classes.frame}>
      <NewRows onShow={() => scroller.current?.scrollTo({ top: 0 })} />
      <div
        ref={scroller}
        id={LIST_REGION}
        className={classes.list}
        role="listbox"
        aria-label="Traces, newest first"
        aria-multiselectable
        tabIndex={0}
        aria-activedescendant={listed ? rowId(selected) : undefined}
        onKeyDown={traceSelection.pressKey}
      >
        <div className={classes.sizer} style={{ height: count * ROW_HEIGHT }}>
          {Array.from({ length: end - first }, (_, place) => {
            const index = first + place;
            const trace = rowAt({ rows, far }, index);
            if (trace === undefined) return <PendingRow key={index} top={index * ROW_HEIGHT} />;
            return (
              <TraceRow
                // At the top, where every batch replaces all rows, elements are reused for other traces.
                key={pinned ? trace.id : place}
                trace={trace}
                top={index * ROW_HEIGHT}
                open={trace.id === selected}
                marked={marked.has(trace.id)}
                onPress={traceSelection.pressRow}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** The ids of this list's marked rows. */
function useMarked(): ReadonlySet<string> {
  const { traces, traceMarks } = useStores();
  const marked = useStore(traceMarks.store, (state) => state.marked);
  const file = useStore(traces.store, (state) => state.file);
  return useMemo(() => {
    const tail = formatRef({ id: '', file });
    return new Set(marked.map((ref) => ref.slice(0, ref.length - tail.length)));
  }, [marked, file]);
}

/** Shows how many arrived above a pinned list, and scrolls to them. */
function NewRows({ onShow }: { readonly onShow: () => void }) {
  const { store } = useStores().traces;
  const waiting = useStore(store, ({ pinned, paused, waiting: count }) => (pinned && !paused ? count : 0));
  if (waiting === 0) return null;
  return (
    <Button
      className={classes.newRows}
      size="compact-sm"
      leftSection={<IconArrowUp size={14} aria-hidden />}
      onClick={onShow}
    >
      {formatCount(waiting)} new
    </Button>
  );
}

/**
 * Fetches the rows in and around the view; dragging the scrollbar past thousands of rows fetches none of
 * them.
 */
function useRowsInView(first: number, last: number, rows: readonly TraceSummary[]) {
  const { fetchRows } = useStores().tracePages;
  useEffect(() => {
    if (last + FETCH_AHEAD < rows.length) return;
    const timer = setTimeout(() => {
      fetchRows(Math.max(0, first - FETCH_AHEAD), last + FETCH_AHEAD).catch((error) =>
        console.error('older traces not loaded', error),
      );
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [first, last, rows, fetchRows]);
}
