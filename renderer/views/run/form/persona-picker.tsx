import { Checkbox, Popover, UnstyledButton } from '@mantine/core';
import { IconSelector, IconUsers } from '@tabler/icons-react';
import { useEffect, useId } from 'react';
import { useStore } from 'zustand';
import type { PersonaId, PersonaView } from '../../../../main/contract/run.ts';
import { LoadState } from '../../../components/status/states.tsx';
import { useStores } from '../../../components/use-stores.tsx';
import { readyValue } from '../../../state/app/loadable.ts';
import { personaLabel } from './persona-labels.ts';
import classes from './persona-picker.module.css';

/** Selects the personas to run as; one that can't be used here says why. */
export function PersonaPicker() {
  const { personas, runForm } = useStores();
  const load = useStore(personas.store, (state) => state.personas);
  const chosen = useStore(runForm.store, ({ choices }) => choices.personas);
  const label = useId();
  useEffect(() => {
    if (personas.store.getState().personas.state === 'ready') return;
    personas.refresh().catch((error) => console.error('personas not loaded', error));
  }, [personas]);
  return (
    <Popover width={340} position="bottom-end" trapFocus>
      <Popover.Target>
        <UnstyledButton
          className={classes.field ?? ''}
          aria-label={`Personas: ${formatNames(chosen, readyValue(load))}`}
        >
          <IconUsers size={14} aria-hidden />
          <span className={classes.names}>{formatNames(chosen, readyValue(load))}</span>
          <IconSelector size={14} aria-hidden />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className={classes.list ?? ''} aria-labelledby={label}>
        <div id={label} className={classes.title}>
          Run as every selected persona
        </div>
        <LoadState load={load} what="Personas" onRetry={personas.refresh}>
          {(all) => all.map((persona) => <Choice key={persona.id} persona={persona} chosen={chosen} />)}
        </LoadState>
      </Popover.Dropdown>
    </Popover>
  );
}

function formatNames(chosen: readonly PersonaId[], personas: readonly PersonaView[] | undefined): string {
  if (chosen.length === 0) return 'Select personas';
  return chosen.map((id) => personaLabel(id, personas)).join(', ');
}

function Choice({
  persona,
  chosen,
}: {
  readonly persona: PersonaView;
  readonly chosen: readonly PersonaId[];
}) {
  const { id, label, description, unavailable } = persona;
  const { ui, runForm } = useStores();
  const hasToken = useStore(ui.store, ({ customToken }) => customToken !== '');
  const isChosen = chosen.includes(id);
  const needsToken = id === 'custom' && !hasToken && isChosen;
  return (
    <Checkbox
      label={label}
      description={unavailable ?? (needsToken ? 'Paste a token into the field below.' : description)}
      checked={isChosen}
      // One that was selected elsewhere can still be deselected.
      disabled={unavailable !== null && !isChosen}
      onChange={() => runForm.togglePersona(id)}
      size="xs"
      classNames={{
        root: classes.choice ?? '',
        label: classes.label ?? '',
        description: classes.about ?? '',
      }}
    />
  );
}
