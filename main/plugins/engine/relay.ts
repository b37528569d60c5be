import type { DeliveryState, EventCause } from '../../contract/event-bus.ts';
import { HOST_LIMITS, type RelayedEvent } from '../../contract/host.ts';
import type { PublishedEvent } from '../../hosts/host-link.ts';
import type { Log } from '../../system/log.ts';
import type { AcquireResult } from '../version/serving.ts';
import type { Plugin } from './plugin.ts';
import type { RelayRecord } from './relay-record.ts';

export interface EventRelayDeps {
  readonly plugins: () => readonly Plugin[];
  readonly log: Log;
  /** An event was published, or one of its deliveries has come further. */
  readonly onEvent: (record: RelayRecord) => void;
}

/**
 * Passes events on between plugins. In production one bus serves all of them; here each has a process, whose
 * own subscribers get its events at once, and the others' through this. A parked subscriber is woken.
 */
export class EventRelay {
  readonly #deps: EventRelayDeps;
  /** Plugins that did not get the last event meant for them. */
  readonly #failing = new Set<string>();

  constructor(deps: EventRelayDeps) {
    this.#deps = deps;
  }

  /** An event of the runtime, or one that was sent by hand. */
  publish(event: RelayedEvent, cause: EventCause): RelayRecord {
    const record = this.#record(event, cause);
    this.#relay(record, event, this.#subscribersOf(event.event));
    return record;
  }

  /** An event of this plugin, whose own subscribers have it already. Returns the names of the others. */
  publishFrom(plugin: string, event: PublishedEvent): readonly string[] {
    const { trace, onOwnEnd } = event;
    const receivers = this.#subscribersOf(event.event).filter(({ name }) => name !== plugin);
    const record = this.#record(event, { kind: 'plugin', plugin, trace });
    if (onOwnEnd !== null) {
      record.deliveries.set(plugin, { kind: 'running' });
      onOwnEnd((state) => this.#note(record, plugin, state));
    }
    return this.#relay(record, event, receivers);
  }

  #record({ event, data }: RelayedEvent, cause: EventCause): RelayRecord {
    return { at: Date.now(), event, data, cause, deliveries: new Map() };
  }

  #subscribersOf(event: string): readonly Plugin[] {
    return this.#deps.plugins().filter(({ ready, serving }) => ready && serving.subscriptions.has(event));
  }

  #relay(record: RelayRecord, event: RelayedEvent, receivers: readonly Plugin[]): readonly string[] {
    if (receivers.length > 0 && event.depth >= HOST_LIMITS.eventDepth) {
      const reason = `${event.depth} deliveries led to it`;
      this.#deps.log.warn(`event '${event.event}' not delivered: ${reason}`, { cause: record.cause });
      for (const { name } of receivers) record.deliveries.set(name, { kind: 'lost', reason });
      this.#deps.onEvent(record);
      return [];
    }
    const taken = receivers.filter((plugin) => this.#passOn(record, plugin, event)).map(({ name }) => name);
    this.#deps.onEvent(record);
    return taken;
  }

  /** False where a running process doesn't take it; one that is parked is woken for it. */
  #passOn(record: RelayRecord, plugin: Plugin, event: RelayedEvent): boolean {
    const live = plugin.serving.live();
    if (live !== null) return this.#deliver(record, plugin, event, live);
    record.deliveries.set(plugin.name, { kind: 'waking' });
    plugin.serving
      .acquire()
      .then((acquired) => {
        this.#deliver(record, plugin, event, acquired);
        this.#deps.onEvent(record);
      })
      .catch((error: unknown) =>
        this.#deps.log.error(`plugin ${plugin.name}: could not deliver event '${event.event}'`, error),
      );
    return true;
  }

  #deliver(record: RelayRecord, plugin: Plugin, event: RelayedEvent, acquired: AcquireResult): boolean {
    const { name } = plugin;
    record.deliveries.set(name, { kind: 'running' });
    const isTaken =
      acquired.ok && acquired.host.link.deliver(event, (state) => this.#note(record, name, state));
    if (isTaken) this.#failing.delete(name);
    else this.#noteUndelivered(record, name, acquired);
    return isTaken;
  }

  #noteUndelivered(record: RelayRecord, name: string, acquired: AcquireResult): void {
    const reason = acquired.ok ? 'it is too far behind' : acquired.message;
    record.deliveries.set(name, { kind: 'lost', reason });
    // Said once until it is heard again: there may be thousands.
    if (this.#failing.has(name) || (!acquired.ok && acquired.stopping)) return;
    this.#failing.add(name);
    this.#deps.log.warn(`plugin ${name}: event '${record.event}' not delivered`, { reason });
  }

  #note(record: RelayRecord, plugin: string, state: DeliveryState): void {
    record.deliveries.set(plugin, state);
    this.#deps.onEvent(record);
  }
}
