import { expect, it } from 'vitest';
import { DEMO_STEPS, type DemoResult, type DemoStep } from '../../../../main/contract/demo.ts';
import { Refusal } from '../../support/stub-bridge.ts';
import { stubStores } from '../../support/stub-stores.ts';

const view = { baseUrl: 'http://127.0.0.1:1', folder: '/tmp/demo', timeoutMs: 2_000 };
const result = (step: DemoStep): DemoResult => ({
  step,
  plugin: 'demo_greeter',
  traceId: `id-${step}`,
  outcome: 'ok',
  status: 200,
  errorCode: null,
  durationMs: 3,
  reloadMs: null,
});

function begin() {
  return stubStores(
    {
      startDemo: () => view,
      runDemoStep: ({ step }) => result(step),
      stopDemo: () => null,
    },
    { hash: '/overview' },
  );
}

it('does every step by itself, stays where one is, and leads to each trace', async () => {
  const { stores, page, ...stub } = begin();
  await stores.demo.showContract();
  expect(stub.calls.map(({ argument }) => argument)).toEqual([null, ...DEMO_STEPS.map((step) => ({ step }))]);
  expect(stores.demo.store.getState().phase).toBe('done');
  expect(page.hash()).toBe('/overview');
  stores.demo.showStep('timeout');
  expect(page.hash()).toBe('/traces/id-timeout');
  expect(stores.demo.store.getState().chosen).toBe('timeout');
});

it('goes on after a step that could not be done, which says why and can be done again', async () => {
  const { stores, page, ...stub } = begin();
  stub.answers.runDemoStep = ({ step }) => {
    if (step === 'reload') throw new Refusal('INTERNAL_ERROR', 'no change was noticed');
    return result(step);
  };
  await stores.demo.showContract();
  expect(stores.demo.store.getState().steps.reload).toMatchObject({
    state: 'failed',
    problem: 'no change was noticed',
  });
  stub.answers.runDemoStep = ({ step }) => result(step);
  await stores.demo.repeatStep('reload');
  expect(stores.demo.store.getState().steps.reload.state).toBe('done');
  expect(page.hash()).toBe('/traces/id-reload');
});

it('stopped in between, nothing more is asked for', async () => {
  const { stores, ...stub } = begin();
  let answer: (value: DemoResult) => void = () => undefined;
  stub.answers.runDemoStep = () => new Promise((resolve) => (answer = resolve));
  const shown = stores.demo.showContract();
  while (stores.demo.store.getState().steps.call.state !== 'running') await Promise.resolve();
  await stores.demo.stop();
  answer(result('call'));
  await shown;
  expect(stub.calls.map(({ name }) => name)).toEqual(['startDemo', 'runDemoStep', 'stopDemo']);
  expect(stores.demo.store.getState()).toMatchObject({ phase: 'off', view: null });
});

it('says why it could not begin', async () => {
  const { stores, ...stub } = begin();
  stub.answers.startDemo = () => {
    throw new Refusal('INTERNAL_ERROR', 'no room on the disk');
  };
  await stores.demo.showContract();
  expect(stores.demo.store.getState()).toMatchObject({ phase: 'failed', problem: 'no room on the disk' });
});
