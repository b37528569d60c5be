import { createStore } from 'zustand/vanilla';
import type { IndexView, Namespace } from '../../../main/contract/data.ts';
import type { Inspector } from '../../bridge.ts';
import { LOADING, type Loadable, settle } from '../app/loadable.ts';

/** The indexes of the open collection. */
export interface IndexesState {
  readonly namespace: Namespace | null;
  readonly load: Loadable<readonly IndexView[]>;
}

export function createIndexesStore({ inspector }: { readonly inspector: Inspector }) {
  const store = createStore<IndexesState>()(() => ({ namespace: null, load: LOADING }));

  /** Never rejects. */
  async function show(namespace: Namespace): Promise<void> {
    store.setState({ namespace, load: LOADING });
    await reload();
  }

  /** Until they are there the old ones stay. Never rejects. */
  async function reload(): Promise<void> {
    const { namespace } = store.getState();
    if (namespace === null) return;
    const load = await settle(inspector.call('indexes', namespace));
    if (store.getState().namespace === namespace) store.setState({ load });
  }

  return { store, show, reload };
}
