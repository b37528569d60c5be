import { beforeEach, expect, it, vi } from 'vitest';
import type { RunAnswer } from '../../../../../main/contract/run.ts';
import { sentBodies } from '../../../../../renderer/views/run/form/sent-bodies.ts';
import { cancelRun, runStore, startRun } from '../../../../../renderer/views/run/result/run-store.ts';
import { runAnswer } from '../../../support/run-answer.ts';
import { Refusal, stubBridge, traceSummary } from '../../../support/stub-bridge.ts';

beforeEach(() => {
  runStore.setState({ running: null, cancelling: false, last: null });
  sentBodies.setState({ byPlugin: {} });
});

const wish = { plugin: 'echo', body: '{"a":1}', persona: 'user', route: 'execute', token: '' } as const;
const page = (traces: ReturnType<typeof traceSummary>[]) => ({ traces, matched: 0, kept: 0, dropped: 0 });

it('stores the answer with its trace, and the body that was sent', async () => {
  stubBridge({ run: () => runAnswer() });
  await startRun(wish);
  expect(runStore.getState()).toMatchObject({
    running: null,
    last: { run: { plugin: 'echo' }, answer: { status: 200 }, failure: null, traceId: 'abc' },
  });
  expect(sentBodies.getState().byPlugin).toEqual({ echo: ['{"a":1}'] });
});

it('sends a token for the persona custom only', async () => {
  const stub = stubBridge({ run: () => runAnswer() });
  await startRun({ ...wish, token: 'secret' });
  await startRun({ ...wish, persona: 'custom', token: 'secret' });
  const tokens = stub.calls.map(({ argument }) => (argument as { token?: string }).token);
  expect(tokens).toEqual([undefined, 'secret']);
});

it('shows a call without an answer as a failure, not as an empty answer', async () => {
  stubBridge({
    run() {
      throw new Refusal('INTERNAL_ERROR', 'The runtime did not answer');
    },
  });
  await startRun(wish);
  expect(runStore.getState().last).toMatchObject({
    answer: null,
    failure: { code: 'INTERNAL_ERROR', message: 'The runtime did not answer' },
  });
});

it('ignores a second run while one is running', async () => {
  let finish: (answer: RunAnswer) => void = () => undefined;
  const stub = stubBridge({ run: () => new Promise<RunAnswer>((resolve) => (finish = resolve)) });
  const first = startRun(wish);
  await startRun({ ...wish, plugin: 'other' });
  expect(stub.calls).toHaveLength(1);
  finish(runAnswer());
  await first;
  expect(runStore.getState().last?.run.plugin).toBe('echo');
});

it('cancels the run by its id, and finds the trace it left', async () => {
  let finish: (answer: RunAnswer) => void = () => undefined;
  const older = traceSummary(1, { outcome: 'aborted' });
  const fresh = traceSummary(2, { outcome: 'aborted', startedAt: Date.now() + 1000 });
  const answers = [page([older]), page([fresh])];
  const stub = stubBridge({
    run: () => new Promise<RunAnswer>((resolve) => (finish = resolve)),
    cancelRun: () => null,
    traces: () => answers.shift() ?? page([]),
  });
  const run = startRun(wish);
  const runId = runStore.getState().running?.runId;
  await cancelRun();
  expect(runStore.getState().cancelling).toBe(true);
  expect(stub.calls[1]).toEqual({ name: 'cancelRun', argument: { runId } });
  finish(runAnswer({ status: 0, traceId: null, cancelled: true }));
  await run;
  expect(runStore.getState().cancelling).toBe(false);
  await vi.waitFor(() => expect(runStore.getState().last?.traceId).toBe(fresh.id));
});
