import { createStore } from 'zustand/vanilla';
import type { ConformanceReport, ReportSummary } from '../../../main/contract/conformance.ts';
import { currentStores } from '../../current-stores.ts';

import { LOADING, type Loadable, ready, settle, toFailure } from '../app/loadable.ts';

/** Past runs of the contract's checks, and those of them that were opened. */
export interface ContractHistory {
  readonly list: Loadable<readonly ReportSummary[]>;
  readonly opened: Readonly<Record<string, Loadable<ConformanceReport>>>;
  /** Ids of the runs that are marked to be compared, two at most, in the order of marking. */
  readonly marked: readonly string[];
}

const INITIAL: ContractHistory = { list: LOADING, opened: {}, marked: [] };

export const contractHistoryStore = createStore<ContractHistory>()(() => INITIAL);

/**
 * Asks for the list anew. What was opened is asked for anew when it is opened next: clauses may have been
 * judged again.
 */
export async function refreshHistory(): Promise<void> {
  const list = await settle(currentStores().inspector.call('listReports', null));
  contractHistoryStore.setState({ ...show(list), opened: {} });
}

/** Fetches a report, unless it is there. */
export async function openReport(id: string): Promise<void> {
  const { opened } = contractHistoryStore.getState();
  const present = opened[id];
  if (present !== undefined && present.state !== 'failed') return;
  put(id, LOADING);
  put(id, await settle(currentStores().inspector.call('getReport', { reportId: id })));
}

/** Forgets a run for good; null forgets all. */
export async function deleteReport(reportId: string | null): Promise<void> {
  try {
    const list = ready(await currentStores().inspector.call('deleteReport', { reportId }));
    contractHistoryStore.setState({ ...show(list), opened: {} });
  } catch (error) {
    currentStores().announcements.announce({
      tone: 'bad',
      title: 'The run was not deleted',
      text: toFailure(error).message,
    });
  }
}

/** Marks a run to be compared, or takes the mark off; a third one takes the place of the first. */
export function toggleMark(id: string): void {
  const { marked } = contractHistoryStore.getState();
  const without = marked.filter((other) => other !== id);
  contractHistoryStore.setState({
    marked: without.length < marked.length ? without : [...marked, id].slice(-2),
  });
}

function show(list: ContractHistory['list']): Partial<ContractHistory> {
  if (list.state !== 'ready') return { list };
  const ids = new Set(list.value.map(({ id }) => id));
  return { list, marked: contractHistoryStore.getState().marked.filter((id) => ids.has(id)) };
}

function put(id: string, report: Loadable<ConformanceReport>): void {
  const { opened } = contractHistoryStore.getState();
  contractHistoryStore.setState({ opened: { ...opened, [id]: report } });
}

/** For tests. */
export function resetHistory(): void {
  contractHistoryStore.setState(INITIAL, true);
}
