import { describe, expect, it } from 'vitest';
import { HOST_LIMITS } from '../../../main/contract/host.ts';
import { AskHandlers } from '../../../main/hosts/asks.ts';
import { bench, eventually } from '../workspace.ts';

const publisher = `from core.event_bus import event_bus
async def execute(data):
    event_bus.publish(data["event"], data.get("with"))
    return {}
`;

/** Remembers what it was told, and answers with it. */
const listener = (event: string) => `from core.event_bus import event_bus, on_event
got = []
@on_event("${event}")
def plain(data):
    got.append(data)
@on_event("${event}")
async def waiting(data):
    got.append(["async", data])
def execute(data):
    return {"got": got}
`;

describe('events between plugins', () => {
  it('reach the subscribers in every other process, as JSON, and the publishing call shows whom', async () => {
    const b = await bench({
      'a/logic.py': publisher,
      'b/logic.py': listener('made'),
      'c/logic.py': listener('made'),
      'd/logic.py': listener('other'),
    });
    const report = await b.call('a', { event: 'made', with: { n: 1, text: 'é' } });
    const expected = { got: [{ n: 1, text: 'é' }, ['async', { n: 1, text: 'é' }]] };
    for (const name of ['b', 'c']) await eventually(() => b.value(name)).toEqual(expected);
    expect(await b.value('d')).toEqual({ got: [] });
    expect(report.events).toMatchObject([
      { kind: 'published', name: 'made', source: 'core.event_bus' },
      { kind: 'delivered', name: 'made', source: 'core.event_bus', detail: '{"to":["b","c"]}' },
    ]);
  });

  it('are not said to reach a process that is too far behind to take more', async () => {
    const b = await bench({
      'a/logic.py': publisher.replace(
        '    event_bus.publish',
        '    for _ in range(data.get("times", 1)): event_bus.publish',
      ),
      'b/logic.py': `import asyncio
from core.event_bus import on_event
@on_event("made")
async def slow(data):
    await asyncio.sleep(60)
def execute(data):
    return {}
`,
    });
    await b.call('a', { event: 'made', times: HOST_LIMITS.openDeliveries });
    const report = await b.call('a', { event: 'made' });
    expect(report.events.map(({ kind }) => kind)).toEqual(['published']);
    expect(b.logged.join('\n')).toContain('it is too far behind');
  });

  it('wake a parked subscriber', async () => {
    const files = { 'a/logic.py': publisher, 'b/logic.py': listener('made') };
    const b = await bench(files, { maxLiveHosts: 1 });
    await b.value('b');
    await b.call('a', { event: 'none' });
    await eventually(() => b.engine.get('b')?.status).toBe('parked');
    const states: unknown[] = [];
    b.engine.on('bus', ({ event, deliveries }) => event === 'made' && states.push(deliveries.get('b')?.kind));
    await b.call('a', { event: 'made', with: 1 });
    await eventually(() => states).toEqual(['waking', 'running', 'ended']);
    await eventually(() => b.engine.get('b')?.status).toBe('loaded');
    await eventually(() => b.value('b')).toEqual({ got: [1, ['async', 1]] });
  });

  it('follow the version that serves: a subscription that is gone gets nothing more', async () => {
    const b = await bench({ 'a/logic.py': publisher, 'b/logic.py': listener('made') });
    await b.write('b/logic.py', listener('other'));
    await eventually(async () => (await b.call('a', { event: 'other' })).events.length).toBe(2);
    expect((await b.call('a', { event: 'made' })).events).toHaveLength(1);
  });

  it('that lead to each other in a circle end', async () => {
    const echo = (from: string, to: string) =>
      listener(from).replace('got.append(data)', `event_bus.publish("${to}", data)`);
    const b = await bench({
      'a/logic.py': publisher,
      'b/logic.py': echo('ping', 'pong'),
      'c/logic.py': echo('pong', 'ping'),
    });
    await b.call('a', { event: 'ping' });
    await eventually(() => b.logged.join('\n')).toContain(`${HOST_LIMITS.eventDepth} deliveries led to it`);
  });
});

describe('what a plugin asks of the runtime', () => {
  const asking = `import sys
ask = sys.modules["mozaiks_standins_base"].ask
async def execute(data):
    try:
        return {"answer": await ask(data["name"], n=data.get("n"))}
    except Exception as error:
        return {"refused": str(error)}
`;
  const askable = async () => {
    const asks = new AskHandlers();
    return { asks, b: await bench({ 'p/logic.py': asking }, { asks }) };
  };

  it('is answered by the handler of that name, which knows who asks', async () => {
    const { asks, b } = await askable();
    asks.register('who', (argument, { plugin, call }) => ({ argument, plugin, inCall: call !== null }));
    expect(await b.value('p', { name: 'who', n: 4 })).toEqual({
      answer: { argument: { n: 4 }, plugin: 'p', inCall: true },
    });
  });

  it('is an error with the reason where nothing answers, or the handler refuses', async () => {
    const { asks, b } = await askable();
    expect(await b.value('p', { name: 'none' })).toEqual({ refused: "this runtime doesn't answer 'none'" });
    asks.register('none', () => {
      throw new Error('no more');
    });
    expect(await b.value('p', { name: 'none' })).toEqual({ refused: 'no more' });
  });

  it('is limited in size', async () => {
    const { asks, b } = await askable();
    asks.register('echo', (argument) => argument);
    const n = 'x'.repeat(HOST_LIMITS.messageData);
    expect(await b.value('p', { name: 'echo', n })).toEqual({ refused: expect.stringContaining('too many') });
  });
});
