import { describeReceivers } from './sockets.ts';

/** The detail of an event `delivered`: which plugins a published event went to, parked ones that are woken too. */
export interface Delivery {
  readonly to: readonly string[];
  /** How many there are beyond those that are named. */
  readonly more?: number | undefined;
}

/** As many as fit into an event's detail. */
const MOST_NAMED = 50;

export function deliveryTo(plugins: readonly string[]): Delivery {
  const more = plugins.length - MOST_NAMED;
  return { to: plugins.slice(0, MOST_NAMED), more: more > 0 ? more : undefined };
}

/** "to notes, tasks and 3 more". A trace may come from a file: what is not a delivery stays as it is. */
export function describeDelivery(detail: string): string {
  const { to, more } = parseDelivery(detail);
  if (to === undefined) return detail;
  return `to ${to.join(', ')}${more === undefined ? '' : ` and ${more} more`}`;
}

/** "delivered to 2 connections of ada", of an event `sent`; null where it says nothing of it. */
export function describeSending(detail: string): string | null {
  try {
    const { delivered_to: delivered, user_id: user } = JSON.parse(detail) as Readonly<
      Record<string, unknown>
    >;
    if (typeof delivered !== 'number') return null;
    return `delivered to ${describeReceivers(delivered, typeof user === 'string' ? user : null)}`;
  } catch {
    return null; // Not JSON, or null.
  }
}

function parseDelivery(detail: string): Partial<Delivery> {
  try {
    const { to, more } = JSON.parse(detail) as { readonly to?: unknown; readonly more?: unknown };
    if (!Array.isArray(to) || to.length === 0 || !to.every((name) => typeof name === 'string')) return {};
    return { to, more: typeof more === 'number' ? more : undefined };
  } catch {
    return {}; // Not JSON, or null.
  }
}
