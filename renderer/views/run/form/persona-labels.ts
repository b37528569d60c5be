import { useStore } from 'zustand';
import type { PersonaId, PersonaView } from '../../../../main/contract/run.ts';
import { readyValue } from '../../../state/app/loadable.ts';
import { personaStore } from '../../../state/app/personas.ts';

/** A persona's label; its id until the personas are loaded. */
export function personaLabel(persona: PersonaId, personas: readonly PersonaView[] | undefined): string {
  return personas?.find(({ id }) => id === persona)?.label ?? persona;
}

export function usePersonaLabel(persona: PersonaId): string {
  return useStore(personaStore, ({ personas }) => personaLabel(persona, readyValue(personas)));
}
