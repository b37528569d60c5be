import { createStore } from 'zustand/vanilla';
import type {
  CheckProgress,
  CheckResult,
  Clause,
  ConformanceReport,
  ReportFormat,
} from '../../../main/contract/conformance.ts';
import { currentStores } from '../../current-stores.ts';

import { LOADING, type Loadable, ready, settle, toFailure } from '../app/loadable.ts';

import { contractHistoryStore, refreshHistory } from './contract-history.ts';
import { contractTargetStore, rememberTarget, targetArgument } from './contract-target.ts';

/** A run under way: of every clause, or of some of a report anew. */
export interface ContractRun {
  readonly id: string;
  /** Those that are judged anew; null when it is a whole run. */
  readonly again: readonly string[] | null;
  /** Against this runtime. */
  readonly own: boolean;
  readonly startedAt: number;
  readonly cancelling: boolean;
  /** How many clauses it judges; 0 until the target was asked what it offers. */
  readonly total: number;
  /** Judged so far, in the order of their verdicts. */
  readonly checks: readonly CheckResult[];
  /** Title of the clause at work; empty where none is. */
  readonly title: string;
}

export interface ContractState {
  /** The contract's clauses, to show them before they are judged. */
  readonly clauses: Loadable<readonly Clause[]>;
  /** The last run's; null: none since the page was opened. */
  readonly report: Loadable<ConformanceReport> | null;
  /** The last run's against this runtime. */
  readonly ownReport: Loadable<ConformanceReport> | null;
  /** Null while nothing runs. */
  readonly run: ContractRun | null;
}

const INITIAL: ContractState = { clauses: LOADING, report: null, ownReport: null, run: null };

export const contractStore = createStore<ContractState>()(() => INITIAL);

/** Follows the progress of runs; returns its undo. */
export function startContract(): () => void {
  return currentStores().inspector.on('checkProgress', (progress) => {
    const { run } = contractStore.getState();
    if (progress.runId === run?.id) contractStore.setState({ run: advance(run, progress) });
  });
}

function advance(run: ContractRun, { total, title, check }: CheckProgress): ContractRun {
  return { ...run, total, title, checks: check === null ? run.checks : [...run.checks, check] };
}

export async function loadClauses(): Promise<void> {
  if (contractStore.getState().clauses.state === 'ready') return;
  contractStore.setState({ clauses: await settle(currentStores().inspector.call('listClauses', null)) });
}

/**
 * After a reload of the page: the last report of this session is shown again, as the runtime still knows what
 * it was called with. Asks for the past runs on the way.
 */
export async function restoreContract(): Promise<void> {
  await refreshHistory();
  const { list } = contractHistoryStore.getState();
  const last = list.state === 'ready' ? list.value.find(({ live }) => live) : undefined;
  if (last === undefined || isTouched()) return;
  const report = await settle(currentStores().inspector.call('getReport', { reportId: last.id }));
  if (report.state === 'ready' && !isTouched()) contractStore.setState(withOwn(report, last.own));
}

function isTouched(): boolean {
  const { report, run } = contractStore.getState();
  return report !== null || run !== null;
}

/** Checks this runtime, whatever target is chosen. */
export function checkOwnRuntime(): Promise<void> {
  contractTargetStore.setState({ target: 'own' });
  return checkTarget();
}

/**
 * Checks the chosen target; one run at a time. Verdicts are in `run` as they come, then all of them in
 * `report`.
 */
export async function checkTarget(): Promise<void> {
  if (contractStore.getState().run !== null) return;
  const { target } = contractTargetStore.getState();
  const own = target === 'own';
  const id = begin(null, own);
  const report = await settle(
    currentStores().inspector.call('checkContract', { runId: id, ...targetArgument() }),
  );
  contractStore.setState({ run: null, ...withOwn(report, own) });
  if (report.state !== 'ready') return;
  if (!own) rememberTarget(report.value.target);
  await refreshHistory();
}

/** Ends the run; what is not judged yet shows as skipped. */
export async function cancelCheck(): Promise<void> {
  const { run } = contractStore.getState();
  if (run === null) return;
  contractStore.setState({ run: { ...run, cancelling: true } });
  const answer = await settle(currentStores().inspector.call('cancelCheck', { runId: run.id }));
  if (answer.state === 'failed') {
    currentStores().announcements.announce({
      tone: 'bad',
      title: 'The checks were not cancelled',
      text: answer.error.message,
    });
  }
}

/** Judges these clauses of the last report anew. */
export async function recheckClauses(clauses: readonly string[]): Promise<void> {
  const { report, run } = contractStore.getState();
  if (report?.state !== 'ready' || run !== null || clauses.length === 0) return;
  const { id: reportId, own } = report.value;
  const runId = begin(clauses, own);
  try {
    const fresh = await currentStores().inspector.call('recheckClauses', { runId, reportId, clauses });
    contractStore.setState({ run: null, ...withOwn(ready(fresh), own) });
    await refreshHistory();
  } catch (error) {
    contractStore.setState({ run: null });
    const title = clauses.length === 1 ? 'The clause was not checked' : 'The clauses were not checked';
    currentStores().announcements.announce({ tone: 'bad', title, text: toFailure(error).message });
  }
}

/** Judges a whole group of the last report's clauses anew, whatever of it a filter shows. */
export async function recheckGroup(group: string): Promise<void> {
  const { report } = contractStore.getState();
  const checks = report?.state === 'ready' ? report.value.checks : [];
  await recheckClauses(checks.filter((check) => check.group === group).map(({ id }) => id));
}

/** Has a report saved as a file. */
export async function saveReport(reportId: string, format: ReportFormat): Promise<void> {
  await currentStores().saving.announceSaved(
    currentStores().inspector.call('saveReport', { reportId, format }),
    () => 'Report saved',
  );
}

function begin(again: readonly string[] | null, own: boolean): string {
  const id = crypto.randomUUID();
  const run = { id, again, own, startedAt: Date.now(), cancelling: false, total: 0, checks: [], title: '' };
  contractStore.setState({ run });
  return id;
}

function withOwn(report: Loadable<ConformanceReport>, own: boolean): Partial<ContractState> {
  return own ? { report, ownReport: report } : { report };
}

/** Back to the state before anything was checked; for tests. */
export function resetContract(): void {
  contractStore.setState(INITIAL, true);
}
