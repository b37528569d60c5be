import { createStore } from 'zustand/vanilla';
import type { ConformanceReport } from '../../main/contract/conformance.ts';
import { call } from '../bridge.ts';
import { type Loadable, settle } from './loadable.ts';

export interface ContractState {
  /** Null: never run since the page was opened. */
  readonly report: Loadable<ConformanceReport> | null;
  readonly running: boolean;
  /** When the present or the last run began; ms since the epoch. */
  readonly startedAt: number;
}

export const contractStore = createStore<ContractState>()(() => ({
  report: null,
  running: false,
  startedAt: 0,
}));

/** Runs the contract's checks against this runtime; one run at a time. The older report shows until the new one is there. */
export async function runContractChecks(): Promise<void> {
  if (contractStore.getState().running) return;
  contractStore.setState({ running: true, startedAt: Date.now() });
  const report = await settle(call('checkContract', null));
  contractStore.setState({ report, running: false });
}
