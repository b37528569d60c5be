import { Button, Loader } from '@mantine/core';
import { IconListDetails } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { EmptyState } from '../../../components/status/states.tsx';
import { plural } from '../../../components/text/format.ts';
import { traceStore } from '../../../state/traces/trace-store.ts';
import { clearFilters, isFiltered } from './trace-filters.ts';
import { TracesEmpty } from './traces-empty.tsx';

/** Shown in place of rows: why there are none, or none yet. */
export function NoRows() {
  const { filters, file, searched, reading, kept } = useStore(traceStore);
  if (searched !== null) {
    return (
      <EmptyState
        icon={IconListDetails}
        title="Searching…"
        text={`No match so far in the newest ${plural(searched, 'trace')} of ${plural(kept, 'trace')}.`}
        action={<Loader size="sm" />}
      />
    );
  }
  if (reading) {
    return (
      <EmptyState
        icon={IconListDetails}
        title="Reading earlier traces…"
        text="They appear here as they are read from disk."
        action={<Loader size="sm" />}
      />
    );
  }
  if (!isFiltered(filters)) return file === null ? <TracesEmpty /> : <EmptyFile />;
  return (
    <EmptyState
      icon={IconListDetails}
      title="No matching traces"
      text={file === null ? 'New matching traces appear here.' : 'Nothing in this file matches the filters.'}
      action={<Button onClick={clearFilters}>Clear filters</Button>}
    />
  );
}

function EmptyFile() {
  return (
    <EmptyState
      icon={IconListDetails}
      title="No traces in this file"
      text="The file was exported without any traces."
    />
  );
}
