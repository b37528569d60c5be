import { IconSpeakerphone } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { BusEvent } from '../../../../main/contract/event-bus.ts';
import { RowList } from '../../../components/layout/row-list.tsx';
import { SplitPane } from '../../../components/layout/split-pane.tsx';
import { EmptyState, LoadState } from '../../../components/status/states.tsx';
import { formatTime, showControls } from '../../../components/text/format.ts';
import { hasFailed } from '../../../state/messages/event-store.ts';
import { describeCause, describeReceivers } from './describe-event.ts';
import { EventDetail } from './event-detail.tsx';
import classes from './events-view.module.css';
import { SendForm } from './send-form.tsx';
import { Subscribers } from './subscribers.tsx';
import { useEvents } from './use-events.ts';

/** Sends events of the bus that plugins share, and shows the last ones with what became of them. */
export function EventsView() {
  const events = useEvents();
  useEffect(events.follow, []);
  return <SplitPane id="events" initial={0.36} min={[300, 420]} first={<SendPane />} second={<History />} />;
}

function SendPane() {
  return (
    <section className={classes.pane} aria-label="Send event and subscribers">
      <SendForm />
      <Subscribers />
    </section>
  );
}

function History() {
  const events = useEvents();
  const load = useStore(events.store, (state) => state.events);
  return (
    <div className={classes.history}>
      <LoadState load={load} what="Events" onRetry={events.load}>
        {(list) => (list.length === 0 ? <NoEvents /> : <Events list={list} />)}
      </LoadState>
    </div>
  );
}

function NoEvents() {
  return (
    <EmptyState
      icon={IconSpeakerphone}
      title="No events yet"
      text="What plugins publish, what the runtime publishes after each call, and what you send appears here, with who got it."
    />
  );
}

function Events({ list }: { readonly list: readonly BusEvent[] }) {
  const events = useEvents();
  const seq = useStore(events.store, ({ selected }) => selected);
  const selected = list.find((event) => event.seq === seq);
  return (
    <>
      <RowList
        label="Events"
        count={list.length}
        rowAt={(index) => list[index]}
        idOf={(event) => event.seq}
        selectedAt={list.findIndex((event) => event.seq === seq)}
        onPress={(event) => events.select(event.seq === seq ? null : event.seq)}
        onStep={events.selectNeighbour}
      >
        {(event) => <Row event={event} />}
      </RowList>
      {selected !== undefined && <EventDetail event={selected} />}
    </>
  );
}

function Row({ event }: { readonly event: BusEvent }) {
  const { at, name, cause, deliveries } = event;
  return (
    <div className={classes.row}>
      <time className={classes.time}>{formatTime(at)}</time>
      <span className={classes.name}>{showControls(name)}</span>
      <span className={classes.cause}>{showControls(describeCause(cause))}</span>
      <span className={classes.receivers} data-bad={deliveries.some(hasFailed) || undefined}>
        {showControls(describeReceivers(deliveries))}
      </span>
    </div>
  );
}
