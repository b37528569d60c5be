import { focusElement } from '../../../page.ts';
import { readyValue } from '../../../state/app/loadable.ts';
import { contractHistoryStore } from '../../../state/contract/contract-history.ts';

export const runLineId = (id: string) => `run-${id}`;

let active: string | null = null;

/** Remembers which run has the focus. */
export function setActiveRun(id: string): void {
  active = id;
}

/** Moves the focus to another run of the list. */
export function moveRunFocus(step: number): void {
  const runs = readyValue(contractHistoryStore.getState().list) ?? [];
  const at = runs.findIndex(({ id }) => id === active);
  const next = runs[at < 0 ? 0 : Math.min(runs.length - 1, Math.max(0, at + step))];
  if (next !== undefined) focusElement(runLineId(next.id));
}
