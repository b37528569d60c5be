import { createStore } from 'zustand/vanilla';
import type { PersonaId } from '../../../main/contract/run.ts';
import {
  SOCKET_LIMITS,
  type SocketMessage,
  type SocketState,
  type SocketsView,
} from '../../../main/contract/sockets.ts';
import type { Inspector } from '../../bridge.ts';
import type { Announcements } from '../app/announcements.ts';
import { failed, LOADING, type Loadable, ready, readyValue, settle } from '../app/loadable.ts';
import type { UiStore } from '../app/ui.ts';

export interface SocketScreenState {
  /** Connections, ends, the test connection. */
  readonly sockets: Loadable<SocketState>;
  /** The newest first. */
  readonly messages: readonly SocketMessage[];
  /** Those that came while the list was paused; null while it isn't. */
  readonly waiting: readonly SocketMessage[] | null;
  /** Only messages to this connection; null: all. */
  readonly connection: number | null;
  /** The message that is shown, by its number. */
  readonly selected: number | null;
  readonly persona: PersonaId;
}

interface SocketStoreDeps {
  readonly inspector: Inspector;
  readonly announcements: Announcements;
  readonly ui: UiStore;
}

/** What the screen Messages shows of WebSockets. */
export function createSocketStore({ inspector, announcements, ui }: SocketStoreDeps) {
  const store = createStore<SocketScreenState>()(() => ({
    sockets: LOADING,
    messages: [],
    waiting: null,
    connection: null,
    selected: null,
    persona: 'user',
  }));

  async function load(): Promise<void> {
    const answer = await settle(inspector.call('sockets', null));
    if (answer.state !== 'ready') {
      store.setState({ sockets: answer });
      return;
    }
    const { messages, ...sockets } = answer.value;
    store.setState({ sockets: ready(sockets), messages: messages.toReversed() });
  }

  function receive({ messages: sent, ...sockets }: SocketsView): void {
    store.setState((state) => {
      const isGone = !sockets.connections.some(({ id }) => id === state.connection);
      const connection = isGone ? null : state.connection;
      const base = { sockets: ready(sockets), connection };
      return state.waiting === null
        ? { ...base, messages: withNew(state.messages, sent) }
        : { ...base, waiting: withNew(state.waiting, sent) };
    });
  }

  /** Follows what is sent while the screen is open; returns `stop`. */
  function follow(): () => void {
    const unsubscribe = inspector.on('sockets', receive);
    load().catch((error) => store.setState({ sockets: failed(error) }));
    return unsubscribe;
  }

  function togglePause(): void {
    store.setState(({ messages, waiting }) =>
      waiting === null
        ? { waiting: [] }
        : { waiting: null, messages: withNew(messages, waiting.toReversed()) },
    );
  }

  /** Why it could not be done is announced. */
  async function attempt(done: Promise<unknown>, what: string): Promise<void> {
    const outcome = await settle(done);
    if (outcome.state !== 'failed') return;
    announcements.announce({ tone: 'bad', title: what, text: outcome.error.message });
  }

  /** Opens the test connection as the chosen persona, in place of the last one. */
  function connect(): Promise<void> {
    const { persona } = store.getState();
    const { customToken } = ui.store.getState();
    const own = persona === 'custom' ? { token: customToken } : {};
    return attempt(inspector.call('connectSocket', { persona, ...own }), 'Not connected');
  }

  function close(id: number): Promise<void> {
    return attempt(inspector.call('closeSocket', { id }), 'Not closed');
  }

  async function clear(): Promise<void> {
    await attempt(inspector.call('clearSockets', null), 'Not cleared');
    store.setState(({ waiting }) => ({
      messages: [],
      waiting: waiting === null ? null : [],
      selected: null,
    }));
  }

  function selectNeighbour(step: number): void {
    const shown = shownMessages(store.getState());
    const at = shown.findIndex(({ seq }) => seq === store.getState().selected);
    const next = shown[Math.min(Math.max(at + step, 0), shown.length - 1)];
    if (next !== undefined) store.setState({ selected: next.seq });
  }

  return {
    store,
    load,
    follow,
    togglePause,
    connect,
    close,
    clear,
    selectNeighbour,
    select: (selected: number | null) => store.setState({ selected }),
    showOnly: (connection: number | null) => store.setState({ connection, selected: null }),
    choosePersona: (persona: PersonaId) => store.setState({ persona }),
  };
}

/** The messages of the chosen connection, or all. */
export function shownMessages({ messages, connection }: SocketScreenState): readonly SocketMessage[] {
  if (connection === null) return messages;
  return messages.filter(({ connections }) => connections.includes(connection));
}

/** The test connection while it is open. */
export function openTest({ sockets }: SocketScreenState): number | null {
  return readyValue(sockets)?.connections.find(({ isTest }) => isTest)?.id ?? null;
}

/** `sent` has the newest last, `before` and the result first; what is known already is left out. */
function withNew(before: readonly SocketMessage[], sent: readonly SocketMessage[]): readonly SocketMessage[] {
  const last = before[0]?.seq ?? 0;
  const added = sent.filter(({ seq }) => seq > last).toReversed();
  return added.length === 0 ? before : [...added, ...before].slice(0, SOCKET_LIMITS.messages);
}
