import { Button } from '@mantine/core';
import { IconMessage2, IconX } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { SocketMessage } from '../../../../main/contract/sockets.ts';
import { RowList } from '../../../components/layout/row-list.tsx';
import { EmptyState } from '../../../components/status/states.tsx';
import { formatTime, showControls } from '../../../components/text/format.ts';
import { useStores } from '../../../components/use-stores.tsx';
import { shownMessages } from '../../../state/messages/socket-store.ts';
import { describeCause, MessageDetail } from './message-detail.tsx';
import classes from './sent-view.module.css';

/** Every message, the newest first, and the selected one. */
export function SentView() {
  const { sockets } = useStores();
  const state = useStore(sockets.store);
  const shown = shownMessages(state);
  const selected = shown.find(({ seq }) => seq === state.selected);
  return (
    <div className={classes.frame}>
      {state.connection !== null && (
        <div className={classes.filter}>
          <span>Only what one connection got</span>
          <Button variant="subtle" leftSection={<IconX size={14} />} onClick={() => sockets.showOnly(null)}>
            Show all messages
          </Button>
        </div>
      )}
      {shown.length === 0 ? (
        <NoMessages />
      ) : (
        <RowList
          label="Messages"
          count={shown.length}
          rowAt={(index) => shown[index]}
          idOf={({ seq }) => seq}
          selectedAt={shown.findIndex(({ seq }) => seq === state.selected)}
          onPress={({ seq }) => sockets.select(seq === state.selected ? null : seq)}
          onStep={sockets.selectNeighbour}
        >
          {(message) => <Row message={message} />}
        </RowList>
      )}
      {selected !== undefined && <MessageDetail message={selected} />}
    </div>
  );
}

function NoMessages() {
  return (
    <EmptyState
      icon={IconMessage2}
      title="No messages yet"
      text="What a plugin sends with websocket_manager, and every notification it creates, appears here: also what reached nobody."
    />
  );
}

/** A message to one user's connections, or to all. */
function Row({ message }: { readonly message: SocketMessage }) {
  const { at, type, text, user, delivered, cause } = message;
  return (
    <div className={classes.row}>
      <time className={classes.time}>{formatTime(at)}</time>
      <span className={classes.type}>{showControls(type === '' ? text : type)}</span>
      <span className={classes.user}>{user === null ? 'all users' : showControls(user)}</span>
      <span className={classes.delivered} data-none={delivered === 0 || undefined}>
        {delivered === 0 ? 'reached nobody' : `× ${delivered}`}
      </span>
      <span className={classes.cause}>{showControls(describeCause(cause))}</span>
    </div>
  );
}
