import { ActionIcon, Tooltip } from '@mantine/core';
import { IconDownload, IconFolderOpen } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { useCommands } from '../../../components/controls/use-commands.ts';
import { plural } from '../../../components/text/format.ts';
import { listLength } from '../../../state/traces/trace-pages.ts';
import { traceStore } from '../../../state/traces/trace-store.ts';
import { ExportMenu } from '../files/export-menu.tsx';
import { exportStore, exportTraces, shownChoice } from '../files/export-store.ts';
import { fileStore, pickTraceFile } from '../files/file-store.ts';
import { isFiltered } from './trace-filters.ts';

/** Exports traces to a file, and opens such a file. */
export function FileControls() {
  const none = useStore(traceStore, (state) => listLength(state) === 0);
  const exporting = useStore(exportStore, ({ running }) => running);
  const opening = useStore(fileStore, (state) => state.opening);
  const nothing = none ? 'No traces to export' : null;
  useCommands([
    {
      ...{ id: 'traces.export', title: 'Export the shown traces as JSON', group: 'This screen' },
      ...{ icon: IconDownload, unavailable: nothing, run: () => exportTraces('json', shownChoice()) },
    },
    {
      ...{ id: 'traces.export-har', title: 'Export the shown traces as HAR', group: 'This screen' },
      ...{ icon: IconDownload, unavailable: nothing, run: () => exportTraces('har', shownChoice()) },
    },
    {
      ...{ id: 'traces.open', title: 'Open a file of traces', group: 'This screen', keys: 'O' },
      ...{ icon: IconFolderOpen, run: pickTraceFile },
    },
  ]);
  return (
    <>
      <ExportMenu choice={shownChoice} title={<ShownCount />} tooltip={nothing ?? 'Export the shown traces'}>
        <ActionIcon aria-label="Export the shown traces" disabled={none} loading={exporting}>
          <IconDownload size={16} />
        </ActionIcon>
      </ExportMenu>
      <Tooltip label="Open a file of traces, read-only (O)">
        <ActionIcon aria-label="Open a file of traces" loading={opening} onClick={pickTraceFile}>
          <IconFolderOpen size={16} />
        </ActionIcon>
      </Tooltip>
    </>
  );
}

/** Follows the count while the menu is open. */
function ShownCount() {
  const filters = useStore(traceStore, (state) => state.filters);
  const count = useStore(traceStore, listLength);
  if (!isFiltered(filters)) return `All ${plural(count, 'trace')}`;
  return `${plural(count, 'trace')} that ${count === 1 ? 'matches' : 'match'}`;
}
