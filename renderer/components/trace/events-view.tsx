import {
  IconArrowsSplit,
  IconBell,
  IconDeviceFloppy,
  IconFlask,
  type IconProps,
  IconSend,
  IconSpeakerphone,
} from '@tabler/icons-react';
import { type ComponentType, useState } from 'react';
import { describeDelivery, describeSending } from '../../../main/contract/delivery.ts';
import { type EventKind, HOST_LIMITS } from '../../../main/contract/host.ts';
import type { Trace, TraceEvent } from '../../../main/contract/trace.ts';
import { formatCount, formatDuration, formatTime, showControls } from '../text/format.ts';
import classes from './events-view.module.css';
import { PushedRows } from './pushed-rows.tsx';
import { ShowAll } from './show-all.tsx';

const FIRST_EVENTS = 50;
const SHORT_DETAIL = 400;

/** The icon of each kind of event. */
export const EVENT_ICON: Readonly<Record<EventKind, ComponentType<IconProps>>> = {
  published: IconSpeakerphone,
  delivered: IconArrowsSplit,
  notified: IconBell,
  sent: IconSend,
  saved: IconDeviceFloppy,
};

/**
 * What the plugin did through stubs, and which they were: in production the real modules would have done it.
 */
export function EventsView({ trace }: { readonly trace: Trace }) {
  const [whole, setWhole] = useState(false);
  const events = whole ? trace.events : trace.events.slice(0, FIRST_EVENTS);
  const hidden = trace.events.length - events.length;
  if (trace.events.length === 0) return null;
  return (
    <div className={classes.frame}>
      <StubNotes events={trace.events} />
      <ol className={classes.events} aria-label="Events">
        {events.map((event, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: events of one trace never move
          <EventRow key={at} event={event} startedAt={trace.startedAt} />
        ))}
        {events.some(({ kind }) => kind === 'notified') && <PushedRows trace={trace} />}
      </ol>
      <ShowAll hidden={hidden} what="events" onShow={() => setWhole(true)} />
      {trace.events.length >= HOST_LIMITS.events && (
        <p className={classes.more}>
          A trace records at most {HOST_LIMITS.events} events; later ones were dropped.
        </p>
      )}
    </div>
  );
}

function StubNotes({ events }: { readonly events: readonly TraceEvent[] }) {
  return (
    <ul className={classes.notes}>
      {stubSources(events).map((source) => (
        <li key={source}>
          <IconFlask size={14} stroke={2} aria-hidden className={classes.flask} />
          <span>
            Stub used: <span className="mono">{showControls(source)}</span> – production uses the real module
          </span>
        </li>
      ))}
    </ul>
  );
}

function EventRow({ event, startedAt }: { readonly event: TraceEvent; readonly startedAt: number }) {
  const [whole, setWhole] = useState(false);
  const Icon = EVENT_ICON[event.kind];
  const all = event.kind === 'delivered' ? describeDelivery(event.detail) : formatDetail(event.detail, whole);
  const reached = event.kind === 'sent' ? describeSending(event.detail) : null;
  const text = whole ? all : all.slice(0, SHORT_DETAIL);
  const hidden = all.length - text.length;
  return (
    <li className={classes.event} data-kind={event.kind}>
      <time className={classes.time} title={formatTime(startedAt + event.atMs)}>
        +{formatDuration(event.atMs)}
      </time>
      <span className={classes.kind}>
        <Icon size={14} stroke={2} aria-hidden />
        {event.kind}
      </span>
      <span className={classes.what}>
        <strong>{showControls(event.name)}</strong> {reached !== null && `${showControls(reached)} `}
        <span className={classes.detail} data-whole={whole || undefined}>
          {showControls(text)}
        </span>
        {hidden > 0 && (
          <button type="button" className={classes.rest} onClick={() => setWhole(true)}>
            … {formatCount(hidden)} more
          </button>
        )}
      </span>
    </li>
  );
}

/** The modules that were replaced by stubs, each once, in the order of first use. */
export function stubSources(events: readonly TraceEvent[]): readonly string[] {
  return [...new Set(events.map(({ source }) => source))];
}

/** An event's detail for display: JSON on one line, or indented; anything else as it is. */
export function formatDetail(detail: string, indented: boolean): string {
  if (!indented) return detail;
  try {
    return JSON.stringify(JSON.parse(detail), null, 2);
  } catch {
    // Plain text from the plugin, not JSON.
    return detail;
  }
}
