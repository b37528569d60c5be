import type { ReportSummary } from '../../../../main/contract/conformance.ts';
import type { UiStore } from '../../../state/app/ui.ts';

/** Which two runs are compared, as named by the address: `#/contract/compare?a=<id>&b=<id>`. */

export interface Compared {
  readonly a: string | null;
  readonly b: string | null;
}

/**
 * The runs of the address. Missing ones default to the latest of this runtime and of another, else to the
 * latest two. Pure.
 */
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

export function compareRuns(ui: UiStore, a: string | null, b: string | null, only = false): void {
  ui.navigate('contract', { item: 'compare', params: { a, b, only: only ? 'differences' : null } });
}

/** Compares the runs selected in the list of past runs; fewer than two are completed by default. */
export function compareMarked(ui: UiStore, [a, b]: readonly string[]): void {
  compareRuns(ui, a ?? null, b ?? null);
}
