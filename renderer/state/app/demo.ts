import { createStore } from 'zustand/vanilla';
import { DEMO_STEPS, type DemoResult, type DemoStep, type DemoView } from '../../../main/contract/demo.ts';
import { call } from '../../bridge.ts';
import { openTrace, type TraceTab } from '../traces/open-trace.ts';
import { announce } from './announcements.ts';
import { toFailure } from './loadable.ts';

export type StepState = 'waiting' | 'running' | 'done' | 'failed';

export interface DemoStepState {
  readonly state: StepState;
  readonly result: DemoResult | null;
  /** Why it could not be done. */
  readonly problem: string | null;
}

export interface DemoState {
  readonly phase: 'off' | 'starting' | 'running' | 'done' | 'failed' | 'stopping';
  readonly view: DemoView | null;
  /** Why it could not begin. */
  readonly problem: string | null;
  readonly steps: Readonly<Record<DemoStep, DemoStepState>>;
  /** The one that is told about. */
  readonly chosen: DemoStep;
}

/** Where each step is best seen. */
const TABS: Readonly<Record<DemoStep, TraceTab>> = {
  call: 'context',
  spoof: 'context',
  expired: 'jwt',
  error: 'response',
  timeout: 'waterfall',
  reload: 'response',
};

const WAITING: DemoStepState = { state: 'waiting', result: null, problem: null };
const allWaiting = () =>
  Object.fromEntries(DEMO_STEPS.map((step) => [step, WAITING])) as Record<DemoStep, DemoStepState>;

const OFF: DemoState = { phase: 'off', view: null, problem: null, steps: allWaiting(), chosen: 'call' };

export const demoStore = createStore<DemoState>()(() => OFF);

/** Tells one demonstration from the next: what a former one still answers is dropped. */
let generation = 0;

/** Starts the demonstration and does its steps one after another. Never rejects. */
export async function showContract(): Promise<void> {
  const { phase } = demoStore.getState();
  if (phase === 'starting' || phase === 'running' || phase === 'stopping') return;
  const own = ++generation;
  demoStore.setState({ ...OFF, phase: 'starting' });
  try {
    const view = await call('startDemo', null);
    if (own !== generation) return;
    demoStore.setState({ phase: 'running', view });
    for (const step of DEMO_STEPS) {
      demoStore.setState({ chosen: step });
      await doStep(step, own);
      if (own !== generation) return;
    }
    demoStore.setState({ phase: 'done', chosen: 'call' });
  } catch (error) {
    if (own === generation) demoStore.setState({ phase: 'failed', problem: toFailure(error).message });
  }
}

/** Does one step again, and shows it. Never rejects. */
export async function repeatStep(step: DemoStep): Promise<void> {
  if (demoStore.getState().phase !== 'done') return;
  demoStore.setState({ phase: 'running', chosen: step });
  const own = generation;
  await doStep(step, own);
  if (own !== generation) return;
  demoStore.setState({ phase: 'done' });
  showStep(step);
}

async function doStep(step: DemoStep, own: number): Promise<void> {
  note(step, { state: 'running', result: null, problem: null });
  try {
    const result = await call('runDemoStep', { step });
    if (own === generation) note(step, { state: 'done', result, problem: null });
  } catch (error) {
    if (own === generation) note(step, { state: 'failed', result: null, problem: toFailure(error).message });
  }
}

function note(step: DemoStep, state: DemoStepState): void {
  demoStore.setState({ steps: { ...demoStore.getState().steps, [step]: state } });
}

/** Tells about a step, and opens its trace where it is best seen. */
export function showStep(step: DemoStep): void {
  demoStore.setState({ chosen: step });
  const { result } = demoStore.getState().steps[step];
  if (result !== null) openTrace(result.traceId, TABS[step]);
}

/** Ends it, at whatever step it is; says so when something was left. Never rejects. */
export async function stopDemo(): Promise<void> {
  generation += 1;
  const own = generation;
  demoStore.setState({ phase: 'stopping' });
  try {
    await call('stopDemo', null);
  } catch (error) {
    announce({ tone: 'bad', title: 'The demonstration did not end cleanly', text: toFailure(error).message });
  }
  if (own === generation) demoStore.setState(OFF);
}
