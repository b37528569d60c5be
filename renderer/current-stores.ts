import type { Stores } from './stores.ts';

/** The page's stores, for modules that aren't given theirs. New code takes its dependencies as arguments instead. */
const current: { stores: Stores | null } = { stores: null };

export function setCurrentStores(stores: Stores): void {
  current.stores = stores;
}

export function currentStores(): Stores {
  if (current.stores === null) throw new Error('The stores are not created yet');
  return current.stores;
}
