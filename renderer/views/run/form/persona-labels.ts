import { useStore } from 'zustand';
import type { PersonaId, PersonaView } from '../../../../main/contract/run.ts';
import { useStores } from '../../../components/use-stores.tsx';
import { readyValue } from '../../../state/app/loadable.ts';

/** A persona's label; its id until the personas are loaded. */
export function personaLabel(persona: PersonaId, personas: readonly PersonaView[] | undefined): string {
  return personas?.find(({ id }) => id === persona)?.label ?? persona;
}

export function usePersonaLabel(persona: PersonaId): string {
  const { store } = useStores().personas;
  return useStore(store, ({ personas }) => personaLabel(persona, readyValue(personas)));
}
