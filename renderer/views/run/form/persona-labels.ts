import { useStore } from 'zustand';
import type { PersonaId, PersonaView } from '../../../../main/contract/run.ts';
import { useStores } from '../../../components/use-stores.tsx';
import { readyValue } from '../../../state/app/loadable.ts';

/** What a persona is called; its id until the personas are there. */
export function labelOf(persona: PersonaId, personas: readonly PersonaView[] | undefined): string {
  return personas?.find(({ id }) => id === persona)?.label ?? persona;
}

export function usePersonaLabel(persona: PersonaId): string {
  const stores = useStores();
  return useStore(stores.personas.store, ({ personas }) => labelOf(persona, readyValue(personas)));
}
