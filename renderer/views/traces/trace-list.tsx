import { Button } from '@mantine/core';
import { IconArrowUp, IconListDetails } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { TraceSummary } from '../../../main/contract/trace.ts';
import { formatCount } from '../../components/format.ts';
import { EmptyState, LoadState } from '../../components/states.tsx';
import { holdTraces, loadMoreTraces, refreshTraces, traceStore } from '../../state/traces.ts';
import { DETAIL_REGION, selectNeighbour, selectTrace } from './selection.ts';
import { clearFilters, isFiltered } from './trace-filters.ts';
import classes from './trace-list.module.css';
import { rowId, TraceRow } from './trace-row.tsx';
import { TracesEmpty } from './traces-empty.tsx';

const ROW_HEIGHT = 32;
/** Older rows are fetched when the end of the list is this near. */
const FETCH_AHEAD = 40;

/** The list, newest first. */
export function TraceList({ selected }: { readonly selected: string | null }) {
  const load = useStore(traceStore, (state) => state.load);
  const rows = useStore(traceStore, (state) => state.rows);
  const filters = useStore(traceStore, (state) => state.filters);
  return (
    <LoadState load={load} what="Traces" onRetry={refreshTraces}>
      {() => {
        if (rows.length > 0) return <Rows rows={rows} selected={selected} />;
        if (!isFiltered(filters)) return <TracesEmpty />;
        return (
          <EmptyState
            icon={IconListDetails}
            title="No trace matches"
            text="New ones that match appear here by themselves."
            action={<Button onClick={clearFilters}>Clear filters</Button>}
          />
        );
      }}
    </LoadState>
  );
}

interface RowsProps {
  readonly rows: readonly TraceSummary[];
  readonly selected: string | null;
}

function Rows({ rows, selected }: RowsProps) {
  const held = useStore(traceStore, (state) => state.held);
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
    onChange: ({ scrollOffset }) => holdTraces((scrollOffset ?? 0) > 0),
  });
  // A list that is gone holds nothing back.
  useEffect(() => () => holdTraces(false), []);
  useEffect(() => {
    // Only a new choice scrolls: arriving rows move the index of the chosen one all the time.
    const at = traceStore.getState().rows.findIndex(({ id }) => id === selected);
    if (at >= 0) virtualizer.scrollToIndex(at, { align: 'auto' });
  }, [selected, virtualizer]);
  const items = virtualizer.getVirtualItems();
  useMoreRows((items.at(-1)?.index ?? 0) >= rows.length - FETCH_AHEAD);
  const listed = selected !== null && rows.some(({ id }) => id === selected);
  return (
    <div className={classes.frame}>
      <NewRows onShow={() => scroller.current?.scrollTo({ top: 0 })} />
      <div
        ref={scroller}
        className={classes.list}
        role="listbox"
        aria-label="Traces, newest first"
        tabIndex={0}
        aria-activedescendant={listed ? rowId(selected) : undefined}
        onKeyDown={pressKey}
      >
        <div className={classes.sizer} style={{ height: virtualizer.getTotalSize() }}>
          {items.map((item, place) => {
            const trace = rows[item.index];
            if (trace === undefined) return null;
            return (
              <TraceRow
                // At the top, where every batch exchanges all rows, their elements stay and are given other traces.
                key={held ? trace.id : place}
                trace={trace}
                top={item.start}
                selected={trace.id === selected}
                onSelect={selectTrace}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** Says how many came in above a list that stands still, and leads to them. */
function NewRows({ onShow }: { readonly onShow: () => void }) {
  const waiting = useStore(traceStore, ({ held, paused, waiting: count }) => (held && !paused ? count : 0));
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

/** Fetches older rows whenever the end comes near. */
function useMoreRows(nearEnd: boolean) {
  useEffect(() => {
    if (nearEnd) loadMoreTraces().catch((error) => console.error('older traces not loaded', error));
  }, [nearEnd]);
}

function pressKey(event: KeyboardEvent): void {
  const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15, Home: -1e9, End: 1e9 }[event.key];
  if (step !== undefined) {
    event.preventDefault();
    selectNeighbour(step);
  } else if (event.key === 'Enter') {
    document.getElementById(DETAIL_REGION)?.focus();
  }
}
