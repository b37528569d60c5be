import type { KeyboardEvent, MouseEvent } from 'react';
import { refOfRow } from '../../../components/trace/trace-ref.ts';
import { navigate, uiStore } from '../../../state/app/ui.ts';
import { fetchRow, listLength, placeOf } from '../../../state/traces/trace-pages.ts';
import { traceStore } from '../../../state/traces/trace-store.ts';
import {
  clearMarks,
  marksStore,
  markTo,
  openComparison,
  setAnchor,
  toggleMark,
  toggleOpenMark,
} from './marks.ts';

/** Id of the detail's region: Enter in the list moves the focus there. */
export const DETAIL_REGION = 'trace-detail';
/** Id of the list: Escape in the detail moves the focus back. */
export const LIST_REGION = 'trace-list';

/** Selects a trace; the filters stay in the address. */
export function selectTrace(id: string | null): void {
  const { route } = uiStore.getState();
  navigate('traces', { item: id, params: route.params }, { replace: route.item !== null });
}

/** Selects the row `step` below (negative: above) the selected one, fetching it if necessary. `extend` marks the rows on the way. */
async function selectNeighbour(step: number, extend = false): Promise<void> {
  const state = traceStore.getState();
  const place = neighbourIndex(placeOf(state, uiStore.getState().route.item), step, listLength(state));
  const trace = place === null ? undefined : await fetchRow(place);
  if (trace === undefined) return;
  if (extend) markTo(trace.id);
  else setAnchor(trace.id);
  selectTrace(trace.id);
}

/** `selectNeighbour` for a key press, without waiting. */
export function chooseNeighbour(step: number, extend = false): void {
  selectNeighbour(step, extend).catch((error) => console.error('next trace not selected', error));
}

/** A click on a row opens it; with Ctrl or ⌘ it toggles its mark, with Shift it marks all rows up to it. */
export function pressRow(id: string, event: MouseEvent): void {
  const { comparing } = marksStore.getState();
  if (event.ctrlKey || event.metaKey) toggleMark(id);
  else if (event.shiftKey) markTo(id);
  else if (comparing !== null && comparing !== refOfRow(id)) openComparison(comparing, refOfRow(id));
  else {
    marksStore.setState({ marked: [] });
    setAnchor(id);
    selectTrace(id);
  }
}

const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 15,
  PageUp: -15,
  Home: -1e9,
  End: 1e9,
};

/** The list's own keys; with Shift, moving marks the rows on the way. */
export function pressListKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const step = STEPS[event.key];
  if (step !== undefined) chooseNeighbour(step, event.shiftKey);
  else if (event.key === ' ') toggleOpenMark();
  else if (event.key === 'Enter') document.getElementById(DETAIL_REGION)?.focus();
  else return;
  event.preventDefault();
}

/**
 * One step back: from the detail to the list, then clears a waiting comparison and marks, then closes the trace.
 * False when there was nothing left to do.
 */
export function stepBack(): boolean {
  const { marked, comparing } = marksStore.getState();
  const detail = document.getElementById(DETAIL_REGION);
  if (detail?.contains(document.activeElement)) document.getElementById(LIST_REGION)?.focus();
  else if (comparing !== null || marked.length > 0) clearMarks();
  else if (uiStore.getState().route.item !== null) selectTrace(null);
  else return false;
  return true;
}

/** The index `step` away from `from`, clamped to the list; the first when nothing is selected (-1), null in an empty list. */
export function neighbourIndex(from: number, step: number, length: number): number | null {
  if (length === 0) return null;
  return from < 0 ? 0 : Math.min(length - 1, Math.max(0, from + step));
}
