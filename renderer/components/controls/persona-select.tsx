import { Select, Text } from '@mantine/core';
import { IconUser } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { PERSONAS, type PersonaId, type PersonaView } from '../../../main/contract/run.ts';
import { readyValue } from '../../state/app/loadable.ts';
import { useStores } from '../use-stores.tsx';

export interface PersonaSelectProps {
  readonly value: PersonaId;
  readonly onChange: (persona: PersonaId) => void;
  readonly label?: string;
  readonly disabled?: boolean;
}

/** Selects the persona of a call; one that can't be used here says why. */
export function PersonaSelect({ value, onChange, label, disabled = false }: PersonaSelectProps) {
  const stores = useStores();
  const load = useStore(stores.personas.store, ({ personas }) => personas);
  useEffect(() => {
    if (stores.personas.store.getState().personas.state === 'ready') return;
    stores.personas.refresh().catch((error) => console.error('personas not loaded', error));
  }, []);
  const personas = readyValue(load) ?? [];
  const byId = new Map(personas.map((persona) => [persona.id as string, persona]));
  return (
    <Select
      label={label}
      aria-label={label ?? 'Persona'}
      leftSection={<IconUser size={14} />}
      data={dataOf(personas)}
      value={value}
      disabled={disabled || load.state === 'loading'}
      error={load.state === 'failed' ? load.error.message : undefined}
      allowDeselect={false}
      comboboxProps={{ width: 300, position: 'bottom-start' }}
      renderOption={({ option }) => <Option persona={byId.get(option.value)} label={option.label} />}
      onChange={(chosen) => {
        const persona = PERSONAS.find((id) => id === chosen);
        if (persona) onChange(persona);
      }}
    />
  );
}

function dataOf(personas: readonly PersonaView[]) {
  return personas.map(({ id, label, unavailable }) => ({ value: id, label, disabled: unavailable !== null }));
}

function Option({ persona, label }: { persona: PersonaView | undefined; label: string }) {
  return (
    <div>
      <div>{label}</div>
      <Text size="xs" c="dimmed">
        {persona?.unavailable ?? persona?.description}
      </Text>
    </div>
  );
}
