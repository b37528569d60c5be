import { fetchRow, listLength, placeOf } from '../../state/far-traces.ts';
import { traceStore } from '../../state/traces.ts';
import { navigate, uiStore } from '../../state/ui.ts';

/** Id of the detail's region: Enter in the list moves the focus there. */
export const DETAIL_REGION = 'trace-detail';

/** Chooses a trace; the filters in the address stay. */
export function selectTrace(id: string | null): void {
  const { route } = uiStore.getState();
  navigate('traces', { item: id, params: route.params }, { replace: route.item !== null });
}

/** Chooses the row `step` below (or above, when negative) the chosen one; it is fetched first where it must be. */
export async function selectNeighbour(step: number): Promise<void> {
  const state = traceStore.getState();
  const place = neighbour(placeOf(state, uiStore.getState().route.item), step, listLength(state));
  const trace = place === null ? undefined : await fetchRow(place);
  if (trace !== undefined) selectTrace(trace.id);
}

/** `selectNeighbour` for a key press, which waits for nothing. */
export function chooseNeighbour(step: number): void {
  selectNeighbour(step).catch((error) => console.error('the next trace was not chosen', error));
}

/** The place `step` away from `from`, held within the list; the first when nothing is chosen (-1), null when there is none. */
export function neighbour(from: number, step: number, length: number): number | null {
  if (length === 0) return null;
  return from < 0 ? 0 : Math.min(length - 1, Math.max(0, from + step));
}
