import { Button } from '@mantine/core';
import { IconHistoryOff, IconListDetails, IconRefresh } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Trace } from '../../../../main/contract/trace.ts';
import { KeyHint } from '../../../components/controls/key-hint.tsx';
import { PaneTabs } from '../../../components/layout/pane-tabs.tsx';
import { EmptyState, LoadState } from '../../../components/status/states.tsx';
import { formatCount, showControls } from '../../../components/text/format.ts';
import { ContextView } from '../../../components/trace/context-view.tsx';
import { LogsView } from '../../../components/trace/logs-view.tsx';
import { loadTrace } from '../../../components/trace/trace-cache.ts';
import { useTrace } from '../../../components/trace/use-trace.ts';
import { DETAIL_REGION, selectTrace } from '../list/selection.ts';
import { JwtView } from './jwt-view.tsx';
import { RequestView, ResponseView } from './message-view.tsx';
import { RawView } from './raw-view.tsx';
import classes from './trace-detail.module.css';
import { TraceHead } from './trace-head.tsx';
import { WaterfallView } from './waterfall-view.tsx';

interface TabLook {
  readonly value: string;
  readonly title: string;
  /** Shown after the title when above 0. */
  readonly count?: (trace: Trace) => number;
  readonly show: (trace: Trace) => ReactNode;
}

const TABS: readonly TabLook[] = [
  { value: 'waterfall', title: 'Waterfall', show: (trace) => <WaterfallView trace={trace} /> },
  { value: 'context', title: 'Context', show: (trace) => <ContextView trace={trace} layout="fill" /> },
  { value: 'jwt', title: 'JWT', show: (trace) => <JwtView trace={trace} /> },
  { value: 'request', title: 'Request', show: (trace) => <RequestView request={trace.request} /> },
  { value: 'response', title: 'Response', show: (trace) => <ResponseView response={trace.response} /> },
  {
    value: 'logs',
    title: 'Logs',
    count: (trace) => trace.console.length + trace.events.length,
    show: (trace) => <LogsView trace={trace} />,
  },
  { value: 'raw', title: 'Raw', show: (trace) => <RawView trace={trace} /> },
];

/** One trace beside the list, or how to select one. */
export function TraceDetail({ named }: { readonly named: string | null }) {
  if (named === null) {
    return (
      <EmptyState
        icon={IconListDetails}
        title="No trace selected"
        text={
          <>
            Select one to see where each value came from, how long each step took, and the answer.{' '}
            <KeyHint keys="J" /> <KeyHint keys="K" /> move down and up, <KeyHint keys="Enter" /> opens the
            detail, <KeyHint keys="X" /> selects several.
          </>
        }
      />
    );
  }
  return <LoadedDetail named={named} />;
}

function LoadedDetail({ named }: { readonly named: string }) {
  const load = useTrace(named);
  if (load.state === 'failed' && load.error.code === 'NOT_FOUND')
    return <GoneTrace named={named} why={load.error.message} />;
  return (
    <LoadState load={load} what="This trace" onRetry={() => loadTrace(named)}>
      {(trace) => (
        <section
          id={DETAIL_REGION}
          className={classes.detail}
          aria-label={`Trace of ${trace.plugin}`}
          tabIndex={-1}
        >
          <TraceHead trace={trace} named={named} />
          <DetailTabs trace={trace} />
        </section>
      )}
    </LoadState>
  );
}

/** A link may outlive its trace. */
function GoneTrace({ named, why }: { readonly named: string; readonly why: string }) {
  return (
    <EmptyState
      icon={IconHistoryOff}
      title="This trace no longer exists"
      text={showControls(why)}
      action={
        <>
          <Button onClick={() => selectTrace(null)}>Back to the list</Button>
          <Button leftSection={<IconRefresh size={14} />} onClick={() => loadTrace(named)}>
            Retry
          </Button>
        </>
      }
    />
  );
}

function DetailTabs({ trace }: { readonly trace: Trace }) {
  const tabs = TABS.map(({ value, title, count, show }) => ({
    value,
    title: (
      <>
        {title}
        <TabCount count={count?.(trace) ?? 0} />
      </>
    ),
    show: () => show(trace),
  }));
  return <PaneTabs group="trace" tabs={tabs} first="context" panelClass={classes.panel} flows />;
}

function TabCount({ count }: { readonly count: number }) {
  if (count === 0) return null;
  return <span className={classes.count}>{formatCount(count)}</span>;
}
