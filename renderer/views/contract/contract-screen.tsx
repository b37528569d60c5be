import { IconArrowsDiff, IconArrowsLeftRight, IconChecklist, IconHistory } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useCommands } from '../../components/controls/use-commands.ts';
import { PRODUCTION_ITEM } from '../../components/trace/in-production.tsx';
import { useStores } from '../../components/use-stores.tsx';
import { ChecksView } from './checks/checks-view.tsx';
import { compareMarked } from './compare/compare-choice.ts';
import { CompareView } from './compare/compare-view.tsx';
import { HistoryView } from './history/history-view.tsx';
import { PastRunView } from './history/past-run-view.tsx';
import { ProductionView } from './production/production-view.tsx';

/**
 * Does a runtime implement the contract? `#/contract` checks one, `#/contract/history` lists past runs,
 * `#/contract/production` says how production differs,
 * `#/contract/<report id>` shows one of them, `#/contract/compare?a=<id>&b=<id>` two side by side.
 */
export function ContractScreen() {
  const stores = useStores();
  const item = useStore(stores.ui.store, ({ route }) => route.item);
  useEffect(() => {
    stores.contract.loadClauses().catch((error) => console.error('clauses not loaded', error));
    stores.contract.restore().catch((error) => console.error('last report not loaded', error));
  }, []);
  usePlaceCommands();
  if (item === null) return <ChecksView />;
  if (item === 'history') return <HistoryView />;
  if (item === 'compare') return <CompareView />;
  if (item === PRODUCTION_ITEM) return <ProductionView />;
  return <PastRunView key={item} id={item} />;
}

function usePlaceCommands(): void {
  const { contractHistory, ui } = useStores();
  useCommands([
    {
      id: 'contract.checks',
      title: 'Go to checks',
      keys: 'G',
      icon: IconChecklist,
      group: 'This screen',
      run: () => ui.navigate('contract'),
    },
    {
      id: 'contract.history',
      title: 'Show past runs',
      keys: 'H',
      icon: IconHistory,
      group: 'This screen',
      run: () => ui.navigate('contract', { item: 'history' }),
    },
    {
      id: 'contract.compare',
      title: 'Compare two runs',
      keys: 'C',
      icon: IconArrowsLeftRight,
      group: 'This screen',
      words: 'selected runs side by side',
      run: () => compareMarked(ui, contractHistory.store.getState().marked),
    },
    {
      id: 'contract.production',
      title: 'Show differences from production',
      icon: IconArrowsDiff,
      group: 'This screen',
      run: () => ui.navigate('contract', { item: PRODUCTION_ITEM }),
    },
  ]);
}
