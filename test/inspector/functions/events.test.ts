import { beforeAll, describe, expect, it } from 'vitest';
import { BUS_LIMITS, type BusEvent } from '../../../main/contract/event-bus.ts';
import { eventually } from '../../plugins/workspace.ts';
import { cleanUpAfterAll } from '../../support/clean-up.ts';
import { callInspector } from '../../support/inspector-call.ts';
import { startRuntime, type TestRuntime } from '../../support/runtime.ts';

/** Subscribes in all ways, and says what it got. */
const films = `from core.event_bus import on_event
got = []
@on_event("film:added")
def remember(data):
    got.append(data)
tries = []
@on_event("film:added")
async def index(data):
    tries.append(1)
    if len(tries) == 1:
        raise OSError("not yet")
def execute(data):
    return {"got": got}
`;

const breaks = `from core.event_bus import on_event
@on_event("film:added")
def refuse(data):
    raise ValueError("no room for " + data["password"])
def execute(data):
    return {}
`;

const adds = `from core.event_bus import event_bus
def own(data):
    pass
def execute(data):
    if data.get("listen"):
        event_bus.subscribe("film:seen", own)
    if data.get("publish"):
        event_bus.publish("film:seen", {"title": "M"})
    if data.get("exit"):
        import os
        os._exit(3)
    return {}
`;

const exits = `from core.event_bus import on_event
@on_event("exit")
def leave(data):
    import os
    os._exit(3)
def execute(data):
    return {}
`;

const cleanUp = cleanUpAfterAll();
let shared: TestRuntime;
beforeAll(async () => {
  const python = { films, breaks, adds, exits };
  shared = await startRuntime({
    plugins: {
      ...Object.fromEntries(Object.entries(python).map(([name, text]) => [name, { 'logic.py': text }])),
      script: 'export const execute = () => ({});\n',
    },
    cleanUp,
  });
});

const events = () => callInspector(shared, 'busEvents', null);
const send = (name: string, data: string, as: string | null = null) =>
  callInspector(shared, 'sendEvent', { name, data, as });
const find = async (seq: number) => (await events()).find((event) => event.seq === seq);
const stateOf = (event: BusEvent | undefined, plugin: string) =>
  event?.deliveries.find((delivery) => delivery.plugin === plugin)?.state;

describe('an event that is sent by hand', () => {
  it('reaches the subscribers of every plugin, number for number, and shows how each ended', async () => {
    const sent = await send('film:added', '{"id": 9007199254740993, "password": "hunter-2"}', 'adds');
    expect(sent).toMatchObject({ name: 'film:added', cause: { kind: 'sent', as: 'adds' } });
    expect(sent.deliveries.map(({ plugin }) => plugin)).toEqual(['breaks', 'films']);
    await eventually(async () => stateOf(await find(sent.seq), 'films')).toMatchObject({
      kind: 'ended',
      subscribers: [
        { name: 'remember', attempts: 1, error: null },
        { name: 'index', attempts: 2, error: null },
      ],
    });
    expect(stateOf(await find(sent.seq), 'breaks')).toMatchObject({
      kind: 'ended',
      subscribers: [{ name: 'refuse', attempts: 1, error: 'ValueError: no room for hunter-2' }],
    });
    // Shown masked; the plugin got it as it is.
    const shown = await find(sent.seq);
    expect(shown?.data).not.toContain('hunter-2');
    const { text } = await shared.execute('films');
    expect(text).toContain('9007199254740993');
    expect(text).toContain('hunter-2');
  });

  it('reaches nobody where nobody subscribes, and is remembered all the same', async () => {
    const sent = await send('nobody:listens', 'null');
    expect(sent.deliveries).toEqual([]);
    expect((await events()).at(-1)).toEqual(sent);
  });

  it('is refused where its data is not JSON, or nobody has that name', async () => {
    await expect(send('x', '{"a":')).rejects.toThrow('BAD_REQUEST');
    await expect(send(' ', '{}')).rejects.toThrow('BAD_REQUEST');
    await expect(send('x', '{}', 'stranger')).rejects.toThrow('NOT_FOUND');
  });

  it('says so where the process of a subscriber ends over it', async () => {
    const sent = await send('exit', '{}');
    await eventually(async () => stateOf(await find(sent.seq), 'exits')).toEqual({
      kind: 'lost',
      reason: 'its process ended first',
    });
  });
});

describe('the history', () => {
  it('names who published an event, with the trace, and the publisher’s own subscribers', async () => {
    await shared.execute('adds', { listen: true, publish: true });
    const trace = shared.lastTrace();
    await eventually(async () => (await events()).find(({ name }) => name === 'film:seen')).toMatchObject({
      data: '{"title":"M"}',
      cause: { kind: 'plugin', plugin: 'adds', trace: trace.id },
      deliveries: [
        {
          plugin: 'adds',
          isOwn: true,
          state: { kind: 'ended', subscribers: [{ name: 'own', attempts: 1, error: null }] },
        },
      ],
    });
    const executed = (await events()).findLast(({ name }) => name === 'plugin_executed');
    expect(executed).toMatchObject({ cause: { kind: 'runtime', trace: trace.id }, deliveries: [] });
  });

  it('masks what it shows and shows no more of it than it may', async () => {
    const long = await send('long', JSON.stringify({ token: 'a-secret', text: 'x'.repeat(10_000) }));
    expect(long.data).toHaveLength(BUS_LIMITS.shownLength);
    expect(long.data).not.toContain('a-secret');
    const huge = await send('huge', JSON.stringify('x'.repeat(BUS_LIMITS.maskedLength)));
    expect(huge).toMatchObject({ data: null, length: BUS_LIMITS.maskedLength + 2 });
  });

  it('has the last 200, and forgets them when asked', async () => {
    for (let count = 0; count < BUS_LIMITS.events + 5; count += 1) await send(`n${count}`, '1');
    const all = await events();
    expect(all).toHaveLength(BUS_LIMITS.events);
    expect(all.at(-1)?.name).toBe(`n${BUS_LIMITS.events + 4}`);
    await callInspector(shared, 'clearBusEvents', null);
    expect(await events()).toEqual([]);
  });

  it('is told to a UI as it goes on', async () => {
    const heard: (readonly BusEvent[])[] = [];
    const unsubscribe = shared.runtime.inspector.events.subscribe({
      isVisible: () => true,
      send: (event, payload) => {
        if (event === 'busEvents') heard.push(payload as readonly BusEvent[]);
      },
    });
    cleanUp(unsubscribe);
    const { seq } = await send('film:added', '{"password": "p"}');
    const last = () => heard.flat().findLast((event) => event.seq === seq);
    await eventually(() => stateOf(last(), 'breaks')?.kind).toBe('ended');
  });
});

it('a plugin’s view lists the events that it subscribes to, with its functions, also later ones', async () => {
  const subscriptionsOf = (name: string) => shared.runtime.engine.get(name)?.subscriptions;
  expect(subscriptionsOf('films')).toEqual([{ event: 'film:added', subscribers: ['remember', 'index'] }]);
  expect(subscriptionsOf('script')).toBeUndefined();
  const changed = new Promise<void>((resolve) => {
    cleanUp(shared.runtime.engine.on('changed', resolve));
  });
  await shared.execute('adds', { listen: true });
  await changed;
  expect(subscriptionsOf('adds')?.[0]).toMatchObject({ event: 'film:seen' });
});
