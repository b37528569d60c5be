import { expect, onTestFinished, test } from 'vitest';
import type { CheckView, ConformanceReport } from '../../../main/contract/conformance.ts';
import {
  cancelCheck,
  checkOwnRuntime,
  checkTarget,
  chooseTarget,
  contractStore,
  recheckClause,
  resetContract,
  startContract,
} from '../../../renderer/state/contract.ts';
import { stubBridge } from '../support/stub-bridge.ts';

function report(over: Partial<ConformanceReport>): ConformanceReport {
  return {
    ...{ id: 'r', target: 'http://127.0.0.1:8080', own: true, contractVersion: '1.0.0' },
    ...{ edition: 1, mode: null },
    ...{ at: 0, durationMs: 1, cancelled: false, checks: [], ...over },
  };
}

function reset(): void {
  resetContract();
  onTestFinished(resetContract);
}

test('a run follows its own progress, can be cancelled, and only one runs at a time', async () => {
  reset();
  let finish: (made: ConformanceReport) => void = () => undefined;
  const stub = stubBridge({
    checkContract: () => new Promise((resolve) => (finish = resolve)),
    cancelCheck: () => null,
  });
  onTestFinished(startContract());
  const running = checkTarget();
  await checkTarget();
  expect(stub.calls).toHaveLength(1);
  const runId = contractStore.getState().run?.id ?? '';
  expect(stub.calls[0]?.argument).toEqual({ runId, target: null });
  stub.emit('checkProgress', { runId: 'another', done: 9, total: 23, title: '', check: null });
  expect(contractStore.getState().progress).toBeNull();
  stub.emit('checkProgress', { runId, done: 3, total: 23, title: 'GET /info', check: null });
  expect(contractStore.getState().progress).toMatchObject({ done: 3, title: 'GET /info' });
  await cancelCheck();
  expect(stub.calls.at(-1)).toEqual({ name: 'cancelCheck', argument: { runId } });
  finish(report({ cancelled: true }));
  await running;
  expect(contractStore.getState()).toMatchObject({ run: null, progress: null, report: { state: 'ready' } });
});

test('another runtime gets the address and the token; what is known of this one stays', async () => {
  reset();
  const stub = stubBridge({ checkContract: ({ target }) => report({ id: 'x', own: target === null }) });
  await checkOwnRuntime();
  const own = contractStore.getState().ownReport;
  chooseTarget({ target: 'other', otherUrl: ' http://127.0.0.1:9 ', otherToken: ' a.b.c ' });
  await checkTarget();
  expect(stub.calls.at(-1)?.argument).toMatchObject({ target: 'http://127.0.0.1:9', token: 'a.b.c' });
  expect(contractStore.getState().ownReport).toBe(own);
  chooseTarget({ otherToken: '' });
  await checkTarget();
  expect(stub.calls.at(-1)?.argument).not.toHaveProperty('token');
});

test('one clause judged anew takes the old verdict’s place', async () => {
  reset();
  const verdict = (kind: CheckView['verdict']) => [{ id: 'health', verdict: kind } as CheckView];
  const stub = stubBridge({
    checkContract: () => report({ checks: verdict('failed') }),
    recheckClause: () => report({ checks: verdict('passed') }),
  });
  await checkTarget();
  const again = recheckClause('health');
  expect(contractStore.getState().rechecking).toEqual(['health']);
  await again;
  expect(stub.calls.at(-1)?.argument).toEqual({ reportId: 'r', clause: 'health' });
  const shown = contractStore.getState();
  expect(shown.rechecking).toEqual([]);
  expect(shown.report).toMatchObject({ value: { checks: verdict('passed') } });
  expect(shown.ownReport).toBe(shown.report);
});
