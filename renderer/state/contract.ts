import { createStore } from 'zustand/vanilla';
import type { CheckProgress, ConformanceReport, ReportFormat } from '../../main/contract/conformance.ts';
import { call, on } from '../bridge.ts';
import { announce } from './announcements.ts';
import { type Loadable, ready, settle, toFailure } from './loadable.ts';
import { announceSaved } from './saving.ts';

export interface ContractState {
  /** What the next run checks. */
  readonly target: 'own' | 'other';
  /** Address of the other runtime, as typed. */
  readonly otherUrl: string;
  /** Bearer token for the other runtime. A secret: in memory only. */
  readonly otherToken: string;
  /** The last run's; null: none since the page was opened. */
  readonly report: Loadable<ConformanceReport> | null;
  /** The last run's against this runtime. */
  readonly ownReport: Loadable<ConformanceReport> | null;
  /** Null while nothing runs. */
  readonly run: { readonly id: string; readonly startedAt: number; readonly cancelling: boolean } | null;
  readonly progress: CheckProgress | null;
  /** Ids of the clauses that are being judged anew. */
  readonly rechecking: readonly string[];
}

const INITIAL: ContractState = {
  target: 'own',
  otherUrl: '',
  otherToken: '',
  report: null,
  ownReport: null,
  run: null,
  progress: null,
  rechecking: [],
};

export const contractStore = createStore<ContractState>()(() => INITIAL);

/** Follows the progress of runs; returns its undo. */
export function startContract(): () => void {
  return on('checkProgress', (progress) => {
    if (progress.runId === contractStore.getState().run?.id) contractStore.setState({ progress });
  });
}

export function chooseTarget(
  choice: Partial<Pick<ContractState, 'target' | 'otherUrl' | 'otherToken'>>,
): void {
  contractStore.setState(choice);
}

/** Checks this runtime, whatever target is chosen. */
export function checkOwnRuntime(): Promise<void> {
  contractStore.setState({ target: 'own' });
  return checkTarget();
}

/** Checks the chosen target; one run at a time. The older report shows until the new one is there. */
export async function checkTarget(): Promise<void> {
  const { run, target, otherUrl, otherToken } = contractStore.getState();
  if (run !== null) return;
  const id = crypto.randomUUID();
  contractStore.setState({ run: { id, startedAt: Date.now(), cancelling: false }, progress: null });
  const token = otherToken.trim();
  const report = await settle(
    call('checkContract', {
      runId: id,
      target: target === 'own' ? null : otherUrl.trim(),
      ...(target === 'own' || token === '' ? {} : { token }),
    }),
  );
  contractStore.setState({ run: null, progress: null, ...withOwn(report, target === 'own') });
}

/** Ends the run; what is not judged yet shows as skipped. */
export async function cancelCheck(): Promise<void> {
  const { run } = contractStore.getState();
  if (run === null) return;
  contractStore.setState({ run: { ...run, cancelling: true } });
  const answer = await settle(call('cancelCheck', { runId: run.id }));
  if (answer.state === 'failed') {
    announce({ tone: 'bad', title: 'The checks were not cancelled', text: answer.error.message });
  }
}

/** Judges one clause of the shown report anew. */
export async function recheckClause(clause: string): Promise<void> {
  const { report, rechecking } = contractStore.getState();
  if (report?.state !== 'ready' || rechecking.includes(clause)) return;
  contractStore.setState({ rechecking: [...rechecking, clause] });
  const { id, own } = report.value;
  try {
    const fresh = await call('recheckClause', { reportId: id, clause });
    contractStore.setState(withOwn(ready(fresh), own));
  } catch (error) {
    announce({ tone: 'bad', title: 'The clause was not checked', text: toFailure(error).message });
  } finally {
    const left = contractStore.getState().rechecking.filter((other) => other !== clause);
    contractStore.setState({ rechecking: left });
  }
}

/** Has the shown report saved as a file. */
export async function saveReport(format: ReportFormat): Promise<void> {
  const { report } = contractStore.getState();
  if (report?.state !== 'ready') return;
  await announceSaved(call('saveReport', { reportId: report.value.id, format }), () => 'Report saved');
}

function withOwn(report: Loadable<ConformanceReport>, own: boolean): Partial<ContractState> {
  return own ? { report, ownReport: report } : { report };
}

/** Back to the state before anything was checked; for tests. */
export function resetContract(): void {
  contractStore.setState(INITIAL, true);
}
