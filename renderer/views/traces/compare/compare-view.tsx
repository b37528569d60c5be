import type { ReactNode } from 'react';
import type { Trace } from '../../../../main/contract/trace.ts';
import { PaneTabs } from '../../../components/layout/pane-tabs.tsx';
import { LoadState } from '../../../components/status/states.tsx';
import { formatCount } from '../../../components/text/format.ts';
import { useTrace } from '../../../components/trace/use-trace.ts';
import { useStores } from '../../../components/use-stores.tsx';
import { CompareHead } from './compare-head.tsx';
import {
  comparableLogs,
  compareContext,
  compareFacts,
  compareHeaders,
  countDifferences,
} from './compare-model.ts';
import { CompareTiming } from './compare-timing.tsx';
import classes from './compare-view.module.css';
import { DiffView } from './diff-view.tsx';
import { FieldTable } from './field-table.tsx';
import { comparableBody } from './text-diff.ts';

interface Pair {
  readonly a: Trace;
  readonly b: Trace;
}

interface CompareTab {
  readonly value: string;
  readonly title: string;
  /** Number of differences there; null where equality doesn't apply. */
  readonly count: (pair: Pair) => number | null;
  readonly show: (pair: Pair) => ReactNode;
}

const TABS: readonly CompareTab[] = [
  {
    value: 'summary',
    title: 'Summary',
    count: ({ a, b }) => countDifferences(compareFacts(a, b)),
    show: ({ a, b }) => <FieldTable pairs={compareFacts(a, b)} what="facts" fold={false} />,
  },
  {
    value: 'timing',
    title: 'Timing',
    // No two calls take the same time.
    count: () => null,
    show: ({ a, b }) => <CompareTiming a={a} b={b} />,
  },
  {
    value: 'context',
    title: 'Context',
    count: ({ a, b }) => countDifferences(compareContext(a, b)),
    show: ({ a, b }) => <FieldTable pairs={compareContext(a, b)} what="fields" />,
  },
  {
    value: 'request',
    title: 'Request',
    count: ({ a, b }) => messageDifferences(a.request, b.request) + Number(requestLine(a) !== requestLine(b)),
    show: (pair) => <Requests {...pair} />,
  },
  {
    value: 'response',
    title: 'Response',
    count: ({ a, b }) => messageDifferences(a.response, b.response),
    show: (pair) => <Responses {...pair} />,
  },
  {
    value: 'logs',
    title: 'Logs',
    count: ({ a, b }) => Number(comparableLogs(a) !== comparableLogs(b)),
    show: (pair) => <Logs {...pair} />,
  },
];

/** Two traces side by side. */
export function CompareView({ a, b }: { readonly a: string; readonly b: string }) {
  const { load } = useStores().traceCache;
  const [first, second] = [useTrace(a), useTrace(b)];
  return (
    <LoadState load={first} what="Trace A" onRetry={() => load(a)}>
      {(traceA) => (
        <LoadState load={second} what="Trace B" onRetry={() => load(b)}>
          {(traceB) => (
            <section className={classes.view} aria-label="Comparison of two traces">
              <CompareHead a={{ named: a, trace: traceA }} b={{ named: b, trace: traceB }} />
              <CompareTabs a={traceA} b={traceB} />
            </section>
          )}
        </LoadState>
      )}
    </LoadState>
  );
}

function CompareTabs(pair: Pair) {
  const tabs = TABS.map(({ value, title, count, show }) => ({
    value,
    title: (
      <>
        {title}
        <Count count={count(pair)} />
      </>
    ),
    show: () => show(pair),
  }));
  return <PaneTabs group="compare" tabs={tabs} first="summary" panelClass={classes.panel} />;
}

function Count({ count }: { readonly count: number | null }) {
  if (count === null) return null;
  if (count === 0) return <span className={classes.same}>same</span>;
  return <span className={classes.count}>≠ {formatCount(count)}</span>;
}

function Requests({ a, b }: Pair) {
  return (
    <div className={classes.parts}>
      <Part title="Request line">
        <DiffView a={requestLine(a)} b={requestLine(b)} label="Request line" none="" />
      </Part>
      <Part title="Body">
        <DiffView
          a={comparableBody(a.request.body)}
          b={comparableBody(b.request.body)}
          label="Request body"
          none="Neither request has a body."
        />
      </Part>
      <Part title="Headers">
        <FieldTable pairs={compareHeaders(a.request.headers, b.request.headers)} what="headers" />
      </Part>
    </div>
  );
}

function Responses({ a, b }: Pair) {
  return (
    <div className={classes.parts}>
      <Part title="Body">
        <DiffView
          a={comparableBody(a.response?.body ?? null)}
          b={comparableBody(b.response?.body ?? null)}
          label="Response body"
          none="Neither answer has a body."
        />
      </Part>
      <Part title="Headers">
        <FieldTable
          pairs={compareHeaders(a.response?.headers ?? {}, b.response?.headers ?? {})}
          what="headers"
        />
      </Part>
    </div>
  );
}

function Logs({ a, b }: Pair) {
  return (
    <DiffView
      a={comparableLogs(a)}
      b={comparableLogs(b)}
      label="Console output"
      none="No console output in either call."
    />
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section>
      <h3 className={classes.title}>{title}</h3>
      {children}
    </section>
  );
}

function requestLine({ request }: Trace): string {
  return `${request.method} ${request.path}`;
}

type Message = Pick<Trace['request'], 'headers' | 'body'> | null;

/** Number of headers that differ, plus one if the bodies do. */
function messageDifferences(a: Message, b: Message): number {
  const headers = countDifferences(compareHeaders(a?.headers ?? {}, b?.headers ?? {}));
  return headers + Number(comparableBody(a?.body ?? null) !== comparableBody(b?.body ?? null));
}
