import { createStore } from 'zustand/vanilla';
import { DEMO_STEPS, type DemoResult, type DemoStep, type DemoView } from '../../../main/contract/demo.ts';
import type { Inspector } from '../../bridge.ts';
import type { Announcements } from './announcements.ts';
import { toFailure } from './loadable.ts';
import type { TraceTab } from './route.ts';
import type { UiStore } from './ui.ts';

export interface DemoStepState {
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  readonly result: DemoResult | null;
  /** Why it failed. */
  readonly problem: string | null;
}

export interface DemoState {
  readonly phase: 'off' | 'starting' | 'running' | 'done' | 'failed' | 'stopping';
  readonly view: DemoView | null;
  /** Why it could not start. */
  readonly problem: string | null;
  readonly steps: Readonly<Record<DemoStep, DemoStepState>>;
  /** The one that is explained. */
  readonly chosen: DemoStep;
}

/** The tab that shows each step best. */
const TABS: Readonly<Record<DemoStep, TraceTab>> = {
  call: 'context',
  spoof: 'context',
  expired: 'jwt',
  error: 'response',
  timeout: 'waterfall',
  inside: 'waterfall',
  reload: 'response',
};

const WAITING: DemoStepState = { state: 'waiting', result: null, problem: null };
const allWaiting = () =>
  Object.fromEntries(DEMO_STEPS.map((step) => [step, WAITING])) as Record<DemoStep, DemoStepState>;

const OFF: DemoState = { phase: 'off', view: null, problem: null, steps: allWaiting(), chosen: 'call' };

interface DemoDeps {
  readonly inspector: Inspector;
  readonly ui: UiStore;
  readonly announcements: Announcements;
}

export function createDemoStore({ inspector, ui, announcements }: DemoDeps) {
  const store = createStore<DemoState>()(() => OFF);

  /** Counts demonstrations: late answers to an earlier one are dropped. */
  let generation = 0;

  /** Starts the demonstration and runs its steps one after another. Never rejects. */
  async function showContract(): Promise<void> {
    const { phase } = store.getState();
    if (phase === 'starting' || phase === 'running' || phase === 'stopping') return;
    const own = ++generation;
    store.setState({ ...OFF, phase: 'starting' });
    try {
      const view = await inspector.call('startDemo', null);
      if (own !== generation) return;
      store.setState({ phase: 'running', view });
      for (const step of DEMO_STEPS) {
        store.setState({ chosen: step });
        await runStep(step, own);
        if (own !== generation) return;
      }
      store.setState({ phase: 'done', chosen: 'call' });
    } catch (error) {
      if (own === generation) store.setState({ phase: 'failed', problem: toFailure(error).message });
    }
  }

  /** Runs one step again, and shows it. Never rejects. */
  async function repeatStep(step: DemoStep): Promise<void> {
    if (store.getState().phase !== 'done') return;
    store.setState({ phase: 'running', chosen: step });
    const own = generation;
    await runStep(step, own);
    if (own !== generation) return;
    store.setState({ phase: 'done' });
    showStep(step);
  }

  async function runStep(step: DemoStep, own: number): Promise<void> {
    note(step, { state: 'running', result: null, problem: null });
    try {
      const result = await inspector.call('runDemoStep', { step });
      if (own === generation) note(step, { state: 'done', result, problem: null });
    } catch (error) {
      if (own === generation)
        note(step, { state: 'failed', result: null, problem: toFailure(error).message });
    }
  }

  function note(step: DemoStep, state: DemoStepState): void {
    store.setState({ steps: { ...store.getState().steps, [step]: state } });
  }

  /** Explains a step, and opens its trace on the tab that shows it best. */
  function showStep(step: DemoStep): void {
    store.setState({ chosen: step });
    const { result } = store.getState().steps[step];
    if (result !== null) ui.openTrace(result.traceId, TABS[step]);
  }

  /** Stops it at any step; announces when its files could not be removed. Never rejects. */
  async function stop(): Promise<void> {
    generation += 1;
    const own = generation;
    store.setState({ phase: 'stopping' });
    try {
      await inspector.call('stopDemo', null);
    } catch (error) {
      announceStopFailure(announcements, toFailure(error).message);
    }
    if (own === generation) store.setState(OFF);
  }
  return {
    store,
    showContract,
    repeatStep,
    showStep,
    stop,
  };
}

function announceStopFailure(announcements: Announcements, text: string): void {
  announcements.announce({ tone: 'bad', title: 'The demonstration did not end cleanly', text });
}
