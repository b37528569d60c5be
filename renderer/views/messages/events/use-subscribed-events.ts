import { useMemo } from 'react';
import { useStore } from 'zustand';
import { useStores } from '../../../components/use-stores.tsx';
import { readyValue } from '../../../state/app/loadable.ts';
import { type SubscribedEvent, subscribedEvents } from '../../../state/messages/event-store.ts';

/** The events that plugins of the watched folder subscribe to. */
export function useSubscribedEvents(): readonly SubscribedEvent[] {
  const { runtime } = useStores();
  const plugins = useStore(runtime.store, ({ snapshot }) => readyValue(snapshot)?.plugins);
  return useMemo(() => subscribedEvents(plugins ?? []), [plugins]);
}
