import { createStore } from 'zustand/vanilla';
import type { ProductionDifference } from '../../../main/contract/production-differences.ts';
import type { Inspector } from '../../bridge.ts';
import { LOADING, type Loadable, settle } from '../app/loadable.ts';

export interface DifferencesState {
  readonly differences: Loadable<readonly ProductionDifference[]>;
}

/** How production differs from this runtime; the same for its whole life. */
export function createDifferencesStore({ inspector }: { readonly inspector: Inspector }) {
  const store = createStore<DifferencesState>()(() => ({ differences: LOADING }));
  return {
    store,
    async load(): Promise<void> {
      if (store.getState().differences.state === 'ready') return;
      store.setState({ differences: await settle(inspector.call('listDifferences', null)) });
    },
  };
}
