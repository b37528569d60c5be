import { useStore } from 'zustand';
import { formatCount } from '../../components/text/format.ts';
import { PRODUCTION_ITEM } from '../../components/trace/in-production.tsx';
import { useStores } from '../../components/use-stores.tsx';
import { formatRoute } from '../../state/app/route.ts';
import classes from './contract-screen.module.css';

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
  return (
    <nav className={classes.places} aria-label="Parts of the screen">
      {PLACES.map(({ place: one, title, item }) => (
        <a
          key={one}
          href={`#${formatRoute('contract', { item })}`}
          aria-current={one === place ? 'page' : undefined}
        >
          {title}
          {one === 'history' && runs > 0 && <span className={classes.amount}>{formatCount(runs)}</span>}
        </a>
      ))}
    </nav>
  );
}
