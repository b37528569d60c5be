import { Button } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { SocketState } from '../../../../main/contract/sockets.ts';
import { PaneTabs } from '../../../components/layout/pane-tabs.tsx';
import { SplitPane } from '../../../components/layout/split-pane.tsx';
import { EmptyState, LoadState } from '../../../components/status/states.tsx';
import { formatCount } from '../../../components/text/format.ts';
import { useStores } from '../../../components/use-stores.tsx';
import { ArrivedView } from './arrived-view.tsx';
import { ConnectSnippet } from './connect-snippet.tsx';
import { ConnectionsPane } from './connections-pane.tsx';
import { SentView } from './sent-view.tsx';
import classes from './socket-view.module.css';

/** Who is connected for notifications, and what was sent to them. */
export function SocketView() {
  const { sockets } = useStores();
  const load = useStore(sockets.store, (state) => state.sockets);
  useEffect(sockets.follow, []);
  return (
    <LoadState load={load} what="WebSockets" onRetry={sockets.load}>
      {(view) => <Content view={view} />}
    </LoadState>
  );
}

function Content({ view }: { readonly view: SocketState }) {
  const { sockets } = useStores();
  const hasMessages = useStore(sockets.store, ({ messages }) => messages.length > 0);
  const { connections, ends, test } = view;
  if (connections.length === 0 && ends.length === 0 && test === null && !hasMessages) return <Nobody />;
  const arrived = test?.arrived.at(-1)?.number ?? 0;
  return (
    <SplitPane
      id="sockets"
      initial={0.32}
      min={[280, 440]}
      first={<ConnectionsPane view={view} />}
      second={
        <PaneTabs
          group="sockets"
          first="sent"
          panelClass={classes.panel}
          tabs={[
            { value: 'sent', title: 'Sent', show: () => <SentView /> },
            {
              value: 'arrived',
              title: 'Test connection',
              sign: arrived > 0 ? <span className={classes.amount}>{formatCount(arrived)}</span> : null,
              show: () => <ArrivedView test={test} ends={ends} />,
            },
          ]}
        />
      }
    />
  );
}

function Nobody() {
  const { sockets } = useStores();
  return (
    <EmptyState
      icon={IconPlugConnected}
      title="Nobody is connected"
      text="Pages that connect are listed here, with every message that plugins send them. A page connects like this:"
      action={
        <div className={classes.start}>
          <ConnectSnippet />
          <Button leftSection={<IconPlugConnected size={14} />} onClick={sockets.connect}>
            Connect as the selected persona
          </Button>
        </div>
      }
    />
  );
}
