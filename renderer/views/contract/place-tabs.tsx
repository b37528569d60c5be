import { useStore } from 'zustand';
import { PlaceLinks } from '../../components/layout/place-links.tsx';
import { PRODUCTION_ITEM } from '../../components/trace/in-production.tsx';
import { useStores } from '../../components/use-stores.tsx';

const PLACES = [
  { place: 'checks', title: 'Checks', item: null },
  { place: 'history', title: 'History', item: 'history' },
  { place: 'compare', title: 'Compare', item: 'compare' },
  { place: 'production', title: 'Differences from production', item: PRODUCTION_ITEM },
] as const;

/** The parts of the screen. */
export function PlaceTabs({ place }: { readonly place: (typeof PLACES)[number]['place'] }) {
  const { contractHistory } = useStores();
  const runs = useStore(contractHistory.store, ({ list }) =>
    list.state === 'ready' ? list.value.length : 0,
  );
  const places = PLACES.map(({ title, item }) => ({ title, item, amount: item === 'history' ? runs : 0 }));
  const present = PLACES.find((one) => one.place === place)?.item ?? null;
  return <PlaceLinks screen="contract" places={places} present={present} />;
}
