import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { RuntimeSnapshot } from '../../../../main/contract/snapshot.ts';
import { LOADING } from '../../../../renderer/state/app/loadable.ts';
import { refreshRuntime, runtimeStore, startRuntime } from '../../../../renderer/state/app/runtime.ts';
import { Refusal, stubBridge } from '../../support/stub-bridge.ts';

beforeEach(() => runtimeStore.setState({ snapshot: LOADING }));

const snapshot = (appName: string): RuntimeSnapshot =>
  ({ appName, plugins: [] }) as unknown as RuntimeSnapshot;

test('the snapshot is fetched at each opening and replaced by each event', async () => {
  let name = 'first';
  const stub = stubBridge({ snapshot: () => snapshot(name) });
  onTestFinished(startRuntime());
  stub.connect('open');
  await vi.waitFor(() =>
    expect(runtimeStore.getState().snapshot).toMatchObject({ value: { appName: 'first' } }),
  );
  stub.emit('snapshot', snapshot('pushed'));
  expect(runtimeStore.getState().snapshot).toMatchObject({ value: { appName: 'pushed' } });
  name = 'second';
  stub.connect('lost');
  expect(runtimeStore.getState().connection.state).toBe('lost');
  stub.connect('open');
  await vi.waitFor(() =>
    expect(runtimeStore.getState().snapshot).toMatchObject({ value: { appName: 'second' } }),
  );
});

test('a failed refresh shows only where there is nothing older to show', async () => {
  const refuse = () => {
    throw new Refusal('NOT_READY', 'stopping');
  };
  const stub = stubBridge({ snapshot: refuse });
  await refreshRuntime();
  expect(runtimeStore.getState().snapshot).toEqual({
    state: 'failed',
    error: { code: 'NOT_READY', message: 'stopping' },
  });
  stub.answers.snapshot = () => snapshot('there');
  await refreshRuntime();
  stub.answers.snapshot = refuse;
  await refreshRuntime();
  expect(runtimeStore.getState().snapshot).toMatchObject({ state: 'ready', value: { appName: 'there' } });
});
