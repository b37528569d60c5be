import { useStores } from '../../../components/use-stores.tsx';
import { createEventStore } from '../../../state/messages/event-store.ts';

/** What the screen knows of events; its code comes with the screen. */
export function useEvents() {
  return useStores().late.of(createEventStore);
}
