import { expect, it, vi } from 'vitest';
import type { TraceSummary } from '../../../../../main/contract/trace.ts';
import { LOADING, type Loadable } from '../../../../../renderer/state/app/loadable.ts';
import { followCalls } from '../../../../../renderer/views/run/result/recent-calls.tsx';
import { type Answers, traceSummary } from '../../../support/stub-bridge.ts';
import { stubStores } from '../../../support/stub-stores.ts';

function follow(answers: Answers) {
  const stub = stubStores(answers);
  let calls: Loadable<readonly TraceSummary[]> = LOADING;
  const unsubscribe = followCalls(stub.stores.inspector, 'echo', (change) => {
    calls = change(calls);
  });
  const seqs = () => (calls.state === 'ready' ? calls.value.map(({ seq }) => seq) : calls.state);
  return { ...stub, unsubscribe, seqs };
}

const pageOf = (traces: TraceSummary[]) => ({ traces, matched: 0, kept: 0, dropped: 0 });

it('lists the latest calls of the plugin, newest first, at most six', async () => {
  const { connect, emit, seqs } = follow({ traces: () => pageOf([traceSummary(2), traceSummary(1)]) });
  connect('open');
  await vi.waitFor(() => expect(seqs()).toEqual([2, 1]));
  const traces = [2, 3, 4, 5, 6, 7, 8].map((seq) =>
    traceSummary(seq, { plugin: seq === 4 ? 'other' : 'echo' }),
  );
  emit('traces', { traces, kept: 8, dropped: 0 });
  expect(seqs()).toEqual([8, 7, 6, 5, 3, 2]);
});

it('ignores an answer that arrives after it was unsubscribed', async () => {
  let answer: () => void = () => undefined;
  const { connect, calls, unsubscribe, seqs } = follow({
    traces: () => new Promise((resolve) => (answer = () => resolve(pageOf([traceSummary(1)])))),
  });
  connect('open');
  await vi.waitFor(() => expect(calls).toHaveLength(1));
  unsubscribe();
  answer();
  await new Promise((resolve) => setImmediate(resolve));
  expect(seqs()).toBe('loading');
});
