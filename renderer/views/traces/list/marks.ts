import { createStore } from 'zustand/vanilla';
import { MAX_EXPORTED_IDS } from '../../../../main/contract/trace-file.ts';
import { refOfRow, shownFile } from '../../../components/trace/trace-ref.ts';
import { navigate, uiStore } from '../../../state/app/ui.ts';
import { placeOf, rowAt } from '../../../state/traces/trace-pages.ts';
import { type TracesState, traceStore } from '../../../state/traces/trace-store.ts';

/** Rows selected for a joint action, independent of the one that is open. */
export interface MarksState {
  /** Refs, in the order they were marked. */
  readonly marked: readonly string[];
  /** Where a range starts: the row marked or opened last. */
  readonly anchor: string | null;
  /** The ref of a trace waiting for another to be compared with. */
  readonly comparing: string | null;
}

export const marksStore = createStore<MarksState>()(() => ({ marked: [], anchor: null, comparing: null }));

export function toggleMark(id: string): void {
  const { marked } = marksStore.getState();
  const ref = refOfRow(id);
  // The row that is open counts as the first of several.
  const open = marked.length === 0 ? openRow() : null;
  const before = open === null || open === id ? marked : [refOfRow(open)];
  const next = before.includes(ref) ? before.filter((other) => other !== ref) : [...before, ref];
  marksStore.setState({ marked: next, anchor: id });
}

/** Marks or unmarks the row that is open, for the keyboard. */
export function toggleOpenMark(): void {
  const id = openRow();
  if (id === null) return;
  const { marked } = marksStore.getState();
  const ref = refOfRow(id);
  const next = marked.includes(ref) ? marked.filter((other) => other !== ref) : [...marked, ref];
  marksStore.setState({ marked: next, anchor: id });
}

/** Marks every fetched row from the anchor (or the open row) to this one. */
export function markTo(id: string): void {
  const from = marksStore.getState().anchor ?? openRow() ?? id;
  marksStore.setState({ marked: rowsBetween(traceStore.getState(), from, id).map(refOfRow), anchor: from });
}

export function clearMarks(): void {
  marksStore.setState({ marked: [], comparing: null });
}

/** Sets where a range starts. */
export function setAnchor(id: string): void {
  marksStore.setState({ anchor: id });
}

/** Makes this trace the first of a comparison; the next one selected is the second. */
export function startComparing(ref: string): void {
  marksStore.setState({ comparing: ref });
}

export function stopComparing(): void {
  marksStore.setState({ comparing: null });
}

/**
 * The compare key: compares two marked rows; else compares the waiting trace with the open one; else makes the open one
 * wait.
 */
export function comparePressed(): void {
  const { marked, comparing } = marksStore.getState();
  const id = openRow();
  const [a, b] = marked;
  if (marked.length === 2 && a !== undefined && b !== undefined) openComparison(a, b);
  else if (comparing !== null && id !== null && refOfRow(id) !== comparing)
    openComparison(comparing, refOfRow(id));
  else if (id !== null) startComparing(refOfRow(id));
}

/** Shows two traces side by side; the list's file and filters stay in the address for the return. */
export function openComparison(a: string, b: string): void {
  const { route } = uiStore.getState();
  clearMarks();
  navigate('traces', { item: route.item, params: { ...route.params, compare: `${a},${b}` } });
}

export function closeComparison(): void {
  const { route } = uiStore.getState();
  navigate('traces', { item: route.item, params: { ...route.params, compare: null } });
}

/** The ids from one row to another, both included, in the order of the list; the last alone when the first is gone. */
export function rowsBetween(
  list: Pick<TracesState, 'rows' | 'far'>,
  from: string,
  to: string,
): readonly string[] {
  const [start, end] = [placeOf(list, from), placeOf(list, to)];
  if (end < 0) return [];
  if (start < 0) return [to];
  const first = Math.min(start, end);
  const places = Array.from({ length: Math.abs(start - end) + 1 }, (_, step) => first + step);
  return places.flatMap((place) => rowAt(list, place)?.id ?? []).slice(0, MAX_EXPORTED_IDS);
}

function openRow(): string | null {
  const { route } = uiStore.getState();
  return route.screen === 'traces' ? route.item : null;
}

/** Marks belong to the list in which they were set. */
export function followShownFile(): () => void {
  let before = shownFile();
  return uiStore.subscribe(() => {
    const now = shownFile();
    if (now === before || uiStore.getState().route.screen !== 'traces') return;
    before = now;
    // A trace waiting to be compared is retained: the other one may be in the other list.
    marksStore.setState({ marked: [], anchor: null });
  });
}
