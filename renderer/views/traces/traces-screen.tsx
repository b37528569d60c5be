import { useHotkeys } from '@mantine/hooks';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { Page } from '../../components/page.tsx';
import { SplitPane } from '../../components/split-pane.tsx';
import { uiStore } from '../../state/ui.ts';
import { selectNeighbour } from './selection.ts';
import { TraceDetail } from './trace-detail.tsx';
import { startTraceFilters } from './trace-filters.ts';
import { TraceList } from './trace-list.tsx';
import { LiveControls, TraceCounts, TraceFilterBar } from './trace-toolbar.tsx';

/** Every execution: the live list and one trace in detail. */
export function TracesScreen() {
  const id = useStore(uiStore, ({ route }) => route.item);
  useEffect(startTraceFilters, []);
  useHotkeys([
    ['j', () => selectNeighbour(1)],
    ['k', () => selectNeighbour(-1)],
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
