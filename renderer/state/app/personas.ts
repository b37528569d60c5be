import { createStore } from 'zustand/vanilla';
import type { PersonaView } from '../../../main/contract/run.ts';
import { call } from '../../bridge.ts';
import { LOADING, type Loadable, settle } from './loadable.ts';

export interface PersonasState {
  readonly personas: Loadable<readonly PersonaView[]>;
}

export const personaStore = createStore<PersonasState>()(() => ({ personas: LOADING }));

/** Fetches the personas; their claims hold relative times, so a screen that shows them asks anew. */
export async function refreshPersonas(): Promise<void> {
  const personas = await settle(call('personas', null));
  personaStore.setState({ personas });
}
