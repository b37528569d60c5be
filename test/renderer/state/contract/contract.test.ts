import { expect, it, onTestFinished } from 'vitest';
import type { CheckResult, ConformanceReport } from '../../../../main/contract/conformance.ts';
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

/** Every run fetches the history afterwards. */
const QUIET = { listReports: () => [] };

function check(id: string, verdict: CheckResult['verdict'] = 'passed'): CheckResult {
  return { id, verdict, title: `Title of ${id}` } as CheckResult;
}

it('follows the progress of its own run verdict by verdict, cancels it, and runs one at a time', async () => {
  let finish: (made: ConformanceReport) => void = () => undefined;
  const { stores, ...stub } = stubStores({
    ...QUIET,
    checkContract: () => new Promise((resolve) => (finish = resolve)),
    cancelCheck: () => null,
  });
  onTestFinished(stores.contract.start());
  const running = stores.contract.check();
  await stores.contract.check();
  expect(stub.calls).toHaveLength(1);
  const runId = stores.contract.store.getState().run?.id ?? '';
  expect(stub.calls[0]?.argument).toEqual({ runId, target: null, probe: 'javascript' });
  const steps = { runId, total: 23, title: 'GET /info' };
  stub.emit('checkProgress', { ...steps, runId: 'another', done: 9, check: check('foreign') });
  expect(stores.contract.store.getState().run).toMatchObject({ total: 0, checks: [] });
  stub.emit('checkProgress', { ...steps, done: 0, check: null });
  stub.emit('checkProgress', { ...steps, done: 1, check: check('health') });
  stub.emit('checkProgress', { ...steps, done: 2, check: check('info', 'failed') });
  expect(stores.contract.store.getState().run).toMatchObject({
    again: null,
    own: true,
    total: 23,
    title: 'GET /info',
    checks: [check('health'), check('info', 'failed')],
  });
  await stores.contract.cancel();
  expect(stub.calls.at(-1)).toEqual({ name: 'cancelCheck', argument: { runId } });
  finish(report({ cancelled: true }));
  await running;
  expect(stores.contract.store.getState()).toMatchObject({ run: null, report: { state: 'ready' } });
  expect(stub.calls.at(-1)?.name).toBe('listReports');
});

it('checks another runtime with its address and token, and keeps the report of this one', async () => {
  const { stores, ...stub } = stubStores({
    ...QUIET,
    checkContract: ({ target }) => report({ id: 'x', own: target === null }),
  });
  const asked = () => stub.calls.findLast(({ name }) => name === 'checkContract')?.argument;
  await stores.contract.checkOwn();
  const own = stores.contract.store.getState().ownReport;
  stores.contractTarget.choose({
    target: 'other',
    url: ' http://127.0.0.1:9 ',
    way: 'token',
    token: ' a.b.c ',
    secret: 's',
  });
  await stores.contract.check();
  expect(asked()).toEqual({ runId: expect.any(String), target: 'http://127.0.0.1:9', token: 'a.b.c' });
  expect(stores.contract.store.getState().ownReport).toBe(own);
  stores.contractTarget.choose({ way: 'secret', timeout: '2,5', allowDisruptive: true });
  await stores.contract.check();
  expect(asked()).toMatchObject({ secret: 's', timeoutSeconds: 2.5, allowDisruptive: true });
  expect(asked()).not.toHaveProperty('token');
  stores.contractTarget.choose({ way: 'none', timeout: 'soon', allowDisruptive: false });
  await stores.contract.check();
  expect(Object.keys(asked() as object)).toEqual(['runId', 'target']);
});

it('shows rechecked clauses as they arrive, and replaces their verdicts', async () => {
  const checks = [check('health', 'failed'), check('info', 'failed')];
  let finish: (made: ConformanceReport) => void = () => undefined;
  const { stores, ...stub } = stubStores({
    ...QUIET,
    checkContract: () => report({ checks }),
    recheckClauses: () => new Promise((resolve) => (finish = resolve)),
  });
  onTestFinished(stores.contract.start());
  await stores.contract.check();
  const again = stores.contract.recheck(['health']);
  await stores.contract.recheck(['info']);
  const runId = stores.contract.store.getState().run?.id ?? '';
  expect(stub.calls.at(-1)).toEqual({
    name: 'recheckClauses',
    argument: { runId, reportId: 'r', clauses: ['health'] },
  });
  stub.emit('checkProgress', { runId, done: 1, total: 1, title: '', check: check('health') });
  expect(stores.contract.store.getState().run).toMatchObject({
    again: ['health'],
    checks: [check('health')],
  });
  const fresh = report({ checks: [check('health'), check('info', 'failed')] });
  finish(fresh);
  await again;
  const shown = stores.contract.store.getState();
  expect(shown).toMatchObject({ run: null, report: { value: fresh } });
  expect(shown.ownReport).toBe(shown.report);
});

it('rechecks all clauses of a group, and no others', async () => {
  const inGroup = (id: string, group: string) => ({ ...check(id), group });
  const checks = [inGroup('health', 'Health'), inGroup('cors', 'CORS'), inGroup('plugins', 'Health')];
  const { stores, ...stub } = stubStores({
    ...QUIET,
    checkContract: () => report({ checks }),
    recheckClauses: () => report({ checks }),
  });
  await stores.contract.recheckGroup('Health');
  expect(stub.calls).toEqual([]);
  await stores.contract.check();
  await stores.contract.recheckGroup('Health');
  const asked = stub.calls.find(({ name }) => name === 'recheckClauses')?.argument;
  expect(asked).toMatchObject({ clauses: ['health', 'plugins'] });
});

it('leaves the report unchanged when a clause could not be rechecked', async () => {
  const { stores, announced } = stubStores({
    ...QUIET,
    checkContract: () => report({}),
    recheckClauses: () => {
      throw new Refusal('NOT_FOUND', 'no longer exists');
    },
  });
  await stores.contract.check();
  const before = stores.contract.store.getState();
  await stores.contract.recheck(['health']);
  expect(stores.contract.store.getState()).toEqual(before);
  expect(announced.map(({ title, text }) => [title, text])).toEqual([
    ['Could not check the clause', 'no longer exists'],
  ]);
});
