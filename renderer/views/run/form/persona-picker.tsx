import { Checkbox, Popover, UnstyledButton } from '@mantine/core';
import { IconSelector, IconUsers } from '@tabler/icons-react';
import { useEffect, useId } from 'react';
import { useStore } from 'zustand';
import type { PersonaId, PersonaView } from '../../../../main/contract/run.ts';
import { LoadState } from '../../../components/status/states.tsx';
import { useStores } from '../../../components/use-stores.tsx';
import { readyValue } from '../../../state/app/loadable.ts';

import classes from './persona-picker.module.css';
import { runChoices, togglePersona } from './run-choices.ts';

/** Chooses the personas that make the call together; one that can't be used here says why. */
export function PersonaPicker() {
  const stores = useStores();
  const load = useStore(stores.personas.store, ({ personas }) => personas);
  const chosen = useStore(runChoices, ({ personas }) => personas);
  const label = useId();
  useEffect(() => {
    if (stores.personas.store.getState().personas.state !== 'ready') stores.personas.refresh();
  }, []);
  return (
    <Popover width={340} position="bottom-end" trapFocus>
      <Popover.Target>
        <UnstyledButton
          className={classes.field ?? ''}
          aria-label={`Personas: ${namesOf(chosen, readyValue(load))}`}
        >
          <IconUsers size={14} aria-hidden />
          <span className={classes.names}>{namesOf(chosen, readyValue(load))}</span>
          <IconSelector size={14} aria-hidden />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className={classes.list ?? ''} aria-labelledby={label}>
        <div id={label} className={classes.title}>
          Call as each of them at once
        </div>
        <LoadState load={load} what="Personas" onRetry={stores.personas.refresh}>
          {(personas) =>
            personas.map((persona) => <Choice key={persona.id} persona={persona} chosen={chosen} />)
          }
        </LoadState>
      </Popover.Dropdown>
    </Popover>
  );
}

function namesOf(chosen: readonly PersonaId[], personas: readonly PersonaView[] | undefined): string {
  if (chosen.length === 0) return 'Choose some';
  return chosen.map((id) => personas?.find((persona) => persona.id === id)?.label ?? id).join(', ');
}

function Choice({
  persona,
  chosen,
}: {
  readonly persona: PersonaView;
  readonly chosen: readonly PersonaId[];
}) {
  const stores = useStores();
  const { id, label, description, unavailable } = persona;
  const hasToken = useStore(stores.ui.store, ({ customToken }) => customToken !== '');
  const isChosen = chosen.includes(id);
  const needsToken = id === 'custom' && !hasToken && isChosen;
  return (
    <Checkbox
      label={label}
      description={unavailable ?? (needsToken ? 'Paste its token into the field below.' : description)}
      checked={isChosen}
      // One that was chosen elsewhere can be taken away again.
      disabled={unavailable !== null && !isChosen}
      onChange={() => togglePersona(id)}
      size="xs"
      classNames={{
        root: classes.choice ?? '',
        label: classes.label ?? '',
        description: classes.about ?? '',
      }}
    />
  );
}
