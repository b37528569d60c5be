import { createStore } from 'zustand/vanilla';
import { MAX_EXPORTED_IDS } from '../../../main/contract/trace-file.ts';
import type { UiStore } from '../app/ui.ts';
import { indexOfTrace, rowAt } from './trace-pages.ts';
import { formatRef, shownFile } from './trace-ref.ts';
import type { TraceStore } from './trace-store.ts';
import type { TracesState } from './traces-state.ts';

/** Rows selected for a joint action, independent of the one that is open. */
export interface TraceMarksState {
  /** Refs, in the order they were marked. */
  readonly marked: readonly string[];
  /** Where a range starts: the row marked or opened last. */
  readonly anchor: string | null;
  /** The ref of a trace waiting for another to be compared with. */
  readonly comparing: string | null;
}

export type TraceMarks = ReturnType<typeof createTraceMarks>;

interface TraceMarksDeps {
  readonly ui: UiStore;
  readonly traces: TraceStore;
}

export function createTraceMarks({ ui, traces }: TraceMarksDeps) {
  const store = createStore<TraceMarksState>()(() => ({ marked: [], anchor: null, comparing: null }));
  const route = () => ui.store.getState().route;

  /** The ref of a row in the current list. */
  function refOfRow(id: string): string {
    return formatRef({ id, file: shownFile(route()) });
  }

  function openRow(): string | null {
    const { screen, item } = route();
    return screen === 'traces' ? item : null;
  }

  function toggle(id: string): void {
    const { marked } = store.getState();
    // The row that is open counts as the first of several.
    const open = marked.length === 0 ? openRow() : null;
    const before = open === null || open === id ? marked : [refOfRow(open)];
    store.setState({ marked: toggled(before, refOfRow(id)), anchor: id });
  }

  /** Marks or unmarks the row that is open, for the keyboard. */
  function toggleOpen(): void {
    const id = openRow();
    if (id !== null) store.setState({ marked: toggled(store.getState().marked, refOfRow(id)), anchor: id });
  }

  /** Marks every fetched row from the anchor (or the open row) to this one. */
  function markTo(id: string): void {
    const from = store.getState().anchor ?? openRow() ?? id;
    const rows = rowsBetween(traces.store.getState(), from, id);
    store.setState({ marked: rows.map(refOfRow), anchor: from });
  }

  function clear(): void {
    store.setState({ marked: [], comparing: null });
  }

  /** Unmarks all rows and sets where a range would start. */
  function restartAt(id: string): void {
    store.setState({ marked: [], anchor: id });
  }

  /** Sets where a range starts. */
  function setAnchor(id: string): void {
    store.setState({ anchor: id });
  }

  /** Marks belong to the list in which they were set. Returns `unsubscribe`. */
  function followShownFile(): () => void {
    let before = shownFile(route());
    return ui.store.subscribe(() => {
      const now = shownFile(route());
      if (now === before || route().screen !== 'traces') return;
      before = now;
      // A trace waiting to be compared is retained: the other one may be in the other list.
      store.setState({ marked: [], anchor: null });
    });
  }
  return {
    store,
    refOfRow,
    openRow,
    toggle,
    toggleOpen,
    markTo,
    clear,
    restartAt,
    setAnchor,
    followShownFile,
  };
}

function toggled(marked: readonly string[], ref: string): readonly string[] {
  return marked.includes(ref) ? marked.filter((other) => other !== ref) : [...marked, ref];
}

/**
 * The ids from one row to another, both included, in the order of the list; the last alone when the first is
 * gone.
 */
export function rowsBetween(
  list: Pick<TracesState, 'rows' | 'far'>,
  from: string,
  to: string,
): readonly string[] {
  const [start, end] = [indexOfTrace(list, from), indexOfTrace(list, to)];
  if (end < 0) return [];
  if (start < 0) return [to];
  const first = Math.min(start, end);
  const indexes = Array.from({ length: Math.abs(start - end) + 1 }, (_, step) => first + step);
  return indexes.flatMap((index) => rowAt(list, index)?.id ?? []).slice(0, MAX_EXPORTED_IDS);
}
