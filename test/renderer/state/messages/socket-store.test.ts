import { expect, it, onTestFinished, vi } from 'vitest';
import type { SocketConnection, SocketMessage, SocketsView } from '../../../../main/contract/sockets.ts';
import { openTest, shownMessages } from '../../../../renderer/state/messages/socket-store.ts';
import { type Answers, Refusal } from '../../support/stub-bridge.ts';
import { stubStores } from '../../support/stub-stores.ts';

const message = (seq: number, connections: readonly number[] = [1]): SocketMessage => ({
  seq,
  at: seq,
  user: 'ada',
  type: 't',
  text: '{}',
  bytes: 2,
  delivered: connections.length,
  connections,
  cause: { kind: 'plugin', plugin: 'notes', trace: null },
});

const connection = (id: number, isTest = false): SocketConnection => ({
  id,
  user: 'ada',
  since: 1,
  address: `127.0.0.1:${id}`,
  way: 'none',
  messages: 0,
  bytes: 0,
  received: 0,
  isTest,
});

const view = (changes: Partial<SocketsView> = {}): SocketsView => ({
  connections: [connection(1), connection(2)],
  ends: [],
  test: null,
  messages: [],
  ...changes,
});

async function follow(answers: Answers = {}) {
  const stub = stubStores({ sockets: () => view({ messages: [message(1), message(2)] }), ...answers });
  const { sockets } = stub.stores;
  onTestFinished(sockets.follow());
  await vi.waitFor(() => expect(sockets.store.getState().sockets.state).not.toBe('loading'));
  const seqs = () => shownMessages(sockets.store.getState()).map(({ seq }) => seq);
  return { ...stub, sockets, seqs };
}

it('shows the newest first, each once, at most 500', async () => {
  const { emit, seqs } = await follow();
  expect(seqs()).toEqual([2, 1]);
  emit('sockets', view({ messages: [message(2), message(3)] }));
  expect(seqs()).toEqual([3, 2, 1]);
  emit('sockets', view({ messages: Array.from({ length: 500 }, (_, at) => message(at + 4)) }));
  expect([seqs().length, seqs()[0], seqs().at(-1)]).toEqual([500, 503, 4]);
});

it('keeps the list still while it is paused, and adds what came then', async () => {
  const { emit, seqs, sockets } = await follow();
  sockets.togglePause();
  emit('sockets', view({ messages: [message(3), message(4)] }));
  emit('sockets', view({ messages: [message(5)] }));
  expect(seqs()).toEqual([2, 1]);
  expect(sockets.store.getState().waiting?.length).toBe(3);
  sockets.togglePause();
  expect(seqs()).toEqual([5, 4, 3, 2, 1]);
});

it('shows one connection’s messages until it has gone', async () => {
  const { emit, seqs, sockets } = await follow();
  emit('sockets', view({ messages: [message(3, [2])] }));
  sockets.showOnly(2);
  expect(seqs()).toEqual([3]);
  emit('sockets', view({ connections: [connection(1)] }));
  expect(seqs()).toEqual([3, 2, 1]);
});

it('moves the selection by keys, within the list', async () => {
  const { sockets } = await follow();
  const selected = () => sockets.store.getState().selected;
  sockets.selectNeighbour(1);
  expect(selected()).toBe(2);
  sockets.selectNeighbour(1);
  sockets.selectNeighbour(15);
  expect(selected()).toBe(1);
  sockets.selectNeighbour(-1e9);
  expect(selected()).toBe(2);
});

it('connects as the chosen persona, with the own token where that is chosen, and says why not', async () => {
  const { calls, sockets, stores, announced } = await follow({
    connectSocket: () => {
      throw new Refusal('BAD_REQUEST', 'paste a token');
    },
  });
  await sockets.connect();
  expect(announced).toMatchObject([{ title: 'Not connected', text: 'paste a token' }]);
  stores.ui.setCustomToken('a.b.c');
  sockets.choosePersona('custom');
  await sockets.connect();
  expect(calls.filter(({ name }) => name === 'connectSocket').map(({ argument }) => argument)).toEqual([
    { persona: 'user' },
    { persona: 'custom', token: 'a.b.c' },
  ]);
});

it('knows the test connection, and clears', async () => {
  const { emit, sockets, seqs } = await follow({ clearSockets: () => null });
  expect(openTest(sockets.store.getState())).toBeNull();
  emit('sockets', view({ connections: [connection(1), connection(7, true)] }));
  expect(openTest(sockets.store.getState())).toBe(7);
  await sockets.clear();
  expect(seqs()).toEqual([]);
});

it('a failed load is a state of its own', async () => {
  const { sockets } = await follow({
    sockets: () => {
      throw new Refusal('NOT_FOUND', 'no runtime');
    },
  });
  expect(sockets.store.getState().sockets).toMatchObject({
    state: 'failed',
    error: { message: 'no runtime' },
  });
});
