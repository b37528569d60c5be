import { IconArrowsLeftRight, IconSquareCheck } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useCommands } from '../../components/controls/use-commands.ts';
import { Page } from '../../components/layout/page.tsx';
import { SplitPane } from '../../components/layout/split-pane.tsx';
import { comparedRefs, formatRef } from '../../components/trace/trace-ref.ts';
import type { Command } from '../../state/app/commands.ts';
import { uiStore } from '../../state/app/ui.ts';
import { CompareView } from './compare/compare-view.tsx';
import { TraceDetail } from './detail/trace-detail.tsx';
import { FileBanner } from './files/file-banner.tsx';
import { comparePressed, followShownFile, toggleOpenMark } from './list/marks.ts';
import { chooseNeighbour, stepBack } from './list/selection.ts';
import { startTraceFilters } from './list/trace-filters.ts';
import { TraceList } from './list/trace-list.tsx';
import { LiveControls, TraceCounts, TraceFilterBar } from './list/trace-toolbar.tsx';

/** Every call: the live list and one trace in detail, or two traces side by side. */
export function TracesScreen() {
  const params = useStore(uiStore, ({ route }) => route.params);
  useEffect(startTraceFilters, []);
  useEffect(followShownFile, []);
  const compared = comparedRefs(params);
  return (
    <Page title="Traces" layout="flush" note={<TraceCounts />} actions={<LiveControls />}>
      {compared === null ? <ListAndDetail file={params.file || null} /> : <Compared refs={compared} />}
    </Page>
  );
}

function Compared({ refs: [a, b] }: { readonly refs: readonly [string, string] }) {
  return <CompareView key={`${a},${b}`} a={a} b={b} />;
}

function ListAndDetail({ file }: { readonly file: string | null }) {
  const id = useStore(uiStore, ({ route }) => route.item);
  const nothing = id === null ? 'Select a trace first' : null;
  useCommands([
    key('trace.next', 'Next trace', 'J', () => chooseNeighbour(1)),
    key('trace.previous', 'Previous trace', 'K', () => chooseNeighbour(-1)),
    key('trace.first', 'Newest trace', 'Home', () => chooseNeighbour(-1e9)),
    key('trace.last', 'Oldest loaded trace', 'End', () => chooseNeighbour(1e9)),
    key(
      'trace.back',
      'Back: to the list, then clear the selection, then close the trace',
      'Escape',
      stepBack,
    ),
    {
      ...{ id: 'trace.compare', title: 'Compare this trace with another', group: 'This screen', keys: 'C' },
      ...{ icon: IconArrowsLeftRight, unavailable: nothing, run: comparePressed },
    },
    {
      ...{ id: 'trace.mark', title: 'Select or deselect this trace', group: 'This screen', keys: 'X' },
      ...{ icon: IconSquareCheck, unavailable: nothing, run: toggleOpenMark },
    },
  ]);
  return (
    <>
      {file !== null && <FileBanner file={file} />}
      <TraceFilterBar />
      <SplitPane
        id="traces"
        initial={0.38}
        min={[380, 440]}
        first={<TraceList selected={id} />}
        second={<TraceDetail key={`${id}@${file}`} named={id === null ? null : formatRef({ id, file })} />}
      />
    </>
  );
}

function key(id: string, title: string, keys: string, run: () => unknown): Command {
  return { id, title, group: 'This screen', keys, listed: false, run };
}
