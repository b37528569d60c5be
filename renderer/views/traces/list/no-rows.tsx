import { Button, Loader } from '@mantine/core';
import { IconListDetails } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { EmptyState } from '../../../components/status/states.tsx';
import { plural } from '../../../components/text/format.ts';
import { traceStore } from '../../../state/traces/trace-store.ts';
import { clearFilters, isFiltered } from './trace-filters.ts';
import { TracesEmpty } from './traces-empty.tsx';

/** What stands where rows would be: why there are none, or none yet. */
export function NoRows() {
  const { filters, file, searched, reading, kept } = useStore(traceStore);
  if (searched !== null) {
    return (
      <EmptyState
        icon={IconListDetails}
        title="Searching…"
        text={`No match in the newest ${plural(searched, 'trace')} so far, of ${plural(kept, 'trace')}.`}
        action={<Loader size="sm" />}
      />
    );
  }
  if (reading) {
    return (
      <EmptyState
        icon={IconListDetails}
        title="Reading earlier traces…"
        text="They appear here as they are read from the disk."
        action={<Loader size="sm" />}
      />
    );
  }
  if (!isFiltered(filters)) return file === null ? <TracesEmpty /> : <EmptyFile />;
  return (
    <EmptyState
      icon={IconListDetails}
      title="No trace matches"
      text={
        file === null
          ? 'New ones that match appear here by themselves.'
          : 'Nothing in this file matches the filters.'
      }
      action={<Button onClick={clearFilters}>Clear filters</Button>}
    />
  );
}

function EmptyFile() {
  return (
    <EmptyState
      icon={IconListDetails}
      title="No traces in this file"
      text="It was exported while there was nothing to export."
    />
  );
}
