import { beforeAll, describe, expect, it } from 'vitest';
import type { SocketsView } from '../../main/contract/sockets.ts';
import type { Runtime } from '../../main/runtime/runtime.ts';
import { cleanUpAfterAll } from '../support/clean-up.ts';
import { startRuntime, type TestRuntime } from '../support/runtime.ts';
import { bearer, localToken } from '../support/tokens.ts';
import { webSocket } from '../support/web-socket.ts';

async function viewOf({ inspector }: Runtime): Promise<SocketsView> {
  const answer = await inspector.call('sockets', null);
  if (!answer.ok) throw new Error(answer.error.message);
  return answer.value as SocketsView;
}

const TALKER = {
  'logic.py': `
import datetime
from mozaiks_infra.websocket_manager import websocket_manager
from mozaiks_platform.notifications_manager import notifications_manager

async def execute(data):
    if data["do"] == "send":
        await websocket_manager.send_to_user(data["to"], {"type": "hello", "token": data.get("user_jwt"), "n": 1.0})
    if data["do"] == "broadcast":
        await websocket_manager.broadcast({"type": "all"})
    if data["do"] == "date":
        await websocket_manager.send_to_user(data["to"], {"type": "hello", "at": datetime.datetime(2026, 1, 2)})
    if data["do"] == "notify":
        await notifications_manager.create_notification(
            user_id=data["to"], notification_type="talker_news", title="News", message="It rains", metadata={"n": 1})
    return {"ok": True}
`,
};

describe('what a Python plugin sends', () => {
  let runtime: TestRuntime;
  const token = localToken({ sub: 'ada' });
  const cleanUp = cleanUpAfterAll();
  beforeAll(async () => {
    runtime = await startRuntime({ plugins: { talker: TALKER }, cleanUp });
  });
  const sockets = () => viewOf(runtime.runtime);
  const countOf = async (sub: string) =>
    (await sockets()).connections.filter(({ user }) => user === sub).length;
  const connect = async (sub: string) => {
    const before = await countOf(sub);
    const client = webSocket(runtime.baseUrl, '/ws/notifications/_', {
      protocols: [`access_token.${localToken({ sub })}`],
    });
    await client.opened;
    await expect.poll(() => countOf(sub)).toBe(before + 1);
    return client;
  };
  const send = (body: object) => runtime.execute('talker', body, bearer(token));
  const sent = () => runtime.lastTrace().events.map(({ detail }) => JSON.parse(detail));

  it('N12: reaches the user’s connections as it was written, and its trace says how many', async () => {
    const clients = [await connect('ada'), await connect('ada')];
    const other = await connect('bob');
    await send({ do: 'send', to: 'ada' });
    for (const client of clients) {
      expect(await client.next()).toBe(`{"type": "hello", "token": "${token}", "n": 1.0}`);
    }
    expect(sent()).toMatchObject([{ user_id: 'ada', delivered_to: 2 }]);
    await send({ do: 'broadcast' });
    expect(await other.next()).toBe('{"type": "all"}');
    expect(sent()).toMatchObject([{ to: 'all users', delivered_to: 3 }]);
    const { messages } = await sockets();
    const cause = { kind: 'plugin', plugin: 'talker', trace: runtime.lastTrace().id };
    expect(messages.at(-1)).toMatchObject({ user: null, type: 'all', delivered: 3, cause });
    expect(JSON.stringify(messages)).not.toContain(token);
  });

  it('N12: with a datetime in it is logged, not delivered and not raised', async () => {
    const client = await connect('cy');
    expect((await send({ do: 'date', to: 'cy' })).status).toBe(200);
    expect(sent()).toMatchObject([
      { delivered_to: 0, not_delivered: 'Object of type datetime is not JSON serializable' },
    ]);
    await send({ do: 'send', to: 'cy' });
    expect(await client.next()).toContain('"n": 1.0');
  });

  it('N13: as a notification is pushed once it is stored, and names the call that made it', async () => {
    const client = await connect('dot');
    await send({ do: 'notify', to: 'dot' });
    const made = { user_id: 'dot', type: 'talker_news', title: 'News', message: 'It rains', read: false };
    const message = JSON.parse(await client.next());
    expect(message).toEqual({
      type: 'notification',
      subtype: 'new',
      data: { ...made, id: expect.any(String), created_at: expect.any(String), metadata: { n: 1 } },
      timestamp: message.data.created_at,
    });
    expect((await sockets()).messages.at(-1)).toMatchObject({
      type: 'notification · new',
      user: 'dot',
      delivered: 1,
      cause: { plugin: 'talker', trace: runtime.lastTrace().id },
    });
  });
});

describe('the connection that the screen opens', () => {
  const start = async () => {
    const { runtime } = await startRuntime();
    return { call: runtime.inspector.call, view: () => viewOf(runtime) };
  };

  it('is a client like any other: what arrives is shown, how it ends too', async () => {
    const { call, view } = await start();
    expect(await call('connectSocket', { persona: 'user' })).toEqual({ ok: true, value: null });
    await expect.poll(async () => (await view()).connections).toMatchObject([{ isTest: true }]);
    const { connections, test } = await view();
    expect(test).toMatchObject({ state: 'open', user: connections[0]?.user });
    await call('closeSocket', { id: connections[0]?.id });
    await expect
      .poll(async () => (await view()).test)
      .toMatchObject({
        state: 'closed',
        closed: { code: 1001, reason: 'Closed in the workbench' },
      });
  });

  it('N10: is told when the runtime stops, as every client is', async () => {
    const { runtime, baseUrl } = await startRuntime();
    const client = webSocket(baseUrl, '/ws/notifications/_');
    await runtime.inspector.call('connectSocket', { persona: 'user' });
    await expect.poll(async () => (await viewOf(runtime)).connections.length).toBe(2);
    await runtime.stop();
    expect(await client.closed).toEqual({ code: 1001, reason: 'The runtime is stopping' });
  });

  it('shows a refusal as its client meets it', async () => {
    const { call, view } = await start();
    await call('connectSocket', { persona: 'custom', token: 'no token at all' });
    await expect
      .poll(async () => (await view()).test)
      .toMatchObject({
        closed: { code: 4001, reason: 'Authentication required' },
      });
    expect((await view()).ends).toMatchObject([{ code: 4001, kind: 'refused' }]);
  });
});
