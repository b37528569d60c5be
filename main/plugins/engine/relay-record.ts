import type { DeliveryState, EventCause } from '../../contract/event-bus.ts';

/** An event of the bus, as far as it has come: its deliveries change until they have ended. */
export interface RelayRecord {
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly event: string;
  /** JSON. */
  readonly data: string;
  readonly cause: EventCause;
  /** By plugin. */
  readonly deliveries: Map<string, DeliveryState>;
}
