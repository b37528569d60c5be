import { expect, it, vi } from 'vitest';
import type { RuntimeSnapshot } from '../../../../main/contract/snapshot.ts';
import type { TokenSetup } from '../../../../main/contract/token.ts';
import { Refusal } from '../../support/stub-bridge.ts';
import { stubStores } from '../../support/stub-stores.ts';

const setup = (mode: TokenSetup['mode']) => ({ mode }) as TokenSetup;
const snapshot = {} as RuntimeSnapshot;

it('fetches the settings again when the runtime changed, while it is followed', async () => {
  const { stores, calls, answers, emit } = stubStores({ tokenSetup: () => setup('local') });
  const { store, follow } = stores.tokenSetup;
  const unsubscribe = follow();
  emit('snapshot', snapshot);
  await vi.waitFor(() => expect(store.getState().setup).toMatchObject({ value: { mode: 'local' } }));
  answers.tokenSetup = () => setup('external');
  emit('snapshot', snapshot);
  await vi.waitFor(() => expect(store.getState().setup).toMatchObject({ value: { mode: 'external' } }));
  unsubscribe();
  emit('snapshot', snapshot);
  expect(calls).toHaveLength(2);
});

it('keeps the settings that it has when fetching them again fails', async () => {
  const { stores, answers } = stubStores({ tokenSetup: () => setup('local') });
  const { store, refresh } = stores.tokenSetup;
  await refresh();
  answers.tokenSetup = () => {
    throw new Refusal('INTERNAL_ERROR', 'stopping');
  };
  await refresh();
  expect(store.getState().setup).toMatchObject({ state: 'ready' });
});
