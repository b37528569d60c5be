import { useStores } from '../../components/use-stores.tsx';
import { createDataStores } from '../../state/data/create-data-stores.ts';

/** The stores of this screen, the same for as long as the page lives. */
export function useData() {
  return useStores().late.of(createDataStores);
}
