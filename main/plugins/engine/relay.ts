import { HOST_LIMITS, type RelayedEvent } from '../../contract/host.ts';
import type { Log } from '../../system/log.ts';
import type { AcquireResult } from '../version/serving.ts';
import type { Plugin } from './plugin.ts';

/**
 * Passes events on between plugins. In production one bus serves all of them; here each has a process, whose
 * own subscribers get its events at once, and the others' through this. A parked subscriber is woken.
 */
export class EventRelay {
  readonly #plugins: () => readonly Plugin[];
  readonly #log: Log;
  /** Plugins that did not get the last event meant for them. */
  readonly #failing = new Set<string>();

  constructor(plugins: () => readonly Plugin[], log: Log) {
    this.#plugins = plugins;
    this.#log = log;
  }

  /** `from` is null for an event of the runtime itself. Returns the names of the plugins that get it. */
  publish(from: string | null, event: RelayedEvent): readonly string[] {
    const receivers = this.#plugins().filter(
      (plugin) => plugin.name !== from && plugin.ready && plugin.serving.subscriptions.has(event.event),
    );
    if (receivers.length > 0 && event.depth >= HOST_LIMITS.eventDepth) {
      this.#log.warn(`event '${event.event}' not delivered: ${event.depth} deliveries led to it`, { from });
      return [];
    }
    return receivers.filter((plugin) => this.#passOn(plugin, event)).map(({ name }) => name);
  }

  /** False where a running process doesn't take it; one that is parked is woken for it. */
  #passOn(plugin: Plugin, event: RelayedEvent): boolean {
    const live = plugin.serving.live();
    if (live !== null) return this.#deliver(plugin, event, live);
    plugin.serving
      .acquire()
      .then((acquired) => this.#deliver(plugin, event, acquired))
      .catch((error: unknown) =>
        this.#log.error(`plugin ${plugin.name}: could not deliver event '${event.event}'`, error),
      );
    return true;
  }

  #deliver(plugin: Plugin, event: RelayedEvent, acquired: AcquireResult): boolean {
    const delivered = acquired.ok && acquired.host.link.deliver(event);
    if (delivered) this.#failing.delete(plugin.name);
    // Said once until it is heard again: there may be thousands.
    if (delivered || this.#failing.has(plugin.name) || (!acquired.ok && acquired.stopping)) return delivered;
    this.#failing.add(plugin.name);
    const reason = acquired.ok ? 'it is too far behind' : acquired.message;
    this.#log.warn(`plugin ${plugin.name}: event '${event.event}' not delivered`, { reason });
    return false;
  }
}
