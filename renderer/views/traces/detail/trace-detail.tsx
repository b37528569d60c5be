import { Button } from '@mantine/core';
import { IconHistoryOff, IconListDetails, IconRefresh } from '@tabler/icons-react';
import { type ReactNode, useMemo } from 'react';
import type { Json } from '../../../../main/contract/http.ts';
import type { Trace, TraceRequest } from '../../../../main/contract/trace.ts';
import { KeyHint } from '../../../components/controls/key-hint.tsx';
import { BodyView, JsonView } from '../../../components/json/json-view.tsx';
import { PaneTabs } from '../../../components/layout/pane-tabs.tsx';
import { EmptyState, LoadState } from '../../../components/status/states.tsx';
import { formatBytes, formatCount, showControls } from '../../../components/text/format.ts';
import { ContextView } from '../../../components/trace/context-view.tsx';
import { HeadersTable } from '../../../components/trace/headers-table.tsx';
import { InProduction } from '../../../components/trace/in-production.tsx';
import { LogsView } from '../../../components/trace/logs-view.tsx';
import { statusText } from '../../../components/trace/status-text.ts';
import { useTrace } from '../../../components/trace/use-trace.ts';
import { useStores } from '../../../components/use-stores.tsx';
import { DETAIL_REGION } from '../../../state/traces/trace-selection.ts';
import { JwtView } from './jwt-view.tsx';
import classes from './trace-detail.module.css';
import { TraceHead } from './trace-head.tsx';
import { WaterfallView } from './waterfall-view.tsx';

interface TabLook {
  readonly value: string;
  readonly title: string;
  /** Shown after the title when above 0. */
  readonly count?: (trace: Trace) => number;
  readonly show: (trace: Trace, named: string) => ReactNode;
}

const TABS: readonly TabLook[] = [
  {
    value: 'waterfall',
    title: 'Waterfall',
    show: (trace, named) => <WaterfallView trace={trace} named={named} />,
  },
  { value: 'context', title: 'Context', show: (trace) => <ContextView trace={trace} layout="fill" /> },
  { value: 'jwt', title: 'JWT', show: (trace) => <JwtView trace={trace} /> },
  { value: 'request', title: 'Request', show: (trace) => <RequestView request={trace.request} /> },
  { value: 'response', title: 'Response', show: (trace) => <ResponseView trace={trace} /> },
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
  const { traceCache } = useStores();
  const load = useTrace(named);
  if (load.state === 'failed' && load.error.code === 'NOT_FOUND')
    return <GoneTrace named={named} why={load.error.message} />;
  return (
    <LoadState load={load} what="This trace" onRetry={() => traceCache.load(named)}>
      {(trace) => (
        <section
          id={DETAIL_REGION}
          className={classes.detail}
          aria-label={`Trace of ${trace.plugin}`}
          tabIndex={-1}
        >
          <TraceHead trace={trace} named={named} />
          <DetailTabs trace={trace} named={named} />
        </section>
      )}
    </LoadState>
  );
}

/** A link may outlive its trace. */
function GoneTrace({ named, why }: { readonly named: string; readonly why: string }) {
  const { traceCache, traceSelection } = useStores();
  return (
    <EmptyState
      icon={IconHistoryOff}
      title="This trace no longer exists"
      text={showControls(why)}
      action={
        <>
          <Button onClick={() => traceSelection.select(null)}>Back to the list</Button>
          <Button leftSection={<IconRefresh size={14} />} onClick={() => traceCache.load(named)}>
            Retry
          </Button>
        </>
      }
    />
  );
}

function DetailTabs({ trace, named }: { readonly trace: Trace; readonly named: string }) {
  const tabs = TABS.map(({ value, title, count, show }) => ({
    value,
    title: (
      <>
        {title}
        <TabCount count={count?.(trace) ?? 0} />
      </>
    ),
    show: () => show(trace, named),
  }));
  return <PaneTabs group="trace" tabs={tabs} first="context" panelClass={classes.panel} flows />;
}

function TabCount({ count }: { readonly count: number }) {
  if (count === 0) return null;
  return <span className={classes.count}>{formatCount(count)}</span>;
}

/** What the client sent. */
function RequestView({ request }: { readonly request: TraceRequest }) {
  return (
    <div className={classes.message}>
      <p className={classes.first}>
        <strong>{request.method}</strong> {showControls(request.path)}
      </p>
      <section>
        <h3 className={classes.title}>Headers</h3>
        <HeadersTable headers={request.headers} />
      </section>
      <section>
        <h3 className={classes.title}>
          Body <Size bytes={request.body?.bytes ?? 0} />
        </h3>
        <BodyView body={request.body} />
      </section>
    </div>
  );
}

/** What the client received; null when it disconnected first. */
function ResponseView({ trace }: { readonly trace: Trace }) {
  const { response } = trace;
  if (response === null) {
    return <EmptyState title="No answer was sent" text="The client closed the connection first." />;
  }
  return (
    <div className={classes.message}>
      <p className={classes.first}>
        <strong>{response.status}</strong> {statusText(response.status)}
      </p>
      <InProduction trace={trace} />
      <section>
        <h3 className={classes.title}>Headers</h3>
        <HeadersTable headers={response.headers} checkVersion />
      </section>
      <section>
        <h3 className={classes.title}>
          Body <Size bytes={response.body?.bytes ?? 0} />
        </h3>
        <BodyView body={response.body} />
      </section>
    </div>
  );
}

function Size({ bytes }: { readonly bytes: number }) {
  return bytes === 0 ? null : <span className={classes.size}>{formatBytes(bytes)}</span>;
}

/** The whole trace as it is stored. */
function RawView({ trace }: { readonly trace: Trace }) {
  // A trace crossed the bridge as JSON, so this only satisfies the compiler; it runs when the tab is opened.
  const value = useMemo(() => JSON.parse(JSON.stringify(trace)) as Json, [trace]);
  return <JsonView value={value} copyLabel="Copy trace" />;
}
