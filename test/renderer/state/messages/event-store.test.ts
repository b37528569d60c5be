import { describe, expect, it, onTestFinished } from 'vitest';
import type { BusEvent } from '../../../../main/contract/event-bus.ts';
import type { PluginView } from '../../../../main/contract/plugin-view.ts';
import {
  createEventStore,
  hasFailed,
  publishedNames,
  subscribedEvents,
} from '../../../../renderer/state/messages/event-store.ts';
import { type Answers, Refusal } from '../../support/stub-bridge.ts';
import { stubStores } from '../../support/stub-stores.ts';

const event = (seq: number, changes: Partial<BusEvent> = {}): BusEvent => ({
  seq,
  at: seq,
  name: `n${seq}`,
  data: '{}',
  length: 2,
  cause: { kind: 'runtime', trace: null },
  deliveries: [],
  ...changes,
});

function eventStore(answers: Answers = {}) {
  const { stores, ...stub } = stubStores(answers);
  return { ...stub, events: stores.late.of(createEventStore) };
}

describe('events', () => {
  it('are listed with the newest first, take changes over, and the list ends after 200', async () => {
    const { events, emit } = eventStore({ busEvents: () => [event(1), event(2)] });
    const stop = events.follow();
    await expect
      .poll(() => events.store.getState().events)
      .toMatchObject({ value: [{ seq: 2 }, { seq: 1 }] });
    emit('busEvents', [event(1, { name: 'changed' }), event(3)]);
    expect(events.store.getState().events).toMatchObject({
      value: [{ seq: 3 }, { seq: 2 }, { seq: 1, name: 'changed' }],
    });
    emit(
      'busEvents',
      Array.from({ length: 250 }, (_, index) => event(index + 4)),
    );
    const list = events.store.getState().events;
    expect(list.state === 'ready' && [list.value.length, list.value[0]?.seq]).toEqual([200, 253]);
    stop();
  });

  it('that can’t be loaded say why', async () => {
    const { events } = eventStore({
      busEvents: () => {
        throw new Refusal('INTERNAL_ERROR', 'no');
      },
    });
    await events.load();
    expect(events.store.getState().events).toMatchObject({
      state: 'failed',
      error: { message: 'no' },
    });
  });

  it('are cleared', async () => {
    const { events } = eventStore({ busEvents: () => [event(1)], clearBusEvents: () => null });
    await events.load();
    events.select(1);
    await events.clear();
    expect(events.store.getState()).toMatchObject({ events: { value: [] }, selected: null });
  });
});

describe('Send event', () => {
  it('fills in what an event of the runtime carries, and never over what was written', () => {
    const { events } = eventStore();
    const { store, chooseName, edit } = events;
    chooseName('subscription_canceled');
    expect(JSON.parse(store.getState().form.data)).toEqual({ user_id: 'dev-user' });
    chooseName('film:added');
    expect(store.getState().form.data).toBe('{}');
    edit({ data: '{"mine": 1}' });
    chooseName('subscription_canceled');
    expect(store.getState().form).toEqual({ name: 'subscription_canceled', data: '{"mine": 1}', as: null });
  });

  it('sends what is in the form once, and shows the event', async () => {
    const { events, calls } = eventStore({
      busEvents: () => [],
      sendEvent: ({ name }) => event(7, { name }),
    });
    const { store, edit, send, load } = events;
    await load();
    await send();
    expect(calls.map(({ name }) => name)).toEqual(['busEvents']);
    edit({ name: 'film:added', as: 'films' });
    await Promise.all([send(), send()]);
    expect(calls.slice(1)).toEqual([
      { name: 'sendEvent', argument: { name: 'film:added', data: '{}', as: 'films' } },
    ]);
    expect(store.getState()).toMatchObject({
      selected: 7,
      sending: false,
      events: { value: [{ seq: 7, name: 'film:added' }] },
    });
  });

  it('takes nothing back of what the bus told of it before the answer came', async () => {
    const { events, emit } = eventStore({
      busEvents: () => [],
      sendEvent: () => {
        emit('busEvents', [event(7, { name: 'newer' })]);
        return event(7, { name: 'older' });
      },
    });
    onTestFinished(events.follow());
    await events.load();
    events.edit({ name: 'x' });
    await events.send();
    expect(events.store.getState().events).toMatchObject({ value: [{ name: 'newer' }] });
  });

  it('says why it was refused, until something is changed', async () => {
    const { events } = eventStore({
      sendEvent: () => {
        throw new Refusal('BAD_REQUEST', 'The data is not JSON');
      },
    });
    const { store, edit, send } = events;
    edit({ name: 'x', data: '{' });
    await send();
    expect(store.getState()).toMatchObject({ sending: false, problem: 'The data is not JSON' });
    edit({ data: '{}' });
    expect(store.getState().problem).toBeNull();
  });

  it('takes an event into the form, which takes the focus', () => {
    const { events } = eventStore();
    events.compose({ name: 'film:added' });
    expect(events.store.getState()).toMatchObject({ form: { name: 'film:added' }, focusRequests: 1 });
  });
});

it('subscribers are listed by event', () => {
  const plugin = (name: string, subscriptions: PluginView['subscriptions']) =>
    ({ name, subscriptions }) as PluginView;
  const plugins = [
    plugin('a', [
      { event: 'y', subscribers: ['f'] },
      { event: 'x', subscribers: ['g', 'h'] },
    ]),
    plugin('b', undefined),
    plugin('c', [{ event: 'x', subscribers: [] }]),
  ];
  expect(subscribedEvents(plugins)).toEqual([
    {
      event: 'x',
      plugins: [
        { name: 'a', subscribers: ['g', 'h'] },
        { name: 'c', subscribers: [] },
      ],
    },
    { event: 'y', plugins: [{ name: 'a', subscribers: ['f'] }] },
  ]);
});

it('what only the runtime or a person published is not what plugins publish', () => {
  const of = (seq: number, cause: BusEvent['cause']) => event(seq, { cause });
  const list = [
    of(1, { kind: 'plugin', plugin: 'a', trace: null }),
    of(2, { kind: 'sent', as: 'a' }),
    of(3, { kind: 'runtime', trace: null }),
  ];
  expect([...publishedNames(list)]).toEqual(['n1']);
});

it.each([
  [{ kind: 'running' }, false],
  [{ kind: 'lost', reason: 'x' }, true],
  [{ kind: 'ended', durationMs: 1, subscribers: [{ name: 'f', attempts: 2, error: null }] }, false],
  [{ kind: 'ended', durationMs: 1, subscribers: [{ name: 'f', attempts: 4, error: 'no' }] }, true],
] as const)('a delivery that is %j has failed: %j', (state, failed) => {
  expect(hasFailed({ plugin: 'a', isOwn: false, state })).toBe(failed);
});
