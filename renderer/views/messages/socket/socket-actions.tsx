import { ActionIcon, Button, Tooltip } from '@mantine/core';
import {
  IconPlayerPause,
  IconPlayerPlay,
  IconPlugConnected,
  IconPlugConnectedX,
  IconTrash,
} from '@tabler/icons-react';
import { useStore } from 'zustand';
import { PersonaSelect } from '../../../components/controls/persona-select.tsx';
import { useCommands } from '../../../components/controls/use-commands.ts';
import { formatCount, plural } from '../../../components/text/format.ts';
import { useStores } from '../../../components/use-stores.tsx';
import { readyValue } from '../../../state/app/loadable.ts';
import { openTest } from '../../../state/messages/socket-store.ts';
import classes from './socket-actions.module.css';

/** "2 connected · 14 messages" */
export function SocketNote() {
  const state = useStore(useStores().sockets.store);
  const view = readyValue(state.sockets);
  if (view === undefined) return null;
  const connected = `${formatCount(view.connections.length)} connected`;
  return (
    <span className="tabular" role="status" aria-label="Connections and messages">
      {`${connected} · ${plural(state.messages.length, 'message')}`}
    </span>
  );
}

/** Connect as a persona, pause, clear. */
export function SocketActions() {
  const { sockets, ui } = useStores();
  const persona = useStore(sockets.store, (state) => state.persona);
  const test = useStore(sockets.store, openTest);
  const paused = useStore(sockets.store, ({ waiting }) => waiting !== null);
  const needsToken = useStore(ui.store, ({ customToken }) => persona === 'custom' && customToken === '');
  const noToken = needsToken ? 'Paste a token on the screen Run or Tokens first' : null;
  const toggle = () => (test === null ? sockets.connect() : sockets.close(test));
  useCommands([
    {
      id: 'sockets.connect',
      title: test === null ? 'Connect as the selected persona' : 'Close the test connection',
      about: 'Opens a WebSocket to this runtime',
      group: 'This screen',
      keys: 'C',
      icon: test === null ? IconPlugConnected : IconPlugConnectedX,
      unavailable: noToken,
      run: toggle,
    },
    {
      id: 'sockets.pause',
      title: paused ? 'Resume live updates' : 'Pause live updates',
      group: 'This screen',
      keys: 'P',
      icon: paused ? IconPlayerPlay : IconPlayerPause,
      run: sockets.togglePause,
    },
  ]);
  return (
    <>
      <div className={classes.persona}>
        <PersonaSelect value={persona} onChange={sockets.choosePersona} disabled={test !== null} />
      </div>
      <Tooltip label={noToken ?? (test === null ? 'Open a test connection (C)' : 'Close it (C)')}>
        <Button
          leftSection={test === null ? <IconPlugConnected size={14} /> : <IconPlugConnectedX size={14} />}
          onClick={toggle}
          disabled={needsToken}
        >
          {test === null ? 'Connect' : 'Disconnect'}
        </Button>
      </Tooltip>
      <PauseButton paused={paused} />
      <ClearButton />
    </>
  );
}

function PauseButton({ paused }: { readonly paused: boolean }) {
  const { sockets } = useStores();
  const waiting = useStore(sockets.store, (state) => state.waiting?.length ?? 0);
  const resume = waiting > 0 ? `Resume (${formatCount(waiting)} new)` : 'Resume';
  return (
    <Tooltip label={paused ? 'Resume live updates (P)' : 'Pause live updates (P)'}>
      <Button
        leftSection={paused ? <IconPlayerPlay size={14} /> : <IconPlayerPause size={14} />}
        onClick={sockets.togglePause}
        aria-pressed={paused}
      >
        {paused ? resume : 'Pause'}
      </Button>
    </Tooltip>
  );
}

function ClearButton() {
  const { sockets } = useStores();
  const none = useStore(
    sockets.store,
    (state) => state.messages.length === 0 && (readyValue(state.sockets)?.ends ?? []).length === 0,
  );
  useCommands([
    {
      id: 'sockets.clear',
      title: 'Clear messages',
      about: 'Forgets messages, and connections that have ended',
      group: 'This screen',
      icon: IconTrash,
      unavailable: none ? 'There is nothing to clear' : null,
      run: sockets.clear,
    },
  ]);
  return (
    <Tooltip label="Clear messages">
      <ActionIcon onClick={sockets.clear} disabled={none} aria-label="Clear messages">
        <IconTrash size={16} />
      </ActionIcon>
    </Tooltip>
  );
}
