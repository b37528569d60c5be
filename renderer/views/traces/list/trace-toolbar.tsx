import { ActionIcon, Button, Select, TextInput, Tooltip } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconSearch, IconTrash, IconX } from '@tabler/icons-react';
import { useRef } from 'react';
import { useStore } from 'zustand';
import { OUTCOMES, type Outcome } from '../../../../main/contract/trace.ts';
import { COMMAND_IDS } from '../../../../main/contract/window.ts';
import { KeyHint } from '../../../components/controls/key-hint.tsx';
import { useCommands } from '../../../components/controls/use-commands.ts';
import { OUTCOME_LOOK, OutcomeBadge } from '../../../components/status/outcome.tsx';
import { formatCount, plural } from '../../../components/text/format.ts';
import { readyValue } from '../../../state/app/loadable.ts';
import { runtimeStore } from '../../../state/app/runtime.ts';
import { traceStore } from '../../../state/traces/trace-store.ts';
import { clearTraces, setTracesPaused } from '../../../state/traces/traces.ts';
import { FileControls } from './file-controls.tsx';
import { describeStorage, formatCounts } from './trace-counts.ts';
import { clearFilters, isFiltered, writeFilters } from './trace-filters.ts';
import classes from './trace-toolbar.module.css';

const OUTCOME_OPTIONS = OUTCOMES.map((outcome) => ({ value: outcome, label: OUTCOME_LOOK[outcome].word }));

/** Plugin, outcome, text. */
export function TraceFilterBar() {
  const filters = useStore(traceStore, (state) => state.filters);
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
        onChange={(value) => writeFilters({ outcome: value as Outcome | null })}
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
        onChange={(event) => writeFilters({ text: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key === 'Escape') writeFilters({ text: '' });
        }}
        className={classes.search}
      />
      {isFiltered(filters) && (
        <Button variant="subtle" leftSection={<IconX size={14} />} onClick={clearFilters}>
          Clear filters
        </Button>
      )}
    </search>
  );
}

function PluginFilter({ value }: { readonly value: string | null }) {
  const plugins = useStore(runtimeStore, (state) => readyValue(state.snapshot)?.plugins);
  const names = (plugins ?? []).map(({ name }) => name);
  // A trace may name a plugin that never existed (404) or no longer exists.
  const data = value === null || names.includes(value) ? names : [value, ...names];
  return (
    <Select
      aria-label="Plugin"
      placeholder="Any plugin"
      data={data}
      value={value}
      onChange={(plugin) => writeFilters({ plugin })}
      searchable
      clearable
      w={170}
    />
  );
}

/** "1,204 of 98,311 · 21 dropped" */
export function TraceCounts() {
  const state = useStore(traceStore);
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
  const paused = useStore(traceStore, (state) => state.paused);
  const inFile = useStore(traceStore, ({ file }) => file !== null);
  useCommands([
    {
      id: 'traces.pause',
      title: paused ? 'Resume live updates' : 'Pause live updates',
      group: 'This screen',
      icon: paused ? IconPlayerPlay : IconPlayerPause,
      keys: 'P',
      unavailable: inFile ? 'An opened file has no live updates' : null,
      run: () => setTracesPaused(!paused),
    },
  ]);
  if (inFile) return <FileControls />;
  return (
    <>
      <LiveState />
      <Tooltip label={paused ? 'Resume live updates (P)' : 'Pause live updates (P)'}>
        <Button
          leftSection={paused ? <IconPlayerPlay size={14} /> : <IconPlayerPause size={14} />}
          onClick={() => setTracesPaused(!paused)}
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
  const waiting = useStore(traceStore, (state) => state.waiting);
  return waiting > 0 ? `Resume (${formatCount(waiting)} new)` : 'Resume';
}

function ClearButton() {
  const none = useStore(traceStore, ({ kept }) => kept === 0);
  return (
    <Tooltip label={<ClearLabel />}>
      <ActionIcon onClick={clearTraces} disabled={none} aria-label="Clear all traces">
        <IconTrash size={16} />
      </ActionIcon>
    </Tooltip>
  );
}

/** Follows the count while the tooltip is open, which saves the buttons ten renderings a second. */
function ClearLabel() {
  const kept = useStore(traceStore, (state) => state.kept);
  return `Clear ${plural(kept, 'trace')}`;
}

function LiveState() {
  const paused = useStore(traceStore, (state) => state.paused);
  const connection = useStore(runtimeStore, (state) => state.connection.state);
  const state = connection === 'lost' ? 'lost' : paused ? 'paused' : 'live';
  const words = { lost: 'disconnected', paused: 'paused', live: 'live' }[state];
  return (
    <span className={classes.live} data-state={state} role="status">
      {words}
    </span>
  );
}
