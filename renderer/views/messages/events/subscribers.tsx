import { ActionIcon, Tooltip } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { CodeBlock } from '../../../components/text/code-block.tsx';
import { ForeignText } from '../../../components/text/foreign-text.tsx';
import { formatCount, showControls } from '../../../components/text/format.ts';
import { formatRoute } from '../../../state/app/route.ts';
import type { SubscribedEvent } from '../../../state/messages/event-store.ts';
import classes from './subscribers.module.css';
import { useEvents } from './use-events.ts';
import { useSubscribedEvents } from './use-subscribed-events.ts';

const SNIPPET = `from mozaiks_infra.event_bus import on_event

@on_event("film:added")
async def on_film_added(data):
    print(data)`;

/** Each event that has subscribers, with the plugins and their functions. */
export function Subscribers() {
  const subscribed = useSubscribedEvents();
  return (
    <section className={classes.frame} aria-labelledby="subscribers-title">
      <h2 className={classes.title} id="subscribers-title">
        Subscribers <span className={classes.count}>{formatCount(subscribed.length)}</span>
      </h2>
      {subscribed.length === 0 && <HowTo />}
      <ul className={classes.list}>
        {subscribed.map((one) => (
          <Subscribed key={one.event} one={one} />
        ))}
      </ul>
    </section>
  );
}

function HowTo() {
  return (
    <div className={classes.howTo}>
      <p>No plugin subscribes to an event yet. A Python plugin does it like this, as in production:</p>
      <CodeBlock text={SNIPPET} copyLabel="Copy the subscriber" />
    </div>
  );
}

function Subscribed({ one: { event, plugins } }: { readonly one: SubscribedEvent }) {
  const events = useEvents();
  const fill = () => {
    events.chooseName(event);
    events.focusForm();
  };
  return (
    <li className={classes.item}>
      <div className={classes.event}>
        <span className={classes.name}>
          <ForeignText text={event} />
        </span>
        <Tooltip label="Fill in this name">
          <ActionIcon aria-label={`Fill in ${showControls(event)}`} onClick={fill}>
            <IconPencil size={14} />
          </ActionIcon>
        </Tooltip>
      </div>
      {plugins.map(({ name, subscribers }) => (
        <div key={name} className={classes.plugin}>
          <a href={`#${formatRoute('plugins', { item: name })}`}>{name}</a>{' '}
          <span className={classes.functions}>
            <ForeignText text={subscribers.join(', ')} />
          </span>
        </div>
      ))}
    </li>
  );
}
