import { expect, it, vi } from 'vitest';
import type { RunAnswer } from '../../../../main/contract/run.ts';
import { runAnswer } from '../../support/run-answer.ts';
import { Refusal } from '../../support/stub-bridge.ts';
import { stubStores } from '../../support/stub-stores.ts';

it('opens the new trace and keeps the filters', async () => {
  const { page, stores } = stubStores(
    { replay: () => runAnswer({ traceId: 'new' }) },
    { hash: '/traces/old?plugin=echo' },
  );
  await stores.replay.start({ id: 'old', file: null }, 'admin');
  expect(page.hash()).toBe('/traces/new?plugin=echo');
  expect(stores.replay.store.getState().running).toBeNull();
});

it('stays where the user navigated meanwhile', async () => {
  const { page, stores } = stubStores(
    {
      replay() {
        page.writeHash('/traces/other');
        return runAnswer({ traceId: 'new' });
      },
    },
    { hash: '/traces/old' },
  );
  await stores.replay.start({ id: 'old', file: null }, 'user');
  expect(page.hash()).toBe('/traces/other');
});

it('shows why it failed, and can be retried', async () => {
  const { announced, stores } = stubStores(
    {
      replay() {
        throw new Refusal('BAD_REQUEST', 'The body was stored only in part');
      },
    },
    { hash: '/traces/old' },
  );
  await stores.replay.start({ id: 'old', file: null }, 'user');
  expect(announced).toMatchObject([
    { tone: 'bad', title: 'Not replayed', text: 'The body was stored only in part' },
  ]);
  expect(stores.replay.store.getState().running).toBeNull();
});

it('runs one at a time, and cancels by run id', async () => {
  let finish: (answer: RunAnswer) => void = () => undefined;
  const { stores, ...stub } = stubStores(
    {
      replay: () => new Promise<RunAnswer>((resolve) => (finish = resolve)),
      cancelRun: () => null,
    },
    { hash: '/traces/old' },
  );
  const first = stores.replay.start({ id: 'old', file: null }, 'user');
  await stores.replay.start({ id: 'old', file: null }, 'user');
  const runId = stores.replay.store.getState().running?.runId;
  await stores.replay.cancel();
  await vi.waitFor(() => expect(stub.calls).toHaveLength(2));
  expect(stub.calls).toMatchObject([{ name: 'replay' }, { name: 'cancelRun', argument: { runId } }]);
  finish(runAnswer({ traceId: null }));
  await first;
});
