import type { TraceSummary } from '../../../main/contract/trace.ts';
import { traceStore } from '../../state/traces.ts';
import { navigate, uiStore } from '../../state/ui.ts';

/** Id of the detail's region: Enter in the list moves the focus there. */
export const DETAIL_REGION = 'trace-detail';

/** Chooses a trace; the filters in the address stay. */
export function selectTrace(id: string | null): void {
  const { route } = uiStore.getState();
  navigate('traces', { item: id, params: route.params }, { replace: route.item !== null });
}

/** Chooses the row `step` below (or above, when negative) the chosen one. */
export function selectNeighbour(step: number): void {
  const next = neighbour(traceStore.getState().rows, uiStore.getState().route.item, step);
  if (next !== null) selectTrace(next);
}

/** The id of the row `step` away from the chosen one, held within the list; the first when none is chosen. */
export function neighbour(
  rows: readonly Pick<TraceSummary, 'id'>[],
  selected: string | null,
  step: number,
): string | null {
  const at = selected === null ? -1 : rows.findIndex(({ id }) => id === selected);
  const wanted = at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step));
  return rows[wanted]?.id ?? null;
}
