import { beforeEach, expect, test } from 'vitest';
import { DEMO_STEPS, type DemoResult, type DemoStep } from '../../../../main/contract/demo.ts';
import {
  demoStore,
  repeatStep,
  showContract,
  showStep,
  stopDemo,
} from '../../../../renderer/state/app/demo.ts';
import { Refusal, stubBridge } from '../../support/stub-bridge.ts';
import { stubPage } from '../../support/stub-page.ts';

beforeEach(() => demoStore.setState(demoStore.getInitialState(), true));

const view = { baseUrl: 'http://127.0.0.1:1', folder: '/tmp/demo', timeoutMs: 2_000 };
const result = (step: DemoStep): DemoResult => ({
  ...{ step, plugin: 'demo_greeter', traceId: `id-${step}`, outcome: 'ok', status: 200, errorCode: null },
  ...{ durationMs: 3, reloadMs: null },
});

function begin() {
  const page = stubPage('/overview');
  const stub = stubBridge({
    startDemo: () => view,
    runDemoStep: ({ step }) => result(step),
    stopDemo: () => null,
  });
  return { page, stub };
}

test('does every step by itself, stays where one is, and leads to each trace', async () => {
  const { page, stub } = begin();
  await showContract();
  expect(stub.calls.map(({ argument }) => argument)).toEqual([null, ...DEMO_STEPS.map((step) => ({ step }))]);
  expect(demoStore.getState().phase).toBe('done');
  expect(page.hash()).toBe('/overview');
  showStep('timeout');
  expect(page.hash()).toBe('/traces/id-timeout');
  expect(demoStore.getState().chosen).toBe('timeout');
});

test('goes on after a step that could not be done, which says why and can be done again', async () => {
  const { stub, page } = begin();
  stub.answers.runDemoStep = ({ step }) => {
    if (step === 'reload') throw new Refusal('INTERNAL_ERROR', 'no change was noticed');
    return result(step);
  };
  await showContract();
  expect(demoStore.getState().steps.reload).toMatchObject({
    state: 'failed',
    problem: 'no change was noticed',
  });
  stub.answers.runDemoStep = ({ step }) => result(step);
  await repeatStep('reload');
  expect(demoStore.getState().steps.reload.state).toBe('done');
  expect(page.hash()).toBe('/traces/id-reload');
});

test('stopped in between, nothing more is asked for', async () => {
  const { stub } = begin();
  let answer: (value: DemoResult) => void = () => undefined;
  stub.answers.runDemoStep = () => new Promise((resolve) => (answer = resolve));
  const shown = showContract();
  while (demoStore.getState().steps.call.state !== 'running') await Promise.resolve();
  await stopDemo();
  answer(result('call'));
  await shown;
  expect(stub.calls.map(({ name }) => name)).toEqual(['startDemo', 'runDemoStep', 'stopDemo']);
  expect(demoStore.getState()).toMatchObject({ phase: 'off', view: null });
});

test('says why it could not begin', async () => {
  const { stub } = begin();
  stub.answers.startDemo = () => {
    throw new Refusal('INTERNAL_ERROR', 'no room on the disk');
  };
  await showContract();
  expect(demoStore.getState()).toMatchObject({ phase: 'failed', problem: 'no room on the disk' });
});
