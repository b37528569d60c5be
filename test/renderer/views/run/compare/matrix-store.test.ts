import { beforeEach, expect, it } from 'vitest';
import type { RunAnswer, RunRequest } from '../../../../../main/contract/run.ts';
import {
  cancelMatrix,
  isRunning,
  matrixStore,
  startMatrix,
} from '../../../../../renderer/views/run/compare/matrix-store.ts';
import { runStore } from '../../../../../renderer/views/run/result/run-store.ts';
import { runAnswer } from '../../../support/run-answer.ts';
import { Refusal, stubBridge } from '../../../support/stub-bridge.ts';

beforeEach(() => {
  matrixStore.setState({ matrix: null, cancelling: false });
  runStore.setState({ running: null, cancelling: false, last: null });
});

const wish = { plugin: 'echo', body: '{"a":1}', route: 'execute', token: 'secret' } as const;

it('makes one call per persona, all at once, each with its own id', async () => {
  const waiting: (() => void)[] = [];
  const stub = stubBridge({
    run: ({ persona }) =>
      new Promise((resolve) => waiting.push(() => resolve(runAnswer({ traceId: persona })))),
  });
  const done = startMatrix(wish, ['anonymous', 'admin', 'custom']);
  const sent = stub.calls.map(({ argument }) => argument as RunRequest);
  expect(sent.map(({ persona }) => persona)).toEqual(['anonymous', 'admin', 'custom']);
  expect(new Set(sent.map(({ runId }) => runId)).size).toBe(3);
  expect(sent.map(({ token }) => token)).toEqual([undefined, undefined, 'secret']);
  expect(isRunning(matrixStore.getState().matrix)).toBe(true);
  // A second one waits its turn.
  await startMatrix(wish, ['user']);
  expect(stub.calls).toHaveLength(3);
  for (const answer of waiting.reverse()) answer();
  await done;
  const { matrix } = matrixStore.getState();
  expect(isRunning(matrix)).toBe(false);
  expect(matrix?.columns.map(({ persona, answer }) => [persona, answer])).toEqual(
    ['anonymous', 'admin', 'custom'].map((persona) => [
      persona,
      expect.objectContaining({ state: 'ready', value: runAnswer({ traceId: persona }) }),
    ]),
  );
});

it('fails only for a persona that can’t be used, with the reason', async () => {
  stubBridge({
    run({ persona }) {
      if (persona === 'admin') throw new Refusal('BAD_REQUEST', 'External mode');
      return runAnswer();
    },
  });
  await startMatrix(wish, ['anonymous', 'admin']);
  expect(matrixStore.getState().matrix?.columns.map(({ answer }) => answer)).toMatchObject([
    { state: 'ready' },
    { state: 'failed', error: { message: 'External mode' } },
  ]);
});

it('cancels each call that is still waiting', async () => {
  const settle = new Map<string, (answer: RunAnswer) => void>();
  const cancelled: string[] = [];
  stubBridge({
    run: ({ runId }) => new Promise((resolve) => settle.set(runId, resolve)),
    cancelRun({ runId }) {
      cancelled.push(runId);
      settle.get(runId)?.(runAnswer({ status: 0, traceId: null, cancelled: true }));
      return null;
    },
  });
  const done = startMatrix(wish, ['anonymous', 'user', 'admin']);
  const [first, ...others] = [...settle.keys()];
  settle.get(first ?? '')?.(runAnswer());
  await Promise.resolve();
  await new Promise((resolve) => setImmediate(resolve));
  await cancelMatrix();
  await done;
  expect(cancelled).toEqual(others);
  expect(matrixStore.getState().cancelling).toBe(false);
});

it('sends nothing without a persona or while a call is running', async () => {
  const stub = stubBridge({ run: () => runAnswer() });
  await startMatrix(wish, []);
  runStore.setState({
    running: { ...wish, persona: 'user', runId: 'r', startedAt: 0, timeoutMs: 1 },
  });
  await startMatrix(wish, ['user']);
  expect(stub.calls).toEqual([]);
});
