import { type ReactNode, useEffect, useRef } from 'react';
import type { DatabaseSpan, HttpSpan } from '../../../main/contract/child-span.ts';
import type { ConsoleLine, TraceEvent } from '../../../main/contract/trace.ts';
import { formatRoute } from '../../state/app/route.ts';
import { namespaceItem } from '../../state/data/data-place.ts';
import type { SingleRow } from '../../state/traces/child-rows.ts';
import { Copyable } from '../controls/copy-button.tsx';
import { BodyView } from '../json/json-view.tsx';
import { Fact } from '../layout/fact.tsx';
import { CodeBlock } from '../text/code-block.tsx';
import { formatBytes, formatCount, formatTime, showControls } from '../text/format.ts';
import classes from './child-list.module.css';
import { formatRowDuration } from './child-text.ts';

/** Beyond this height a text scrolls by itself. */
const MAX_HEIGHT = 320;

export interface ChildDetailProps {
  readonly row: SingleRow;
  /** Of the trace; ms since the epoch. */
  readonly startedAt: number;
}

/** All that is known of one row. */
export function ChildDetail({ row, startedAt }: ChildDetailProps) {
  const started = (
    <Fact term="Started">
      +{formatRowDuration(row.startMs)} · {formatTime(startedAt + row.startMs)}
    </Fact>
  );
  const element = useRef<HTMLDivElement>(null);
  // As much of it as fits: the row itself has the focus and is in view already.
  useEffect(() => {
    element.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <div ref={element} className={classes.detail}>
      {contentOf(row, started)}
    </div>
  );
}

function contentOf(row: SingleRow, started: ReactNode): ReactNode {
  switch (row.kind) {
    case 'database':
      return <DatabaseDetail span={row.span} started={started} />;
    case 'http':
      return <HttpDetail span={row.span} started={started} />;
    case 'event':
      return <EventDetail event={row.event} started={started} />;
    case 'console':
      return <LineDetail line={row.line} started={started} />;
  }
}

interface DetailProps {
  readonly started: ReactNode;
}

function DatabaseDetail({ span, started }: DetailProps & { readonly span: DatabaseSpan }) {
  const { command, database, collection, filter, documents, durationMs, error } = span;
  return (
    <>
      <dl className={classes.facts}>
        <Fact term="Command">
          <Text text={command} label="Copy command" />
        </Fact>
        <Fact term={collection === null ? 'Database' : 'Collection'}>
          <Text
            text={collection === null ? database : `${database}.${collection}`}
            label={collection === null ? 'Copy database' : 'Copy collection'}
          />
        </Fact>
        {documents !== null && <Fact term="Documents">{formatCount(documents)}</Fact>}
        {started}
        <Fact term="Duration">{formatRowDuration(durationMs)}</Fact>
        {collection !== null && (
          <Fact term="Now">
            <a href={`#${dataRoute(span, collection)}`}>Show in Data</a>
          </Fact>
        )}
      </dl>
      <ErrorText error={error} />
      {filter !== null && <Content title={contentTitle(command)} text={filter} />}
    </>
  );
}

const WITH_FILTER: readonly string[] = ['find', 'count', 'distinct', 'findAndModify'];

/** What the command found, as far as its filter is known whole. */
function dataRoute({ database, command, filter }: DatabaseSpan, collection: string): string {
  const isWhole = WITH_FILTER.includes(command) && filter?.endsWith('}') === true;
  return formatRoute('data', {
    item: namespaceItem({ database, collection }),
    params: { filter: isWhole ? filter : null },
  });
}

/** What a command's `filter` holds. */
function contentTitle(command: string): string {
  if (command === 'insert') return 'Documents';
  return command === 'aggregate' ? 'Pipeline' : 'Filter';
}

function HttpDetail({ span, started }: DetailProps & { readonly span: HttpSpan }) {
  const { method, url, status, requestBytes, responseBytes, carriesUserJwt, durationMs, error } = span;
  const { requestBody, responseBody } = span;
  return (
    <>
      <dl className={classes.facts}>
        <Fact term="Request">
          {showControls(method)} <Text text={url} label="Copy URL" />
        </Fact>
        <Fact term="Status">{status ?? 'no answer'}</Fact>
        {requestBytes !== null && <Fact term="Sent">{formatBytes(requestBytes)}</Fact>}
        {responseBytes !== null && <Fact term="Received">{formatBytes(responseBytes)}</Fact>}
        {carriesUserJwt && <Fact term="Token">carries user_jwt, the caller’s own token</Fact>}
        {started}
        <Fact term="Duration">{formatRowDuration(durationMs)}</Fact>
      </dl>
      <ErrorText error={error} />
      {requestBody !== undefined && <Content title="Request body" text={requestBody} />}
      {responseBody !== undefined && <Content title="Response body" text={responseBody} />}
      {requestBody === undefined && responseBody === undefined && (
        <p className={classes.hint}>
          Bodies are recorded with <code>MOZAIKS_CHILD_SPANS=bodies</code>.
        </p>
      )}
    </>
  );
}

function EventDetail({ event, started }: DetailProps & { readonly event: TraceEvent }) {
  const { kind, name, detail, source } = event;
  return (
    <>
      <dl className={classes.facts}>
        <Fact term="Event">
          {kind} <Text text={name} label="Copy name" />
        </Fact>
        <Fact term="Stub">
          <span className="mono">{showControls(source)}</span>
        </Fact>
        {started}
      </dl>
      <Content title="Detail" text={detail} />
    </>
  );
}

function LineDetail({ line, started }: DetailProps & { readonly line: ConsoleLine }) {
  return (
    <>
      <dl className={classes.facts}>
        <Fact term="Level">{line.level}</Fact>
        {started}
      </dl>
      <CodeBlock text={line.text} wrap maxHeight={MAX_HEIGHT} copyLabel="Copy line" />
    </>
  );
}

function Text({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    <Copyable text={text} label={label}>
      <bdi className="mono">{showControls(text)}</bdi>
    </Copyable>
  );
}

function ErrorText({ error }: { readonly error: string | null }) {
  if (error === null) return null;
  return (
    <section className={classes.error}>
      <h3 className={classes.title}>Error</h3>
      <CodeBlock text={error} wrap maxHeight={MAX_HEIGHT} copyLabel="Copy error" />
    </section>
  );
}

interface ContentProps {
  readonly title: string;
  /** JSON, or text that was cut. */
  readonly text: string;
}

function Content({ title, text }: ContentProps) {
  return (
    <section>
      <h3 className={classes.title}>{title}</h3>
      <BodyView body={{ text, bytes: text.length, truncated: false }} maxHeight={MAX_HEIGHT} />
    </section>
  );
}
