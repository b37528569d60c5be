import { OUTCOMES, type Outcome } from '../../../../main/contract/trace.ts';
import { readStored, writeStored } from '../../../page.ts';
import type { Route } from '../../../state/app/route.ts';
import { setParams, uiStore } from '../../../state/app/ui.ts';
import { NO_FILTERS, type TraceFilters, traceStore } from '../../../state/traces/trace-store.ts';
import { setTraceFile, setTraceFilters } from '../../../state/traces/traces.ts';

const STORED = 'trace-filters';

/**
 * Binds the list's filters to the address while the Traces screen is open: the address is the truth, so that a link
 * can name filters; without any in it, the previous ones are restored. Returns `unsubscribe`.
 */
export function startTraceFilters(): () => void {
  if (!namesFilters(uiStore.getState().route)) {
    const { filters } = traceStore.getState();
    writeFilters(isFiltered(filters) ? filters : readRemembered(readStored(STORED)));
  }
  followRoute();
  return uiStore.subscribe(followRoute);
}

/** Changes some filters, in the address and so in the list. */
export function writeFilters(changes: Partial<TraceFilters>): void {
  setParams(
    Object.fromEntries(Object.entries(changes).map(([key, value]) => [key, value === '' ? null : value])),
  );
}

export function clearFilters(): void {
  writeFilters(NO_FILTERS);
}

export function isFiltered({ plugin, outcome, text }: TraceFilters): boolean {
  return plugin !== null || outcome !== null || text !== '';
}

/** The filters that an address names; invalid ones are ignored. */
function routeFilters({ params }: Pick<Route, 'params'>): TraceFilters {
  return { plugin: params.plugin || null, outcome: toOutcome(params.outcome), text: params.text ?? '' };
}

/** The stored filters, each checked. Text isn't stored: a list that looks empty would be puzzling. */
export function readRemembered(stored: unknown): TraceFilters {
  if (typeof stored !== 'object' || stored === null) return NO_FILTERS;
  const { plugin, outcome } = stored as Record<string, unknown>;
  return { plugin: typeof plugin === 'string' ? plugin : null, outcome: toOutcome(outcome), text: '' };
}

function followRoute(): void {
  const { route } = uiStore.getState();
  if (route.screen !== 'traces') return;
  const file = route.params.file || null;
  if (file !== traceStore.getState().file) setTraceFile(file);
  const wanted = routeFilters(route);
  const { filters } = traceStore.getState();
  if (
    wanted.plugin === filters.plugin &&
    wanted.outcome === filters.outcome &&
    wanted.text === filters.text
  ) {
    return;
  }
  const onlyText = wanted.plugin === filters.plugin && wanted.outcome === filters.outcome;
  setTraceFilters(onlyText ? { text: wanted.text } : { plugin: wanted.plugin, outcome: wanted.outcome });
  if (!onlyText && wanted.text !== filters.text) setTraceFilters({ text: wanted.text });
  writeStored(STORED, { plugin: wanted.plugin, outcome: wanted.outcome });
}

function namesFilters({ params }: Route): boolean {
  return Boolean(params.plugin || params.outcome || params.text);
}

function toOutcome(value: unknown): Outcome | null {
  return OUTCOMES.find((outcome) => outcome === value) ?? null;
}
