import { expect, onTestFinished, test } from 'vitest';
import type { CheckResult, ConformanceReport } from '../../../../main/contract/conformance.ts';
import {
  cancelCheck,
  checkOwnRuntime,
  checkTarget,
  contractStore,
  recheckClauses,
  recheckGroup,
  resetContract,
  startContract,
} from '../../../../renderer/state/contract/contract.ts';
import { resetHistory } from '../../../../renderer/state/contract/contract-history.ts';
import { chooseTarget, resetTarget } from '../../../../renderer/state/contract/contract-target.ts';
import { Refusal } from '../../support/stub-bridge.ts';
import { stubStores } from '../../support/stub-stores.ts';

function report(over: Partial<ConformanceReport>): ConformanceReport {
  return {
    id: 'r',
    target: 'http://127.0.0.1:8080',
    own: true,
    contractVersion: '1.0.0',
    edition: 1,
    mode: null,
    at: 0,
    durationMs: 1,
    cancelled: false,
    checks: [],
    ...over,
  };
}

function reset(): void {
  for (const forget of [resetContract, resetTarget, resetHistory]) {
    forget();
    onTestFinished(forget);
  }
}

/** How a whole run asks; the history is asked after each. */
const QUIET = { listReports: () => [] };

function check(id: string, verdict: CheckResult['verdict'] = 'passed'): CheckResult {
  return { id, verdict, title: `Title of ${id}` } as CheckResult;
}

test('a run follows its own progress verdict by verdict, can be cancelled, and only one runs at a time', async () => {
  reset();
  let finish: (made: ConformanceReport) => void = () => undefined;
  const { stores, ...stub } = stubStores({
    ...QUIET,
    checkContract: () => new Promise((resolve) => (finish = resolve)),
    cancelCheck: () => null,
  });
  onTestFinished(startContract());
  const running = checkTarget();
  await checkTarget();
  expect(stub.calls).toHaveLength(1);
  const runId = contractStore.getState().run?.id ?? '';
  expect(stub.calls[0]?.argument).toEqual({ runId, target: null, probe: 'javascript' });
  const steps = { runId, total: 23, title: 'GET /info' };
  stub.emit('checkProgress', { ...steps, runId: 'another', done: 9, check: check('foreign') });
  expect(contractStore.getState().run).toMatchObject({ total: 0, checks: [] });
  stub.emit('checkProgress', { ...steps, done: 0, check: null });
  stub.emit('checkProgress', { ...steps, done: 1, check: check('health') });
  stub.emit('checkProgress', { ...steps, done: 2, check: check('info', 'failed') });
  expect(contractStore.getState().run).toMatchObject({
    again: null,
    own: true,
    total: 23,
    title: 'GET /info',
    checks: [check('health'), check('info', 'failed')],
  });
  await cancelCheck();
  expect(stub.calls.at(-1)).toEqual({ name: 'cancelCheck', argument: { runId } });
  finish(report({ cancelled: true }));
  await running;
  expect(contractStore.getState()).toMatchObject({ run: null, report: { state: 'ready' } });
  expect(stub.calls.at(-1)?.name).toBe('listReports');
});

test('another runtime gets the address and the token; what is known of this one stays', async () => {
  reset();
  const { stores, ...stub } = stubStores({
    ...QUIET,
    checkContract: ({ target }) => report({ id: 'x', own: target === null }),
  });
  const asked = () => stub.calls.findLast(({ name }) => name === 'checkContract')?.argument;
  await checkOwnRuntime();
  const own = contractStore.getState().ownReport;
  chooseTarget({ target: 'other', url: ' http://127.0.0.1:9 ', way: 'token', token: ' a.b.c ', secret: 's' });
  await checkTarget();
  expect(asked()).toEqual({ runId: expect.any(String), target: 'http://127.0.0.1:9', token: 'a.b.c' });
  expect(contractStore.getState().ownReport).toBe(own);
  chooseTarget({ way: 'secret', timeout: '2,5', allowDisruptive: true });
  await checkTarget();
  expect(asked()).toMatchObject({ secret: 's', timeoutSeconds: 2.5, allowDisruptive: true });
  expect(asked()).not.toHaveProperty('token');
  chooseTarget({ way: 'none', timeout: 'soon', allowDisruptive: false });
  await checkTarget();
  expect(Object.keys(asked() as object)).toEqual(['runId', 'target']);
});

test('clauses judged anew stream in, too, and take the old verdicts’ place', async () => {
  reset();
  const checks = [check('health', 'failed'), check('info', 'failed')];
  let finish: (made: ConformanceReport) => void = () => undefined;
  const { stores, ...stub } = stubStores({
    ...QUIET,
    checkContract: () => report({ checks }),
    recheckClauses: () => new Promise((resolve) => (finish = resolve)),
  });
  onTestFinished(startContract());
  await checkTarget();
  const again = recheckClauses(['health']);
  await recheckClauses(['info']);
  const runId = contractStore.getState().run?.id ?? '';
  expect(stub.calls.at(-1)).toEqual({
    name: 'recheckClauses',
    argument: { runId, reportId: 'r', clauses: ['health'] },
  });
  stub.emit('checkProgress', { runId, done: 1, total: 1, title: '', check: check('health') });
  expect(contractStore.getState().run).toMatchObject({ again: ['health'], checks: [check('health')] });
  const fresh = report({ checks: [check('health'), check('info', 'failed')] });
  finish(fresh);
  await again;
  const shown = contractStore.getState();
  expect(shown).toMatchObject({ run: null, report: { value: fresh } });
  expect(shown.ownReport).toBe(shown.report);
});

test('a group is judged anew whole, and nothing beside it', async () => {
  reset();
  const inGroup = (id: string, group: string) => ({ ...check(id), group });
  const checks = [inGroup('health', 'Health'), inGroup('cors', 'CORS'), inGroup('plugins', 'Health')];
  const { stores, ...stub } = stubStores({
    ...QUIET,
    checkContract: () => report({ checks }),
    recheckClauses: () => report({ checks }),
  });
  await recheckGroup('Health');
  expect(stub.calls).toEqual([]);
  await checkTarget();
  await recheckGroup('Health');
  const asked = stub.calls.find(({ name }) => name === 'recheckClauses')?.argument;
  expect(asked).toMatchObject({ clauses: ['health', 'plugins'] });
});

test('a clause that can’t be judged anew leaves the report as it was', async () => {
  reset();
  const told: string[] = [];
  const { stores } = stubStores({
    ...QUIET,
    checkContract: () => report({}),
    recheckClauses: () => {
      throw new Refusal('NOT_FOUND', 'not kept any more');
    },
  });
  stores.announcements.onAnnouncement(({ title, text }) => told.push(`${title}: ${text}`));
  await checkTarget();
  const before = contractStore.getState();
  await recheckClauses(['health']);
  expect(contractStore.getState()).toEqual(before);
  expect(told).toEqual(['The clause was not checked: not kept any more']);
});
