import type { DeliveryState } from '../contract/event-bus.ts';
import { HOST_LIMITS, type HostMessage, type RelayedEvent, type RuntimeMessage } from '../contract/host.ts';
import type { Json } from '../contract/http.ts';
import { errorMessage } from '../system/errors.ts';
import type { Asker } from './asks.ts';

type LinkMessage = Extract<HostMessage, { type: 'ask' | 'subscribed' | 'publish' | 'delivered' }>;

/** What a plugin's process may ask of the runtime, besides having calls made. */
export interface HostServices {
  /** Rejects with the reason for the plugin. */
  answer(name: string, argument: Json, asker: Asker): Promise<Json>;
  /** Passes an event of this plugin on to others; returns the names of those that get it. */
  publish(plugin: string, event: PublishedEvent): readonly string[];
}

/** An event that a plugin's process has published. */
export interface PublishedEvent extends RelayedEvent {
  /** The id of the trace of the call that it was published in; null where there is none. */
  readonly trace: string | null;
  /** Tells how the process's own subscribers took it; null where it has none. */
  readonly onOwnEnd: ((listener: DeliveryListener) => void) | null;
}

/** Told once how the subscribers of a process took an event. */
export type DeliveryListener = (state: Extract<DeliveryState, { kind: 'ended' | 'lost' }>) => void;

export interface LinkHooks {
  send(message: RuntimeMessage): void;
  /** A published event went to these plugins. */
  onRelayed(message: Extract<LinkMessage, { type: 'publish' }>, plugins: readonly string[]): void;
  /** Nothing is being delivered any more. */
  onIdle(): void;
  onSubscribed(): void;
}

interface OpenDelivery {
  readonly timer: NodeJS.Timeout;
  readonly listener: DeliveryListener;
  readonly from: number;
}

/** Calls whose traces are remembered. */
const MOST_TRACES = 200;

/** A subscriber that runs longer keeps its process alive no more. */
const DELIVERY_LIMIT_MS = 10_000;

/**
 * What a plugin's process and the runtime say to each other outside of calls: questions of its stubs, and
 * events from and for other plugins.
 */
export class HostLink {
  /** The events with subscribers in the process, and their functions' names; remembered when it has ended. */
  readonly subscriptions = new Map<string, readonly string[]>();
  readonly #hooks: LinkHooks;
  #owner: { readonly plugin: string; readonly services: HostServices } | null = null;
  #openAsks = 0;
  /** Of the last calls: what a call leaves behind may ask after its end. */
  readonly #traces = new Map<number, string>();
  readonly #deliveries = new Map<number, OpenDelivery>();
  /** Of events that the process has published itself. */
  readonly #own = new Map<number, OpenDelivery>();
  #nextId = 1;

  constructor(hooks: LinkHooks) {
    this.#hooks = hooks;
  }

  /** Whether subscribers are running. */
  get delivering(): boolean {
    return this.#deliveries.size > 0;
  }

  /** From now on the process is this plugin's. */
  connect(plugin: string, services: HostServices): void {
    this.#owner = { plugin, services };
  }

