import { createStore } from 'zustand/vanilla';
import type { ConformanceReport, ReportSummary } from '../../../main/contract/conformance.ts';
import type { Inspector } from '../../bridge.ts';
import { focusElement } from '../../page.ts';
import type { Announcements } from '../app/announcements.ts';
import { LOADING, type Loadable, ready, readyValue, settle, toFailure } from '../app/loadable.ts';

/** Past runs of the contract's checks, and those of them that were opened. */
export interface ContractHistory {
  readonly list: Loadable<readonly ReportSummary[]>;
  readonly opened: Readonly<Record<string, Loadable<ConformanceReport>>>;
  /** Ids of the runs selected for comparison, two at most, in the order of selection. */
  readonly marked: readonly string[];
  /** The run that has the focus, or had it last. */
  readonly active: string | null;
}

export type ContractHistoryStore = ReturnType<typeof createContractHistoryStore>;

interface HistoryDeps {
  readonly inspector: Inspector;
  readonly announcements: Announcements;
}

/** Id of a run's row, for the focus. */
export const runLineId = (id: string) => `run-${id}`;

/** None of its functions rejects: a failure is part of the state, or announced. */
export function createContractHistoryStore({ inspector, announcements }: HistoryDeps) {
  const store = createStore<ContractHistory>()(() => ({
    list: LOADING,
    opened: {},
    marked: [],
    active: null,
  }));

  /**
   * Fetches the list. Opened reports are fetched again when next opened: some of their clauses may have been
   * rechecked.
   */
  async function refresh(): Promise<void> {
    show(await settle(inspector.call('listReports', null)));
  }

  /** Fetches a report, unless it is there. */
  async function open(id: string): Promise<void> {
    const present = store.getState().opened[id];
    if (present !== undefined && present.state !== 'failed') return;
    put(id, LOADING);
    put(id, await settle(inspector.call('getReport', { reportId: id })));
  }

  /** Deletes a run; null deletes all. */
  async function remove(reportId: string | null): Promise<void> {
    try {
      show(ready(await inspector.call('deleteReport', { reportId })));
    } catch (error) {
      const title = reportId === null ? 'Could not delete the runs' : 'Could not delete the run';
      announcements.announce({ tone: 'bad', title, text: toFailure(error).message });
    }
  }

  /** Selects a run for comparison, or deselects it; a third one replaces the first. */
  function toggleMark(id: string): void {
    const { marked } = store.getState();
    const others = marked.filter((other) => other !== id);
    store.setState({ marked: others.length < marked.length ? others : [...marked, id].slice(-2) });
  }

  function setActive(active: string): void {
    store.setState({ active });
  }

  /** Moves the focus by so many runs. */
  function moveFocus(step: number): void {
    const { list, active } = store.getState();
    const runs = readyValue(list) ?? [];
    const at = runs.findIndex(({ id }) => id === active);
    const next = runs[at < 0 ? 0 : Math.min(runs.length - 1, Math.max(0, at + step))];
    if (next !== undefined) focusElement(runLineId(next.id));
  }

  function show(list: ContractHistory['list']): void {
    const ids = new Set(readyValue(list)?.map(({ id }) => id));
    const { marked } = store.getState();
    store.setState({
      list,
      opened: {},
      marked: list.state === 'ready' ? marked.filter((id) => ids.has(id)) : marked,
    });
  }

  function put(id: string, report: Loadable<ConformanceReport>): void {
    store.setState({ opened: { ...store.getState().opened, [id]: report } });
  }

  return {
    store,
    refresh,
    open,
    remove,
    toggleMark,
    setActive,
    moveFocus,
  };
}
