import { Button } from '@mantine/core';
import { IconMessage2, IconX } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { SocketMessage } from '../../../../main/contract/sockets.ts';
import { useFixedRows } from '../../../components/layout/fixed-rows.ts';
import { EmptyState } from '../../../components/status/states.tsx';
import { formatTime, showControls } from '../../../components/text/format.ts';
import { useStores } from '../../../components/use-stores.tsx';
import { shownMessages } from '../../../state/messages/socket-store.ts';
import { describeCause, MessageDetail } from './message-detail.tsx';
import classes from './sent-view.module.css';

const ROW_HEIGHT = 32;
const OVERSCAN = 8;

const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 15,
  PageUp: -15,
  Home: -1e9,
  End: 1e9,
};

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
      {shown.length === 0 ? <NoMessages /> : <Messages messages={shown} selected={selected} />}
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

interface MessagesProps {
  readonly messages: readonly SocketMessage[];
  readonly selected: SocketMessage | undefined;
}

function Messages({ messages, selected }: MessagesProps) {
  const { sockets } = useStores();
  const scroller = useRef<HTMLDivElement>(null);
  const { first, end, show } = useFixedRows({
    scroller,
    count: messages.length,
    rowHeight: ROW_HEIGHT,
    overscan: OVERSCAN,
    onScroll: ignoreScroll,
  });
  const at = selected === undefined ? -1 : messages.indexOf(selected);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new selection scrolls, not new messages
  useEffect(() => {
    if (at >= 0) show(at);
  }, [selected?.seq, show]);
  const press = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    sockets.selectNeighbour(step);
  };
  return (
    <div
      ref={scroller}
      className={classes.list}
      role="listbox"
      aria-label="Messages"
      tabIndex={0}
      aria-activedescendant={at >= first && at < end ? rowId(selected?.seq) : undefined}
      onKeyDown={press}
    >
      <div className={classes.sizer} style={{ height: messages.length * ROW_HEIGHT }}>
        {messages.slice(first, end).map((message, place) => (
          <Row
            key={message.seq}
            message={message}
            top={(first + place) * ROW_HEIGHT}
            isOpen={message === selected}
          />
        ))}
      </div>
    </div>
  );
}

function ignoreScroll(): void {
  // Nothing else follows where the list is.
}

function rowId(seq: number | undefined): string {
  return `message-row-${seq}`;
}

interface RowProps {
  readonly message: SocketMessage;
  readonly top: number;
  readonly isOpen: boolean;
}

/** The list itself has the focus and handles keys. */
function Row({ message, top, isOpen }: RowProps) {
  const { sockets } = useStores();
  const { seq, at, type, text, user, delivered, cause } = message;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the listbox around it
    <div
      id={rowId(seq)}
      className={classes.row}
      role="option"
      tabIndex={-1}
      aria-selected={isOpen}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => sockets.select(isOpen ? null : seq)}
    >
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
