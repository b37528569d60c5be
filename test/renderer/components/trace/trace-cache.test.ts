import { beforeEach, expect, test } from 'vitest';
import { loadTrace, traceCache } from '../../../../renderer/components/trace/trace-cache.ts';
import { Refusal } from '../../support/stub-bridge.ts';
import { stubStores } from '../../support/stub-stores.ts';
import { aTrace } from '../../support/trace-fixture.ts';

beforeEach(() => traceCache.setState({ entries: new Map() }));

const entry = (id: string) => traceCache.getState().entries.get(id);

test('a trace is fetched once', async () => {
  const stub = stubStores({ trace: ({ id }) => aTrace({ id }) });
  await Promise.all([loadTrace('a'), loadTrace('a')]);
  await loadTrace('a');
  expect(stub.calls).toHaveLength(1);
  expect(entry('a')).toMatchObject({ state: 'ready', value: { id: 'a' } });
});

test('one that is not kept is a visible failure, and can be asked for again', async () => {
  const stub = stubStores({
    trace() {
      throw new Refusal('NOT_FOUND', 'not kept any more');
    },
  });
  await loadTrace('a');
  expect(entry('a')).toMatchObject({ state: 'failed', error: { code: 'NOT_FOUND' } });
  stub.answers.trace = ({ id }) => aTrace({ id });
  await loadTrace('a');
  expect(entry('a')).toMatchObject({ state: 'ready' });
});

test('patience waits for a trace that is about to be recorded', async () => {
  let asked = 0;
  stubStores({
    trace({ id }) {
      asked += 1;
      if (asked < 3) throw new Refusal('NOT_FOUND', 'not yet');
      return aTrace({ id });
    },
  });
  await loadTrace('a', { patient: true });
  expect(asked).toBe(3);
  expect(entry('a')).toMatchObject({ state: 'ready' });
});

test('patience is for missing traces only', async () => {
  const stub = stubStores({
    trace() {
      throw new Refusal('NOT_READY', 'stopping');
    },
  });
  await loadTrace('a', { patient: true });
  expect(stub.calls).toHaveLength(1);
});

test('only the last few stay', async () => {
  stubStores({ trace: ({ id }) => aTrace({ id }) });
  for (let at = 0; at < 30; at++) await loadTrace(String(at));
  expect(entry('0')).toBeUndefined();
  expect(entry('29')).toMatchObject({ state: 'ready' });
  expect(traceCache.getState().entries.size).toBeLessThanOrEqual(24);
});
