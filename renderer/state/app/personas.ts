import { createStore } from 'zustand/vanilla';
import type { PersonaView } from '../../../main/contract/run.ts';
import type { Inspector } from '../../bridge.ts';
import { LOADING, type Loadable, settle } from './loadable.ts';

export interface PersonasState {
  readonly personas: Loadable<readonly PersonaView[]>;
}

export type PersonaStore = ReturnType<typeof createPersonaStore>;

interface PersonaDeps {
  readonly inspector: Inspector;
}

export function createPersonaStore({ inspector }: PersonaDeps) {
  const store = createStore<PersonasState>()(() => ({ personas: LOADING }));

  /**
   * Fetches the personas; their claims hold relative times, so a screen that shows them fetches them again.
   */
  async function refresh(): Promise<void> {
    const personas = await settle(inspector.call('personas', null));
    store.setState({ personas });
  }
  return {
    store,
    refresh,
  };
}
