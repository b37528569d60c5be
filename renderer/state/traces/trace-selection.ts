import type { KeyboardEvent, MouseEvent } from 'react';
import type { UiStore } from '../app/ui.ts';
import type { TraceComparison } from './trace-comparison.ts';
import type { TraceMarks } from './trace-marks.ts';
import { indexOfTrace, listLength, type TracePages } from './trace-pages.ts';
import type { TraceStore } from './trace-store.ts';

/** Id of the detail's region: Enter in the list moves the focus there. */
export const DETAIL_REGION = 'trace-detail';
/** Id of the list: Escape in the detail moves the focus back. */
export const LIST_REGION = 'trace-list';

const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 15,
  PageUp: -15,
  Home: -1e9,
  End: 1e9,
};

interface TraceSelectionDeps {
  readonly ui: UiStore;
  readonly traces: TraceStore;
  readonly tracePages: TracePages;
  readonly traceMarks: TraceMarks;
  readonly traceComparison: TraceComparison;
}

/** Which trace is open, and how clicks and keys in the list change that. */
export function createTraceSelection(deps: TraceSelectionDeps) {
  const { ui, traces, tracePages, traceMarks: marks, traceComparison: comparison } = deps;

  /** Selects a trace; the filters stay in the address. */
  function select(id: string | null): void {
    const { item, params } = ui.store.getState().route;
    ui.navigate('traces', { item: id, params }, { replace: item !== null });
  }

  /**
   * Selects the row `step` below (negative: above) the selected one, fetching it if necessary; `extend` marks
   * the rows on the way. A key press doesn't wait for it.
   */
  function selectNeighbour(step: number, extend = false): void {
    moveSelection(step, extend).catch((error) => console.error('next trace not selected', error));
  }

  async function moveSelection(step: number, extend: boolean): Promise<void> {
    const state = traces.store.getState();
    const from = indexOfTrace(state, ui.store.getState().route.item);
    const index = neighbourIndex(from, step, listLength(state));
    const trace = index === null ? undefined : await tracePages.fetchRow(index);
    if (trace === undefined) return;
    if (extend) marks.markTo(trace.id);
    else marks.setAnchor(trace.id);
    select(trace.id);
  }

  /** A click on a row opens it; with Ctrl or ⌘ it toggles its mark, with Shift it marks all rows up to it. */
  function pressRow(id: string, event: Pick<MouseEvent, 'ctrlKey' | 'metaKey' | 'shiftKey'>): void {
    const { comparing } = marks.store.getState();
    const ref = marks.refOfRow(id);
    if (event.ctrlKey || event.metaKey) marks.toggle(id);
    else if (event.shiftKey) marks.markTo(id);
    else if (comparing !== null && comparing !== ref) comparison.open(comparing, ref);
    else {
      marks.restartAt(id);
      select(id);
    }
  }

  /** The list's own keys; with Shift, moving marks the rows on the way. */
  function pressKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = STEPS[event.key];
    if (step !== undefined) selectNeighbour(step, event.shiftKey);
    else if (event.key === ' ') marks.toggleOpen();
    else if (event.key === 'Enter') document.getElementById(DETAIL_REGION)?.focus();
    else return;
    event.preventDefault();
  }

  /**
   * One step back: from the detail to the list, then clears a waiting comparison and marks, then closes the
   * trace. False when there was nothing left to do.
   */
  function stepBack(): boolean {
    const { marked, comparing } = marks.store.getState();
    const detail = document.getElementById(DETAIL_REGION);
    if (detail?.contains(document.activeElement)) document.getElementById(LIST_REGION)?.focus();
    else if (comparing !== null || marked.length > 0) marks.clear();
    else if (ui.store.getState().route.item !== null) select(null);
    else return false;
    return true;
  }
  return {
    select,
    selectNeighbour,
    pressRow,
    pressKey,
    stepBack,
  };
}

/**
 * The index `step` away from `from`, clamped to the list; the first when nothing is selected (-1), null in an
 * empty list.
 */
export function neighbourIndex(from: number, step: number, length: number): number | null {
  if (length === 0) return null;
  return from < 0 ? 0 : Math.min(length - 1, Math.max(0, from + step));
}
