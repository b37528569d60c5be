import { useEffect } from 'react';
import { useStore } from 'zustand';
import { Page } from '../../components/page.tsx';
import { SplitPane } from '../../components/split-pane.tsx';
import { useCommands } from '../../components/use-commands.ts';
import type { Command } from '../../state/commands.ts';
import { uiStore } from '../../state/ui.ts';
import { chooseNeighbour } from './selection.ts';
import { TraceDetail } from './trace-detail.tsx';
import { startTraceFilters } from './trace-filters.ts';
import { TraceList } from './trace-list.tsx';
import { LiveControls, TraceCounts, TraceFilterBar } from './trace-toolbar.tsx';

/** Every execution: the live list and one trace in detail. */
export function TracesScreen() {
  const id = useStore(uiStore, ({ route }) => route.item);
  useEffect(startTraceFilters, []);
  useCommands([
    command('trace.next', 'Next trace', 'J', () => chooseNeighbour(1)),
    command('trace.previous', 'Previous trace', 'K', () => chooseNeighbour(-1)),
  ]);
  return (
    <Page title="Traces" layout="flush" note={<TraceCounts />} actions={<LiveControls />}>
      <TraceFilterBar />
      <SplitPane
        id="traces"
        initial={0.38}
        min={[380, 440]}
        first={<TraceList selected={id} />}
        second={<TraceDetail key={id} id={id} />}
      />
    </Page>
  );
}

function command(id: string, title: string, keys: string, run: () => void): Command {
  return { id, title, group: 'This screen', keys, listed: false, run };
}
