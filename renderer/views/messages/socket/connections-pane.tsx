import { ActionIcon, Tooltip } from '@mantine/core';
import { IconFlask, IconX } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type {
  SocketConnection,
  SocketEnd,
  SocketState,
  TokenWay,
} from '../../../../main/contract/sockets.ts';
import { ForeignText } from '../../../components/text/foreign-text.tsx';
import {
  formatBytes,
  formatClock,
  formatCount,
  plural,
  showControls,
} from '../../../components/text/format.ts';
import { useStores } from '../../../components/use-stores.tsx';
import classes from './connections-pane.module.css';

const WAYS: Readonly<Record<TokenWay, string>> = {
  access_token: 'subprotocol access_token',
  mozaiks: 'subprotocol mozaiks',
  query: '?access_token=',
  none: 'no token',
};

/** Who is connected now, and who was refused or has gone. */
export function ConnectionsPane({ view }: { readonly view: SocketState }) {
  const { connections, ends } = view;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className={classes.pane} aria-label="Connections" tabIndex={0}>
      <h2 className={classes.head}>
        Connected <span className={classes.count}>{formatCount(connections.length)}</span>
      </h2>
      {connections.length === 0 && <p className={classes.none}>Nobody is connected now.</p>}
      <ul className={classes.list}>
        {connections.map((connection) => (
          <ConnectionRow key={connection.id} connection={connection} />
        ))}
      </ul>
      {ends.length > 0 && (
        <>
          <h2 className={classes.head}>
            Refused and ended <span className={classes.count}>{formatCount(ends.length)}</span>
          </h2>
          <ul className={classes.list}>
            {ends.map((end) => (
              <EndRow key={end.seq} end={end} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function ConnectionRow({ connection }: { readonly connection: SocketConnection }) {
  const { sockets } = useStores();
  const chosen = useStore(sockets.store, (state) => state.connection === connection.id);
  const { id, user, since, address, way, messages, bytes, received, isTest } = connection;
  const name = showControls(user);
  return (
    <li className={classes.row} data-chosen={chosen || undefined}>
      <button
        type="button"
        className={classes.choice}
        aria-pressed={chosen}
        title={chosen ? 'Show all messages' : 'Show only messages to this connection'}
        onClick={() => sockets.showOnly(chosen ? null : id)}
      >
        <span className={classes.user}>
          {isTest && (
            <IconFlask size={14} stroke={2} aria-label="Test connection" className={classes.flask} />
          )}
          <ForeignText text={user} />
        </span>
        <span className={classes.facts}>
          {plural(messages, 'message')}, {formatBytes(bytes)}
          {received > 0 && ` · sent ${formatCount(received)}, not read`} · since {formatClock(since)}
        </span>
        <span className={classes.facts}>
          <span className="mono">{address}</span> · {WAYS[way]}
        </span>
      </button>
      <Tooltip label="Close this connection">
        <ActionIcon
          aria-label={`Close the connection of ${name} at ${address}`}
          onClick={() => sockets.close(id)}
        >
          <IconX size={14} />
        </ActionIcon>
      </Tooltip>
    </li>
  );
}

function EndRow({ end }: { readonly end: SocketEnd }) {
  const { at, kind, code, reason, detail, remedy, user, path } = end;
  return (
    <li className={classes.end} data-kind={kind}>
      <div className={classes.endHead}>
        <span className={classes.code}>{code}</span>
        <span className={classes.reason}>
          <ForeignText text={reason === '' ? describeCode(code) : reason} />
        </span>
        <time className={classes.time}>{formatClock(at)}</time>
      </div>
      <div className={classes.facts}>
        {user === null ? <ForeignText text={path} /> : <ForeignText text={user} />}
      </div>
      {detail !== null && (
        <div className={classes.facts}>
          <ForeignText text={detail} />
        </div>
      )}
      {remedy !== null && (
        <div className={classes.remedy}>
          <ForeignText text={remedy} />
        </div>
      )}
    </li>
  );
}

/** What RFC 6455 means by it, where neither side said more. */
function describeCode(code: number): string {
  if (code === 1000) return 'Closed by the client';
  if (code === 1001) return 'The page was left';
  if (code === 1005) return 'Closed by the client without a code';
  if (code === 1006) return 'The connection broke';
  return 'No reason given';
}
