import { IconArrowsLeftRight, IconSquareCheck } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useCommands } from '../../components/controls/use-commands.ts';
import { Page } from '../../components/layout/page.tsx';
import { SplitPane } from '../../components/layout/split-pane.tsx';
import { useStores } from '../../components/use-stores.tsx';
import type { Command } from '../../state/app/commands.ts';
import { comparedRefs, formatRef, shownFile } from '../../state/traces/trace-ref.ts';
import { CompareView } from './compare/compare-view.tsx';
import { TraceDetail } from './detail/trace-detail.tsx';
import { FileBanner } from './files/file-banner.tsx';
import { TraceList } from './list/trace-list.tsx';
import { LiveControls, TraceCounts, TraceFilterBar } from './list/trace-toolbar.tsx';

/** Every call: the live list and one trace in detail, or two traces side by side. */
export function TracesScreen() {
  const { ui, traceFilters, traceMarks } = useStores();
  const route = useStore(ui.store, (state) => state.route);
  useEffect(traceFilters.start, []);
  useEffect(traceMarks.followShownFile, []);
  const compared = comparedRefs(route);
  return (
    <Page title="Traces" layout="flush" note={<TraceCounts />} actions={<LiveControls />}>
      {compared === null ? <ListAndDetail file={shownFile(route)} /> : <Compared refs={compared} />}
    </Page>
  );
}

function Compared({ refs: [a, b] }: { readonly refs: readonly [string, string] }) {
  return <CompareView key={`${a},${b}`} a={a} b={b} />;
}

function ListAndDetail({ file }: { readonly file: string | null }) {
  const { ui, traceSelection, traceComparison, traceMarks } = useStores();
  const id = useStore(ui.store, ({ route }) => route.item);
  const { selectNeighbour, stepBack } = traceSelection;
  const nothing = id === null ? 'Select a trace first' : null;
  useCommands([
    key('trace.next', 'Next trace', 'J', () => selectNeighbour(1)),
    key('trace.previous', 'Previous trace', 'K', () => selectNeighbour(-1)),
    key('trace.first', 'Newest trace', 'Home', () => selectNeighbour(-1e9)),
    key('trace.last', 'Oldest loaded trace', 'End', () => selectNeighbour(1e9)),
    key(
      'trace.back',
      'Back: to the list, then clear the selection, then close the trace',
      'Escape',
      stepBack,
    ),
    {
      id: 'trace.compare',
      title: 'Compare this trace with another',
      group: 'This screen',
      keys: 'C',
      icon: IconArrowsLeftRight,
      unavailable: nothing,
      run: traceComparison.press,
    },
    {
      id: 'trace.mark',
      title: 'Select or deselect this trace',
      group: 'This screen',
      keys: 'X',
      icon: IconSquareCheck,
      unavailable: nothing,
      run: traceMarks.toggleOpen,
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
