import { Button } from '@mantine/core';
import { IconFlask, IconPlugConnected } from '@tabler/icons-react';
import type { ArrivedMessage, SocketEnd, TestConnection } from '../../../../main/contract/sockets.ts';
import { EmptyState } from '../../../components/status/states.tsx';
import { ForeignText } from '../../../components/text/foreign-text.tsx';
import { formatBytes, formatTime } from '../../../components/text/format.ts';
import { useStores } from '../../../components/use-stores.tsx';
import classes from './arrived-view.module.css';
import { Payload } from './message-detail.tsx';

export interface ArrivedViewProps {
  readonly test: TestConnection | null;
  readonly ends: readonly SocketEnd[];
}

/** What a client sees: the connection that this screen opened. */
export function ArrivedView({ test, ends }: ArrivedViewProps) {
  const { sockets } = useStores();
  if (test === null) {
    return (
      <EmptyState
        icon={IconFlask}
        title="No test connection"
        text="Connect as a persona to see what arrives at a page of that user."
        action={
          <Button leftSection={<IconPlugConnected size={14} />} onClick={sockets.connect}>
            Connect
          </Button>
        }
      />
    );
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className={classes.pane} aria-label="Test connection" tabIndex={0}>
      <State test={test} ends={ends} />
      {test.arrived.length === 0 && test.state === 'open' && (
        <p className={classes.none}>Nothing has arrived yet.</p>
      )}
      <ol className={classes.list} aria-label="Arrived messages">
        {test.arrived.toReversed().map((message) => (
          <Arrived key={message.number} message={message} />
        ))}
      </ol>
    </section>
  );
}

function State({ test, ends }: { readonly test: TestConnection; readonly ends: readonly SocketEnd[] }) {
  const { state, user, closed } = test;
  if (state === 'connecting') return <p className={classes.state}>Connecting…</p>;
  if (state === 'open') {
    return (
      <p className={classes.state} data-tone="ok">
        Open as <ForeignText text={user ?? test.persona} />
      </p>
    );
  }
  const why = ends.find(({ code, at }) => code === closed?.code && at >= test.openedAt);
  return (
    <div className={classes.state} data-tone="bad" role="status">
      <strong>{closed?.code == null ? 'Not connected' : `Closed with ${closed.code}`}</strong>{' '}
      <ForeignText text={closed?.reason ?? ''} />
      {why?.detail != null && (
        <div className={classes.detail}>
          <ForeignText text={why.detail} />
        </div>
      )}
      {why?.remedy != null && (
        <div className={classes.detail}>
          <ForeignText text={why.remedy} />
        </div>
      )}
    </div>
  );
}

function Arrived({ message }: { readonly message: ArrivedMessage }) {
  const { number, at, text, bytes } = message;
  return (
    <li className={classes.message}>
      <div className={classes.facts}>
        {number} · {formatTime(at)} · {formatBytes(bytes)}
      </div>
      <Payload text={text} bytes={bytes} />
    </li>
  );
}
