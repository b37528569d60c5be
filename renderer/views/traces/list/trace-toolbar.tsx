import { ActionIcon, Button, Select, TextInput, Tooltip } from '@mantine/core';
import {
  IconDownload,
  IconFolderOpen,
  IconPlayerPause,
  IconPlayerPlay,
  IconSearch,
  IconTrash,
  IconX,
} from '@tabler/icons-react';
import { useRef } from 'react';
import { useStore } from 'zustand';
import { OUTCOMES, type Outcome } from '../../../../main/contract/trace.ts';
import { COMMAND_IDS } from '../../../../main/contract/window.ts';
import { KeyHint } from '../../../components/controls/key-hint.tsx';
import { useCommands } from '../../../components/controls/use-commands.ts';
import { OUTCOME_LOOK, OutcomeBadge } from '../../../components/status/outcome.tsx';
import { formatCount, plural } from '../../../components/text/format.ts';
import { useStores } from '../../../components/use-stores.tsx';
import { readyValue } from '../../../state/app/loadable.ts';
import { isFiltered } from '../../../state/traces/trace-filters.ts';
import { listLength } from '../../../state/traces/trace-pages.ts';
import { ExportMenu } from '../files/export-menu.tsx';
import { describeStorage, formatCounts } from './trace-counts.ts';
import classes from './trace-toolbar.module.css';

const OUTCOME_OPTIONS = OUTCOMES.map((outcome) => ({ value: outcome, label: OUTCOME_LOOK[outcome].word }));

/** Plugin, outcome, text. */
export function TraceFilterBar() {
  const { traces, traceFilters } = useStores();
  const filters = useStore(traces.store, (state) => state.filters);
  const search = useRef<HTMLInputElement>(null);
  useCommands([
    {
      id: COMMAND_IDS.searchTraces,
      title: 'Find in traces',
      group: 'This screen',
      keys: '/',
      icon: IconSearch,
      run: () => search.current?.focus(),
    },
  ]);
  return (
    <search className={classes.bar}>
      <PluginFilter value={filters.plugin} />
      <Select
        aria-label="Outcome"
        placeholder="Any outcome"
        data={OUTCOME_OPTIONS}
        value={filters.outcome}
        onChange={(value) => traceFilters.write({ outcome: value as Outcome | null })}
        renderOption={({ option }) => <OutcomeBadge outcome={option.value as Outcome} variant="plain" />}
        clearable
        w={150}
      />
      <TextInput
        ref={search}
        aria-label="Text in bodies, users, ids"
        placeholder="Text in bodies, users, ids"
        leftSection={<IconSearch size={14} />}
        rightSection={filters.text === '' ? <KeyHint keys="/" /> : null}
        value={filters.text}
        onChange={(event) => traceFilters.write({ text: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key === 'Escape') traceFilters.write({ text: '' });
        }}
        className={classes.search}
      />
      {isFiltered(filters) && (
        <Button variant="subtle" leftSection={<IconX size={14} />} onClick={traceFilters.clear}>
          Clear filters
        </Button>
      )}
    </search>
  );
}

function PluginFilter({ value }: { readonly value: string | null }) {
  const { runtime, traceFilters } = useStores();
  const plugins = useStore(runtime.store, (state) => readyValue(state.snapshot)?.plugins);
  const names = (plugins ?? []).map(({ name }) => name);
  // A trace may name a plugin that never existed (404) or no longer exists.
  const data = value === null || names.includes(value) ? names : [value, ...names];
  return (
    <Select
      aria-label="Plugin"
      placeholder="Any plugin"
      data={data}
      value={value}
      onChange={(plugin) => traceFilters.write({ plugin })}
      searchable
      clearable
      w={170}
    />
  );
}

/** "1,204 of 98,311 · 21 dropped" */
export function TraceCounts() {
  const state = useStore(useStores().traces.store);
  if (state.load.state !== 'ready') return null;
  return (
    <Tooltip label={state.file === null ? describeStorage(state) : 'In the opened file'}>
      <span className="tabular" role="status" aria-label="Number of traces">
        {formatCounts(state)}
      </span>
    </Tooltip>
  );
}

