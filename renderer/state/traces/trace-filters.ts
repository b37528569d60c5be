import * as z from 'zod/mini';
import { OUTCOMES, type Outcome } from '../../../main/contract/trace.ts';
import type { Page } from '../../page.ts';
import { fieldsOf, persisted } from '../app/persisted.ts';
import type { Route } from '../app/route.ts';
import type { UiStore } from '../app/ui.ts';
import { shownFile } from './trace-ref.ts';
import type { TraceStore } from './trace-store.ts';
import { NO_FILTERS, type TraceFilters } from './traces-state.ts';

/** The stored filters. Text isn't stored: a list that looks empty would be puzzling. */
type StoredFilters = Pick<TraceFilters, 'plugin' | 'outcome'>;

const STORED_FILTERS = fieldsOf({
  plugin: z.catch(z.nullable(z.string()), null),
  outcome: z.catch(z.nullable(z.enum(OUTCOMES)), null),
});

export function isFiltered({ plugin, outcome, text }: TraceFilters): boolean {
  return plugin !== null || outcome !== null || text !== '';
}

interface TraceFiltersDeps {
  readonly page: Page;
  readonly ui: UiStore;
  readonly traces: TraceStore;
}

export function createTraceFilters({ page, ui, traces }: TraceFiltersDeps) {
  const stored = persisted<StoredFilters>(page, 'trace-filters', STORED_FILTERS);

  /**
   * Binds the list's filters to the address while the Traces screen is open: the address is the truth, so
   * that a link can name filters; without any in it, the previous ones are restored. Returns `unsubscribe`.
   */
  function start(): () => void {
    if (!namesFilters(ui.store.getState().route)) {
      const { filters } = traces.store.getState();
      write(isFiltered(filters) ? filters : { ...stored.read(), text: '' });
    }
    followRoute();
    return ui.store.subscribe(followRoute);
  }

  /** Changes some filters, in the address and so in the list. */
  function write(changes: Partial<TraceFilters>): void {
    const entries = Object.entries(changes).map(([key, value]) => [key, value === '' ? null : value]);
    ui.setParams(Object.fromEntries(entries));
  }

  function clear(): void {
    write(NO_FILTERS);
  }

  function followRoute(): void {
    const { route } = ui.store.getState();
    if (route.screen !== 'traces') return;
    const file = shownFile(route);
    if (file !== traces.store.getState().file) traces.setFile(file);
    const named = routeFilters(route);
    const { filters } = traces.store.getState();
    const isSameRows = named.plugin === filters.plugin && named.outcome === filters.outcome;
    const isSameText = named.text === filters.text;
    if (isSameRows && isSameText) return;
    const { plugin, outcome, text } = named;
    if (!isSameRows) traces.setFilters({ plugin, outcome });
    if (!isSameText) traces.setFilters({ text });
    stored.write({ plugin, outcome });
  }
  return {
    start,
    write,
    clear,
  };
}

/** The filters that an address names; invalid ones are ignored. */
function routeFilters({ params }: Pick<Route, 'params'>): TraceFilters {
  return { plugin: params.plugin || null, outcome: toOutcome(params.outcome), text: params.text ?? '' };
}

function namesFilters({ params }: Route): boolean {
  return Boolean(params.plugin || params.outcome || params.text);
}

function toOutcome(value: unknown): Outcome | null {
  return OUTCOMES.find((outcome) => outcome === value) ?? null;
}
