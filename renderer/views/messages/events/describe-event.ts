import type { EventCause, EventDelivery } from '../../../../main/contract/event-bus.ts';
import { hasFailed } from '../../../state/messages/event-store.ts';

/** Events of the bus in words. Pure. */

/** "notes_py", "the runtime", "sent as notes_py" */
export function describeCause(cause: EventCause): string {
  if (cause.kind === 'plugin') return cause.plugin;
  if (cause.kind === 'runtime') return 'the runtime';
  return `sent as ${cause.as ?? 'the runtime'}`;
}

/** "→ films, notes", "→ films: failed", "no subscriber" */
export function describeReceivers(deliveries: readonly EventDelivery[]): string {
  if (deliveries.length === 0) return 'no subscriber';
  const names = deliveries.map((delivery) =>
    hasFailed(delivery) ? `${delivery.plugin} (failed)` : delivery.plugin,
  );
  return `→ ${names.join(', ')}`;
}
