import { expect, it, onTestFinished, vi } from 'vitest';
import type { RuntimeSnapshot } from '../../../../main/contract/snapshot.ts';
import { Refusal } from '../../support/stub-bridge.ts';
import { stubStores } from '../../support/stub-stores.ts';

const snapshot = (appName: string): RuntimeSnapshot =>
  ({ appName, plugins: [] }) as unknown as RuntimeSnapshot;

it('the snapshot is fetched at each opening and replaced by each event', async () => {
  let name = 'first';
  const { stores, ...stub } = stubStores({ snapshot: () => snapshot(name) });
  onTestFinished(stores.runtime.start());
  stub.connect('open');
  await vi.waitFor(() =>
    expect(stores.runtime.store.getState().snapshot).toMatchObject({ value: { appName: 'first' } }),
  );
  stub.emit('snapshot', snapshot('pushed'));
  expect(stores.runtime.store.getState().snapshot).toMatchObject({ value: { appName: 'pushed' } });
  name = 'second';
  stub.connect('lost');
  expect(stores.runtime.store.getState().connection.state).toBe('lost');
  stub.connect('open');
  await vi.waitFor(() =>
    expect(stores.runtime.store.getState().snapshot).toMatchObject({ value: { appName: 'second' } }),
  );
});

it('a failed refresh shows only where there is nothing older to show', async () => {
  const refuse = () => {
    throw new Refusal('NOT_READY', 'stopping');
  };
  const { stores, ...stub } = stubStores({ snapshot: refuse });
  await stores.runtime.refresh();
  expect(stores.runtime.store.getState().snapshot).toEqual({
    state: 'failed',
    error: { code: 'NOT_READY', message: 'stopping' },
  });
  stub.answers.snapshot = () => snapshot('there');
  await stores.runtime.refresh();
  stub.answers.snapshot = refuse;
  await stores.runtime.refresh();
  expect(stores.runtime.store.getState().snapshot).toMatchObject({
    state: 'ready',
    value: { appName: 'there' },
  });
});
