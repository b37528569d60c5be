import { createStore } from 'zustand/vanilla';
import {
  BUS_LIMITS,
  type BusEvent,
  type EventDelivery,
  RUNTIME_EVENTS,
} from '../../../main/contract/event-bus.ts';
import type { PluginView } from '../../../main/contract/plugin-view.ts';
import type { Inspector } from '../../bridge.ts';
import type { Announcements } from '../app/announcements.ts';
import { failed, LOADING, type Loadable, ready, readyValue, settle } from '../app/loadable.ts';

/** What Send event is about to send. */
export interface EventForm {
  readonly name: string;
  /** JSON as it is typed. */
  readonly data: string;
  /** Null: the runtime. */
  readonly as: string | null;
}

export interface EventScreenState {
  /** The newest first. */
  readonly events: Loadable<readonly BusEvent[]>;
  readonly form: EventForm;
  readonly sending: boolean;
  /** Why the last one was not sent. */
  readonly problem: string | null;
  /** The event that is shown, by its number. */
  readonly selected: number | null;
  /** Raised when the form is asked to take the focus. */
  readonly focusRequests: number;
}

interface EventStoreDeps {
  readonly inspector: Inspector;
  readonly announcements: Announcements;
}

const NO_DATA = '{}';

/** What the screen Messages shows of the events of the bus, and what it sends. */
export function createEventStore({ inspector, announcements }: EventStoreDeps) {
  const store = createStore<EventScreenState>()(() => ({
    events: LOADING,
    form: { name: '', data: NO_DATA, as: null },
    sending: false,
    problem: null,
    selected: null,
    focusRequests: 0,
  }));

  async function load(): Promise<void> {
    const answer = await settle(inspector.call('busEvents', null));
    const events = answer.state === 'ready' ? ready(answer.value.toReversed()) : answer;
    store.setState({ events });
  }

  function receive(changed: readonly BusEvent[]): void {
    store.setState(({ events }) =>
      events.state === 'ready' ? { events: ready(withChanges(events.value, changed)) } : {},
    );
  }

  /** Follows the bus while the screen is open; returns `stop`. */
  function follow(): () => void {
    const unsubscribe = inspector.on('busEvents', receive);
    load().catch((error) => store.setState({ events: failed(error) }));
    return unsubscribe;
  }

  function edit(changes: Partial<EventForm>): void {
    store.setState(({ form }) => ({ form: { ...form, ...changes }, problem: null }));
  }

  /** Takes a name; data that nobody has written gives way to what an event of that name carries. */
  function chooseName(name: string): void {
    const { form } = store.getState();
    const isUntouched = form.data.trim() === NO_DATA || form.data === dataOf(form.name);
    edit(isUntouched ? { name, data: dataOf(name) ?? NO_DATA } : { name });
  }

  async function send(): Promise<void> {
    const { form, sending } = store.getState();
    if (sending || form.name.trim() === '') return;
    store.setState({ sending: true, problem: null });
    const answer = await settle(inspector.call('sendEvent', form));
    if (answer.state !== 'ready') {
      const problem = answer.state === 'failed' ? answer.error.message : null;
      store.setState({ sending: false, problem });
      return;
    }
    const { value: sent } = answer;
    const { events } = store.getState();
    const known = readyValue(events)?.some(({ seq }) => seq === sent.seq) ?? false;
    // What the bus has told of it meanwhile is newer.
    if (!known) receive([sent]);
    store.setState({ sending: false, selected: sent.seq });
  }

  async function clear(): Promise<void> {
    const outcome = await settle(inspector.call('clearBusEvents', null));
    if (outcome.state === 'failed') {
      announcements.announce({ tone: 'bad', title: 'Not cleared', text: outcome.error.message });
      return;
    }
    store.setState({ events: ready([]), selected: null });
  }

  /** Puts an event into the form, which takes the focus. */
  function compose(changes: Partial<EventForm>): void {
    edit(changes);
    focusForm();
  }

  function focusForm(): void {
    store.setState(({ focusRequests }) => ({ focusRequests: focusRequests + 1 }));
  }

  function selectNeighbour(step: number): void {
    const { events, selected } = store.getState();
    const shown = readyValue(events) ?? [];
    const at = shown.findIndex(({ seq }) => seq === selected);
    const next = shown[Math.min(Math.max(at + step, 0), shown.length - 1)];
    if (next !== undefined) store.setState({ selected: next.seq });
  }

  return {
    store,
    load,
    follow,
    edit,
    chooseName,
    send,
    clear,
    compose,
    focusForm,
    selectNeighbour,
    select: (selected: number | null) => store.setState({ selected }),
  };
}

/** `before` and the result have the newest first. */
function withChanges(before: readonly BusEvent[], changed: readonly BusEvent[]): readonly BusEvent[] {
  const all = new Map(before.map((event) => [event.seq, event]));
  for (const event of changed) all.set(event.seq, event);
  return [...all.values()].sort((one, other) => other.seq - one.seq).slice(0, BUS_LIMITS.events);
}

/** What an event of this name carries in production, indented; undefined where that is not known. */
function dataOf(name: string): string | undefined {
  const known = RUNTIME_EVENTS.find((event) => event.name === name);
  return known === undefined ? undefined : JSON.stringify(known.data, null, 2);
}

/** An event and who subscribes to it. */
export interface SubscribedEvent {
  readonly event: string;
  readonly plugins: readonly { readonly name: string; readonly subscribers: readonly string[] }[];
}

/** By name. */
export function subscribedEvents(plugins: readonly PluginView[]): readonly SubscribedEvent[] {
  const byEvent = new Map<string, { name: string; subscribers: readonly string[] }[]>();
  for (const { name, subscriptions = [] } of plugins) {
    for (const { event, subscribers } of subscriptions) {
      byEvent.set(event, [...(byEvent.get(event) ?? []), { name, subscribers }]);
    }
  }
  return [...byEvent]
    .map(([event, subscribed]) => ({ event, plugins: subscribed }))
    .sort((one, other) => one.event.localeCompare(other.event, 'en'));
}

/** What plugins were seen to publish. */
export function publishedNames(events: readonly BusEvent[]): ReadonlySet<string> {
  return new Set(events.filter(({ cause }) => cause.kind === 'plugin').map(({ name }) => name));
}

/** Whether a plugin didn't get an event, or one of its subscribers failed in the end. */
export function hasFailed({ state }: EventDelivery): boolean {
  if (state.kind === 'ended') return state.subscribers.some(({ error }) => error !== null);
  return state.kind === 'lost';
}
