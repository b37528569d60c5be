import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconLoader2, IconPencil, IconX } from '@tabler/icons-react';
import { type ReactNode, useMemo } from 'react';
import { BUS_LIMITS, type BusEvent, type EventDelivery } from '../../../../main/contract/event-bus.ts';
import type { SubscriberEnd } from '../../../../main/contract/host.ts';
import type { Json } from '../../../../main/contract/http.ts';
import { JsonView } from '../../../components/json/json-view.tsx';
import { CodeBlock } from '../../../components/text/code-block.tsx';
import { ForeignText } from '../../../components/text/foreign-text.tsx';
import { formatCount, formatDuration } from '../../../components/text/format.ts';
import { Time } from '../../../components/text/values.tsx';
import { formatRoute } from '../../../state/app/route.ts';
import { describeCause } from './describe-event.ts';
import classes from './event-detail.module.css';
import { useEvents } from './use-events.ts';

/** What an event carried, what had it published, and how each subscriber took it. */
export function EventDetail({ event }: { readonly event: BusEvent }) {
  const events = useEvents();
  const { name, at, data, length } = event;
  const canEdit = data !== null && data.length < BUS_LIMITS.shownLength;
  return (
    <section className={classes.detail} aria-label="Event">
      <header className={classes.head}>
        <h2 className={classes.name}>
          <ForeignText text={name} />
        </h2>
        <span className={classes.facts}>
          <Time at={at} /> · <Cause event={event} />
        </span>
        {canEdit && (
          <Button
            variant="subtle"
            leftSection={<IconPencil size={14} />}
            onClick={() => events.compose({ name, data: indented(data) })}
          >
            Edit and send
          </Button>
        )}
        <Tooltip label="Close the event">
          <ActionIcon aria-label="Close the event" onClick={() => events.select(null)}>
            <IconX size={14} />
          </ActionIcon>
        </Tooltip>
      </header>
      <Deliveries event={event} />
      <Data data={data} length={length} />
    </section>
  );
}

function Cause({ event: { cause } }: { readonly event: BusEvent }) {
  const text = <ForeignText text={describeCause(cause)} />;
  if (cause.kind === 'sent' || cause.trace === null) return text;
  return (
    <>
      {text}, <a href={`#${formatRoute('traces', { item: cause.trace })}`}>trace of the call</a>
    </>
  );
}

function Deliveries({ event: { deliveries } }: { readonly event: BusEvent }) {
  if (deliveries.length === 0) return <p className={classes.none}>No plugin subscribes to it.</p>;
  return (
    <ul className={classes.deliveries} aria-label="Deliveries">
      {deliveries.map((delivery) => (
        <li key={delivery.plugin} className={classes.delivery}>
          <a href={`#${formatRoute('plugins', { item: delivery.plugin })}`}>{delivery.plugin}</a>
          {delivery.isOwn && <span className={classes.facts}>published it itself</span>}
          <State delivery={delivery} />
        </li>
      ))}
    </ul>
  );
}

function State({ delivery: { state } }: { readonly delivery: EventDelivery }) {
  if (state.kind === 'waking') return <Mark tone="busy">its process is being started</Mark>;
  if (state.kind === 'running') return <Mark tone="busy">its subscribers run</Mark>;
  if (state.kind === 'lost') {
    return (
      <Mark tone="bad">
        <ForeignText text={state.reason} />
      </Mark>
    );
  }
  return (
    <>
      {state.subscribers.map((end, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: subscribers of one delivery never move
        <Subscriber key={index} end={end} />
      ))}
      <span className={classes.facts}>{formatDuration(state.durationMs)}</span>
    </>
  );
}

function Subscriber({ end: { name, attempts, error } }: { readonly end: SubscriberEnd }) {
  const tries = attempts > 1 ? ` at attempt ${attempts}` : '';
  return (
    <Mark tone={error === null ? 'ok' : 'bad'}>
      <span className="mono">
        <ForeignText text={name} />
      </span>
      {error === null ? tries : `${tries}: `}
      {error !== null && <ForeignText text={error} />}
    </Mark>
  );
}

const ICONS = { ok: IconCheck, bad: IconAlertTriangle, busy: IconLoader2 } as const;
const WORDS = { ok: 'Done', bad: 'Failed', busy: 'Under way' } as const;

function Mark({ tone, children }: { readonly tone: keyof typeof ICONS; readonly children: ReactNode }) {
  const Icon = ICONS[tone];
  return (
    <span className={classes.mark} data-tone={tone}>
      <Icon size={14} stroke={2} aria-label={WORDS[tone]} className={classes.icon} />
      <span>{children}</span>
    </span>
  );
}

function Data({ data, length }: Pick<BusEvent, 'data' | 'length'>) {
  const value = useMemo(() => parse(data), [data]);
  const size = `${formatCount(length)} characters`;
  if (data === null) return <p className={classes.none}>Its data is too long to be shown: {size}.</p>;
  if (value !== undefined) return <JsonView value={value} />;
  return (
    <>
      <CodeBlock text={data} wrap />
      <p className={classes.none}>The beginning of {size}.</p>
    </>
  );
}

function parse(data: string | null): Json | undefined {
  try {
    return data === null ? undefined : (JSON.parse(data) as Json);
  } catch {
    // It was cut.
    return undefined;
  }
}

function indented(data: string): string {
  const value = parse(data);
  return value === undefined ? data : JSON.stringify(value, null, 2);
}
