import type { ReportSummary } from '../../../../main/contract/conformance.ts';
import { currentStores } from '../../../current-stores.ts';

import { contractHistoryStore } from '../../../state/contract/contract-history.ts';

/** Which two runs are compared: the address says it, `#/contract/compare?a=<id>&b=<id>`. */

export interface Compared {
  readonly a: string | null;
  readonly b: string | null;
}

/** Those of the address; what it doesn't name: the last of this runtime beside the last of another, else the last two. Pure. */
export function comparedRuns(
  params: Readonly<Record<string, string>>,
  runs: readonly ReportSummary[],
): Compared {
  const named = { a: params.a || null, b: params.b || null };
  const without = (other: string | null) => runs.filter(({ id }) => id !== other);
  const b = named.b ?? (without(named.a).find(({ own }) => !own) ?? without(named.a)[0])?.id ?? null;
  const a = named.a ?? (without(b).find(({ own }) => own) ?? without(b)[0])?.id ?? null;
  return { a, b };
}

export function compareRuns(a: string | null, b: string | null, only?: boolean): void {
  currentStores().ui.navigate('contract', {
    item: 'compare',
    params: { a, b, only: only ? 'differences' : null },
  });
}

/** Those that are marked in the list of past runs; with fewer than two, the ones that stand to reason. */
export function compareMarked(): void {
  const [a, b] = contractHistoryStore.getState().marked;
  compareRuns(a ?? null, b ?? null);
}
