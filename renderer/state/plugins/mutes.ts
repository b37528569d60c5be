import { createStore } from 'zustand/vanilla';
import type { Inspector } from '../../bridge.ts';
import type { Announcements } from '../app/announcements.ts';
import { LOADING, type Loadable, ready, settle, toFailure } from '../app/loadable.ts';

export interface MutesState {
  /** The collections where nothing is "not scoped", sorted. */
  readonly muted: Loadable<readonly string[]>;
}

export type MutesStore = ReturnType<typeof createMutesStore>;

interface MutesDeps {
  readonly inspector: Inspector;
  readonly announcements: Announcements;
}

/** Collections that hold documents of no user, as the author says. */
export function createMutesStore({ inspector, announcements }: MutesDeps) {
  const store = createStore<MutesState>()(() => ({ muted: LOADING }));

  async function refresh(): Promise<void> {
    const muted = await settle(inspector.call('mutedCollections', null));
    store.setState({ muted });
  }

  /** Announces it with a way back, or why it failed. Never rejects. */
  async function mute(collection: string): Promise<void> {
    const done = await change('muteCollection', collection, `${collection} not muted`);
    if (!done) return;
    announcements.announce({
      tone: 'plain',
      title: `${collection} muted`,
      text: 'From the next call on, nothing is “not scoped” there.',
      key: `mute:${collection}`,
      action: { label: 'Undo', run: () => unmute(collection) },
    });
  }

  /** Never rejects: failures are announced. */
  async function unmute(collection: string): Promise<void> {
    await change('unmuteCollection', collection, `${collection} still muted`);
  }

  async function change(
    name: 'muteCollection' | 'unmuteCollection',
    collection: string,
    failure: string,
  ): Promise<boolean> {
    try {
      const muted = await inspector.call(name, { collection });
      store.setState({ muted: ready(muted) });
      return true;
    } catch (error) {
      announcements.announce({
        tone: 'bad',
        title: failure,
        text: toFailure(error).message,
        key: `mute:${collection}`,
      });
      return false;
    }
  }

  return {
    store,
    refresh,
    mute,
    unmute,
  };
}
