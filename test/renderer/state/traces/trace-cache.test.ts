import { expect, it } from 'vitest';
import { type Answers, Refusal } from '../../support/stub-bridge.ts';
import { stubStores } from '../../support/stub-stores.ts';
import { aTrace } from '../../support/trace-fixture.ts';

function openCache(answers: Answers) {
  const stub = stubStores(answers);
  const { store, load } = stub.stores.traceCache;
  return { ...stub, store, load, entry: (id: string) => store.getState().entries.get(id) };
}

it('fetches a trace once', async () => {
  const { calls, load, entry } = openCache({ trace: ({ id }) => aTrace({ id }) });
  await Promise.all([load('a'), load('a')]);
  await load('a');
  expect(calls).toHaveLength(1);
  expect(entry('a')).toMatchObject({ state: 'ready', value: { id: 'a' } });
});

it('fetches a trace of a file from that file', async () => {
  const { calls, load } = openCache({ trace: ({ id }) => aTrace({ id }) });
  await load('a@f1');
  expect(calls).toMatchObject([{ argument: { id: 'a', file: 'f1' } }]);
});

it('shows a missing trace as a failure without asking twice, and can retry', async () => {
  const { answers, calls, load, entry } = openCache({
    trace() {
      throw new Refusal('NOT_FOUND', 'no longer exists');
    },
  });
  await load('a');
  expect(entry('a')).toMatchObject({ state: 'failed', error: { code: 'NOT_FOUND' } });
  expect(calls).toHaveLength(1);
  answers.trace = ({ id }) => aTrace({ id });
  await load('a');
  expect(entry('a')).toMatchObject({ state: 'ready' });
});

it('shows any other failure', async () => {
  const { calls, load, entry } = openCache({
    trace() {
      throw new Refusal('NOT_READY', 'stopping');
    },
  });
  await load('a');
  expect(calls).toHaveLength(1);
  expect(entry('a')).toMatchObject({ state: 'failed', error: { code: 'NOT_READY' } });
});

it('retains only the last few', async () => {
  const { load, entry, store } = openCache({ trace: ({ id }) => aTrace({ id }) });
  for (let at = 0; at < 30; at++) await load(String(at));
  expect(entry('0')).toBeUndefined();
  expect(entry('29')).toMatchObject({ state: 'ready' });
  expect(store.getState().entries.size).toBeLessThanOrEqual(24);
});