/** Live state, pause, and clear. */
export function LiveControls() {
  const { traces } = useStores();
  const paused = useStore(traces.store, (state) => state.paused);
  const inFile = useStore(traces.store, ({ file }) => file !== null);
  useCommands([
    {
      id: 'traces.pause',
      title: paused ? 'Resume live updates' : 'Pause live updates',
      group: 'This screen',
      icon: paused ? IconPlayerPlay : IconPlayerPause,
      keys: 'P',
      unavailable: inFile ? 'An opened file has no live updates' : null,
      run: () => traces.setPaused(!paused),
    },
  ]);
  if (inFile) return <FileControls />;
  return (
    <>
      <LiveState />
      <Tooltip label={paused ? 'Resume live updates (P)' : 'Pause live updates (P)'}>
        <Button
          leftSection={paused ? <IconPlayerPlay size={14} /> : <IconPlayerPause size={14} />}
          onClick={() => traces.setPaused(!paused)}
          aria-pressed={paused}
        >
          {paused ? <ResumeLabel /> : 'Pause'}
        </Button>
      </Tooltip>
      <FileControls />
      <ClearButton />
    </>
  );
}

function ResumeLabel() {
  const waiting = useStore(useStores().traces.store, (state) => state.waiting);
  return waiting > 0 ? `Resume (${formatCount(waiting)} new)` : 'Resume';
}

function ClearButton() {
  const { traces } = useStores();
  const none = useStore(traces.store, ({ kept }) => kept === 0);
  return (
    <Tooltip label={<ClearLabel />}>
      <ActionIcon onClick={() => traces.clear()} disabled={none} aria-label="Clear traces">
        <IconTrash size={16} />
      </ActionIcon>
    </Tooltip>
  );
}

/** Follows the count while the tooltip is open, which saves the buttons ten renderings a second. */
function ClearLabel() {
  const kept = useStore(useStores().traces.store, (state) => state.kept);
  return `Clear ${plural(kept, 'trace')}`;
}

function LiveState() {
  const { traces, runtime } = useStores();
  const paused = useStore(traces.store, (state) => state.paused);
  const connection = useStore(runtime.store, (state) => state.connection.state);
  const connected = paused ? 'paused' : 'live';
  const state = connection === 'lost' ? 'lost' : connected;
  return (
    <span className={classes.live} data-state={state} role="status">
      {state === 'lost' ? 'disconnected' : state}
    </span>
  );
}

/** Exports traces to a file, and opens such a file. */
function FileControls() {
  const { traces, traceExport, traceFiles } = useStores();
  const { shownChoice } = traceExport;
  const none = useStore(traces.store, (state) => listLength(state) === 0);
  const exporting = useStore(traceExport.store, ({ running }) => running);
  const opening = useStore(traceFiles.store, (state) => state.opening);
  const nothing = none ? 'No traces to export' : null;
  useCommands([
    {
      id: 'traces.export',
      title: 'Export the shown traces as JSON',
      group: 'This screen',
      icon: IconDownload,
      unavailable: nothing,
      run: () => traceExport.save('json', shownChoice()),
    },
    {
      id: 'traces.export-har',
      title: 'Export the shown traces as HAR',
      group: 'This screen',
      icon: IconDownload,
      unavailable: nothing,
      run: () => traceExport.save('har', shownChoice()),
    },
    {
      id: 'traces.open',
      title: 'Open a file of traces',
      group: 'This screen',
      keys: 'O',
      icon: IconFolderOpen,
      run: traceFiles.pick,
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
        <ActionIcon aria-label="Open a file of traces" loading={opening} onClick={traceFiles.pick}>
          <IconFolderOpen size={16} />
        </ActionIcon>
      </Tooltip>
    </>
  );
}

/** Follows the count while the menu is open. */
function ShownCount() {
  const { store } = useStores().traces;
  const filters = useStore(store, (state) => state.filters);
  const count = useStore(store, listLength);
  if (!isFiltered(filters)) return `All ${plural(count, 'trace')}`;
  return `${plural(count, 'trace')} that ${count === 1 ? 'matches' : 'match'}`;
}
