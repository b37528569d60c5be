import { createStore, type StoreApi } from 'zustand/vanilla';
import type {
  CheckProgress,
  CheckResult,
  Clause,
  ConformanceReport,
  ReportFormat,
} from '../../../main/contract/conformance.ts';
import type { Inspector } from '../../bridge.ts';
import type { Announcements } from '../app/announcements.ts';
import { LOADING, type Loadable, ready, readyValue, settle, toFailure } from '../app/loadable.ts';
import type { Saving } from '../app/saving.ts';
import type { ContractHistoryStore } from './contract-history.ts';
import { type ContractTargetStore, toCheckRequest } from './contract-target.ts';

/** A run in progress: of every clause, or of some clauses of a report again. */
export interface ContractRun {
  readonly id: string;
  /** The clauses that are rechecked; null for a whole run. */
  readonly again: readonly string[] | null;
  /** Against this runtime. */
  readonly own: boolean;
  /** ms since the epoch. */
  readonly startedAt: number;
  readonly cancelling: boolean;
  /** How many clauses it checks; 0 until the target has been inspected. */
  readonly total: number;
  /** Results so far, in the order in which they arrived. */
  readonly checks: readonly CheckResult[];
  /** Title of the clause that is running; empty when none is. */
  readonly title: string;
}

export interface ContractState {
  /** The contract's clauses, to show them before they are checked. */
  readonly clauses: Loadable<readonly Clause[]>;
  /** The last run's; null: none since the page was opened. */
  readonly report: Loadable<ConformanceReport> | null;
  /** The last run's against this runtime. */
  readonly ownReport: Loadable<ConformanceReport> | null;
  /** Null while nothing runs. */
  readonly run: ContractRun | null;
}

interface ContractDeps {
  readonly inspector: Inspector;
  readonly announcements: Announcements;
  readonly saving: Saving;
  readonly history: ContractHistoryStore;
  readonly target: ContractTargetStore;
  /** ms since the epoch. */
  readonly now: () => number;
}

/** None of its functions rejects: a failure is part of the state, or announced. */
export function createContractStore(deps: ContractDeps) {
  const { inspector, saving, history } = deps;
  const store = createStore<ContractState>()(() => ({
    clauses: LOADING,
    report: null,
    ownReport: null,
    run: null,
  }));

  /** Follows the progress of runs; returns `unsubscribe`. */
  function start(): () => void {
    return inspector.on('checkProgress', (progress) => {
      const { run } = store.getState();
      if (progress.runId === run?.id) store.setState({ run: advance(run, progress) });
    });
  }

  async function loadClauses(): Promise<void> {
    if (store.getState().clauses.state === 'ready') return;
    store.setState({ clauses: await settle(inspector.call('listClauses', null)) });
  }

  /**
   * After a reload of the page, shows the last report of this session again: the runtime still has the
   * credentials of its run. Fetches the past runs on the way.
   */
  async function restore(): Promise<void> {
    await history.refresh();
    const last = readyValue(history.store.getState().list)?.find(({ live }) => live);
    if (last === undefined || isTouched(store.getState())) return;
    const report = await settle(inspector.call('getReport', { reportId: last.id }));
    if (report.state === 'ready' && !isTouched(store.getState())) store.setState(withOwn(report, last.own));
  }

  /** Saves a report as a file. */
  async function saveReport(reportId: string, format: ReportFormat): Promise<void> {
    await saving.announceSaved(inspector.call('saveReport', { reportId, format }), () => 'Report saved');
  }

  return {
    store,
    start,
    loadClauses,
    restore,
    saveReport,
    ...createRuns(store, deps),
  };
}

/**
 * Runs of the checks, one at a time. Verdicts appear in `run` as they arrive, then all of them in `report`.
 */
function createRuns(
  store: StoreApi<ContractState>,
  { inspector, announcements, history, target, now }: ContractDeps,
) {
  function begin(again: readonly string[] | null, own: boolean): string {
    const id = crypto.randomUUID();
    store.setState({
      run: { id, again, own, startedAt: now(), cancelling: false, total: 0, checks: [], title: '' },
    });
    return id;
  }

  /** Checks the chosen target. */
  async function check(): Promise<void> {
    if (store.getState().run !== null) return;
    const request = toCheckRequest(target.store.getState());
    const own = request.target === null;
    const report = await settle(inspector.call('checkContract', { runId: begin(null, own), ...request }));
    store.setState({ run: null, ...withOwn(report, own) });
    if (report.state !== 'ready') return;
    if (!own) target.remember(report.value.target);
    await history.refresh();
  }

  /** Checks this runtime, whichever target is chosen. */
  function checkOwn(): Promise<void> {
    target.choose({ target: 'own' });
    return check();
  }

  /** Cancels the run; clauses that have not been checked are skipped. */
  async function cancel(): Promise<void> {
    const { run } = store.getState();
    if (run === null) return;
    store.setState({ run: { ...run, cancelling: true } });
    const answer = await settle(inspector.call('cancelCheck', { runId: run.id }));
    if (answer.state === 'failed') {
      announcements.announce({
        tone: 'bad',
        title: 'Could not cancel the checks',
        text: answer.error.message,
      });
    }
  }

  /** Checks these clauses of the last report again. */
  async function recheck(clauses: readonly string[]): Promise<void> {
    const { report, run } = store.getState();
    if (report?.state !== 'ready' || run !== null || clauses.length === 0) return;
    const { id: reportId, own } = report.value;
    const runId = begin(clauses, own);
    try {
      const fresh = await inspector.call('recheckClauses', { runId, reportId, clauses });
      store.setState({ run: null, ...withOwn(ready(fresh), own) });
      await history.refresh();
    } catch (error) {
      store.setState({ run: null });
      const title = clauses.length === 1 ? 'Could not check the clause' : 'Could not check the clauses';
      announcements.announce({ tone: 'bad', title, text: toFailure(error).message });
    }
  }

  /** Checks a whole group of the last report again, including clauses that a filter hides. */
  async function recheckGroup(group: string): Promise<void> {
    const { report } = store.getState();
    const checks = report?.state === 'ready' ? report.value.checks : [];
    await recheck(checks.filter((one) => one.group === group).map(({ id }) => id));
  }

  return {
    check,
    checkOwn,
    cancel,
    recheck,
    recheckGroup,
  };
}

function advance(run: ContractRun, { total, title, check }: CheckProgress): ContractRun {
  return { ...run, total, title, checks: check === null ? run.checks : [...run.checks, check] };
}

function isTouched({ report, run }: ContractState): boolean {
  return report !== null || run !== null;
}

function withOwn(report: Loadable<ConformanceReport>, own: boolean): Partial<ContractState> {
  return own ? { report, ownReport: report } : { report };
}
