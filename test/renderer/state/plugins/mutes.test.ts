import { describe, expect, it } from 'vitest';
import { Refusal } from '../../support/stub-bridge.ts';
import { stubStores } from '../../support/stub-stores.ts';

describe('muting a collection', () => {
  it('says what is muted then, and takes it back on request', async () => {
    const { stores, announced } = stubStores({
      muteCollection: ({ collection }) => [collection, 'zones'],
      unmuteCollection: () => ['zones'],
    });
    await stores.mutes.mute('catalogue');
    expect(stores.mutes.store.getState().muted).toMatchObject({ value: ['catalogue', 'zones'] });
    expect(announced).toMatchObject([{ title: 'catalogue muted', action: { label: 'Undo' } }]);
    await announced[0]?.action?.run();
    expect(stores.mutes.store.getState().muted).toMatchObject({ value: ['zones'] });
  });

  it('announces why one can’t be muted, and leaves the others as they are', async () => {
    const { stores, announced } = stubStores({
      mutedCollections: () => ['zones'],
      muteCollection: () => {
        throw new Refusal('CONFLICT', 'At most 200 collections can be muted: unmute one first');
      },
    });
    await stores.mutes.refresh();
    await stores.mutes.mute('tasks');
    expect(announced).toMatchObject([
      {
        tone: 'bad',
        title: 'tasks not muted',
        text: 'At most 200 collections can be muted: unmute one first',
      },
    ]);
    expect(stores.mutes.store.getState().muted).toMatchObject({ value: ['zones'] });
  });
});