  /** False when the process is so far behind that it doesn't get this one. */
  deliver({ event, data, depth }: RelayedEvent, listener: DeliveryListener): boolean {
    if (this.#deliveries.size >= HOST_LIMITS.openDeliveries) return false;
    const id = this.#nextId++;
    this.#open(this.#deliveries, id, listener);
    this.#hooks.send({ type: 'deliver', id, event, data, depth });
    return true;
  }

  /** What this call asks is asked in this trace: a W3C `traceparent`, whose parent id names it. */
  noteTrace(call: number, traceparent: string): void {
    const [, , trace = ''] = traceparent.split('-');
    this.#traces.set(call, trace);
    const [oldest] = this.#traces.keys();
    if (oldest !== undefined && this.#traces.size > MOST_TRACES) this.#traces.delete(oldest);
  }

  receive(message: LinkMessage): void {
    if (message.type === 'subscribed') this.#subscribe(message);
    else if (message.type === 'delivered') this.#receiveEnd(message);
    else if (message.type === 'publish') this.#publish(message);
    else this.#answer(message);
  }

  /** The process has ended. */
  close(): void {
    for (const open of [this.#deliveries, this.#own]) {
      for (const { timer, listener } of open.values()) {
        clearTimeout(timer);
        listener({ kind: 'lost', reason: 'its process ended first' });
      }
      open.clear();
    }
  }

  #subscribe({ events, subscribers = [] }: Extract<LinkMessage, { type: 'subscribed' }>): void {
    this.subscriptions.clear();
    for (const [index, event] of events.entries()) this.subscriptions.set(event, subscribers[index] ?? []);
    this.#hooks.onSubscribed();
  }

  #open(deliveries: Map<number, OpenDelivery>, id: number, listener: DeliveryListener): void {
    const reason = `its subscribers took longer than ${DELIVERY_LIMIT_MS / 1000} s`;
    const onLate = () => this.#settle(deliveries, id, { kind: 'lost', reason });
    const timer = setTimeout(onLate, DELIVERY_LIMIT_MS).unref();
    deliveries.set(id, { timer, listener, from: performance.now() });
  }

  #receiveEnd({ id, own, subscribers = [] }: Extract<LinkMessage, { type: 'delivered' }>): void {
    const deliveries = own === true ? this.#own : this.#deliveries;
    const from = deliveries.get(id)?.from ?? performance.now();
    this.#settle(deliveries, id, { kind: 'ended', subscribers, durationMs: performance.now() - from });
  }

  #settle(
    deliveries: Map<number, OpenDelivery>,
    id: number,
    state: Extract<DeliveryState, { kind: 'ended' | 'lost' }>,
  ): void {
    const open = deliveries.get(id);
    if (open === undefined) return;
    clearTimeout(open.timer);
    deliveries.delete(id);
    open.listener(state);
    if (deliveries === this.#deliveries && !this.delivering) this.#hooks.onIdle();
  }

  #publish(message: Extract<LinkMessage, { type: 'publish' }>): void {
    const { event, data, depth, call, own } = message;
    const owner = this.#owner;
    if (owner === null) return;
    const hasRoom = own !== undefined && this.#own.size < HOST_LIMITS.openDeliveries;
    const onOwnEnd = hasRoom ? (listener: DeliveryListener) => this.#open(this.#own, own, listener) : null;
    const published = { event, data, depth, trace: this.#traceOf(call), onOwnEnd };
    const plugins = owner.services.publish(owner.plugin, published);
    if (plugins.length > 0) this.#hooks.onRelayed(message, plugins);
  }

  #traceOf(call: number | null): string | null {
    return call === null ? null : (this.#traces.get(call) ?? null);
  }

  #answer({ id, call, name, argument }: Extract<LinkMessage, { type: 'ask' }>): void {
    const refuse = (error: unknown) => {
      const text = errorMessage(error).slice(0, HOST_LIMITS.textLength);
      this.#hooks.send({ type: 'reply', id, ok: false, error: text });
    };
    const owner = this.#owner;
    if (owner === null || this.#openAsks >= HOST_LIMITS.openAsks) {
      refuse(owner === null ? 'no plugin runs here yet' : `${HOST_LIMITS.openAsks} questions are unanswered`);
      return;
    }
    this.#openAsks += 1;
    askOwner(owner.services, name, argument, { plugin: owner.plugin, call, trace: this.#traceOf(call) })
      .then((value) => this.#hooks.send({ type: 'reply', id, ok: true, value }), refuse)
      .finally(() => {
        this.#openAsks -= 1;
      })
      .catch(refuse);
  }
}

async function askOwner(
  services: HostServices,
  name: string,
  argument: string,
  asker: Asker,
): Promise<string> {
  return JSON.stringify(await services.answer(name, JSON.parse(argument) as Json, asker));
}
