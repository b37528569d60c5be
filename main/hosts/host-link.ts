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
  publish(plugin: string, event: RelayedEvent): readonly string[];
}

export interface LinkHooks {
  send(message: RuntimeMessage): void;
  /** A published event went to these plugins. */
  onRelayed(message: Extract<LinkMessage, { type: 'publish' }>, plugins: readonly string[]): void;
  /** Nothing is being delivered any more. */
  onIdle(): void;
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
  /** The events with subscribers in the process; remembered when it has ended. */
  readonly subscriptions = new Set<string>();
  readonly #hooks: LinkHooks;
  #owner: { readonly plugin: string; readonly services: HostServices } | null = null;
  #openAsks = 0;
  /** Of the last calls: what a call leaves behind may ask after its end. */
  readonly #traces = new Map<number, string>();
  readonly #deliveries = new Map<number, NodeJS.Timeout>();
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
  deliver(event: RelayedEvent): boolean {
    if (this.#deliveries.size >= HOST_LIMITS.openDeliveries) return false;
    const id = this.#nextId++;
    this.#deliveries.set(id, setTimeout(() => this.#settle(id), DELIVERY_LIMIT_MS).unref());
    this.#hooks.send({ type: 'deliver', id, ...event });
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
    if (message.type === 'subscribed') this.#subscribe(message.events);
    else if (message.type === 'delivered') this.#settle(message.id);
    else if (message.type === 'publish') this.#publish(message);
    else this.#answer(message);
  }

  /** The process has ended. */
  close(): void {
    for (const timer of this.#deliveries.values()) clearTimeout(timer);
    this.#deliveries.clear();
  }

  #subscribe(events: readonly string[]): void {
    this.subscriptions.clear();
    for (const event of events) this.subscriptions.add(event);
  }

  #settle(id: number): void {
    clearTimeout(this.#deliveries.get(id));
    if (this.#deliveries.delete(id) && !this.delivering) this.#hooks.onIdle();
  }

  #publish(message: Extract<LinkMessage, { type: 'publish' }>): void {
    const { event, data, depth } = message;
    const plugins = this.#owner?.services.publish(this.#owner.plugin, { event, data, depth }) ?? [];
    if (plugins.length > 0) this.#hooks.onRelayed(message, plugins);
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
    const trace = call === null ? null : (this.#traces.get(call) ?? null);
    askOwner(owner.services, name, argument, { plugin: owner.plugin, call, trace })
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
