import { ActionIcon, Tooltip } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { useCommands } from '../../../components/controls/use-commands.ts';
import { plural } from '../../../components/text/format.ts';
import { readyValue } from '../../../state/app/loadable.ts';
import { useEvents } from './use-events.ts';

/** "14 events" */
export function EventNote() {
  const count = useStore(useEvents().store, (state) => readyValue(state.events)?.length);
  return count === undefined ? null : <span className="tabular">{plural(count, 'event')}</span>;
}

export function EventActions() {
  const events = useEvents();
  const none = useStore(events.store, (state) => (readyValue(state.events) ?? []).length === 0);
  useCommands([
    {
      id: 'events.clear',
      title: 'Clear events',
      group: 'This screen',
      icon: IconTrash,
      unavailable: none ? 'There is nothing to clear' : null,
      run: events.clear,
    },
  ]);
  return (
    <Tooltip label="Clear events">
      <ActionIcon onClick={events.clear} disabled={none} aria-label="Clear events">
        <IconTrash size={16} />
      </ActionIcon>
    </Tooltip>
  );
}
