import { beforeEach, expect, it } from 'vitest';
import { loadTrace, traceCache } from '../../../../renderer/components/trace/trace-cache.ts';
import { Refusal, stubBridge } from '../../support/stub-bridge.ts';
import { aTrace } from '../../support/trace-fixture.ts';

beforeEach(() => traceCache.setState({ entries: new Map() }));

const entry = (id: string) => traceCache.getState().entries.get(id);

it('fetches a trace once', async () => {
  const stub = stubBridge({ trace: ({ id }) => aTrace({ id }) });
  await Promise.all([loadTrace('a'), loadTrace('a')]);
  await loadTrace('a');
  expect(stub.calls).toHaveLength(1);
  expect(entry('a')).toMatchObject({ state: 'ready', value: { id: 'a' } });
});

it('shows a missing trace as a failure, and can retry', async () => {
  const stub = stubBridge({
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

it('waits for a trace that is about to be recorded', async () => {
  let asked = 0;
  stubBridge({
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

it('waits for missing traces only', async () => {
  const stub = stubBridge({
    trace() {
      throw new Refusal('NOT_READY', 'stopping');
    },
  });
  await loadTrace('a', { patient: true });
  expect(stub.calls).toHaveLength(1);
});

it('retains only the last few', async () => {
  stubBridge({ trace: ({ id }) => aTrace({ id }) });
  for (let at = 0; at < 30; at++) await loadTrace(String(at));
  expect(entry('0')).toBeUndefined();
  expect(entry('29')).toMatchObject({ state: 'ready' });
  expect(traceCache.getState().entries.size).toBeLessThanOrEqual(24);
});
