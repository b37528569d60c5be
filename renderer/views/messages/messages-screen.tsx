import type { ComponentType } from 'react';
import { useStore } from 'zustand';
import { Page } from '../../components/layout/page.tsx';
import { PlaceLinks } from '../../components/layout/place-links.tsx';
import { useStores } from '../../components/use-stores.tsx';
import { EVENTS_PLACE } from '../../state/messages/messages-places.ts';
import { EventActions, EventNote } from './events/event-actions.tsx';
import { EventsView } from './events/events-view.tsx';
import classes from './messages-screen.module.css';
import { SocketActions, SocketNote } from './socket/socket-actions.tsx';
import { SocketView } from './socket/socket-view.tsx';

interface MessagesPlace {
  readonly title: string;
  /** `#/messages/<item>` */
  readonly item: string | null;
  readonly View: ComponentType;
  /** Beside the screen's title. */
  readonly Note: ComponentType;
  /** At the right end of the header. */
  readonly Actions: ComponentType;
}

const WEB_SOCKET: MessagesPlace = {
  title: 'WebSocket',
  item: null,
  View: SocketView,
  Note: SocketNote,
  Actions: SocketActions,
};
const EVENTS: MessagesPlace = {
  title: 'Events',
  item: EVENTS_PLACE,
  View: EventsView,
  Note: EventNote,
  Actions: EventActions,
};
const PLACES: readonly MessagesPlace[] = [WEB_SOCKET, EVENTS];

/** What leaves plugins for others: messages to users' windows, and events for other plugins. */
export function MessagesScreen() {
  const { ui } = useStores();
  const item = useStore(ui.store, ({ route }) => route.item);
  const { View, Note, Actions, item: present } = PLACES.find((place) => place.item === item) ?? WEB_SOCKET;
  return (
    <Page title="Messages" layout="flush" note={<Note />} actions={<Actions />}>
      <div className={classes.bar}>
        <PlaceLinks screen="messages" places={PLACES} present={present} />
      </div>
      <View />
    </Page>
  );
}
