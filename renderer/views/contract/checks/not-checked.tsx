import { useStore } from 'zustand';
import { useStores } from '../../../components/use-stores.tsx';
import { readyValue } from '../../../state/app/loadable.ts';
import { formatRoute } from '../../../state/app/route.ts';

import { contractHistoryStore } from '../../../state/contract/contract-history.ts';
import { contractTargetStore } from '../../../state/contract/contract-target.ts';
import classes from '../contract-screen.module.css';
import { runWords } from './run-words.ts';

/** What stands above clauses that nobody has judged yet. */
export function NotChecked({ clauses }: { readonly clauses: number }) {
  const stores = useStores();
  const own = useStore(contractTargetStore, ({ target }) => target === 'own');
  const baseUrl = useStore(stores.runtime.store, (state) => readyValue(state.snapshot)?.baseUrl);
  const last = useStore(contractHistoryStore, ({ list }) => readyValue(list)?.find((one) => one.own === own));
  return (
    <div className={classes.banner}>
      <strong>Not checked yet</strong>
      <p>
        The {clauses} clauses of the Runtime ↔ Platform Contract, each judged over real HTTP against{' '}
        {own ? <span className="mono">{baseUrl ?? 'this runtime'}</span> : 'the runtime at the address above'}
        . Most of it takes two seconds; one clause waits for the default timeout of 30 seconds.
      </p>
      {last !== undefined && (
        <p>
          Last run {own ? 'of this runtime' : 'of another runtime'}:{' '}
          <a href={`#${formatRoute('contract', { item: last.id })}`}>{runWords(last)}</a>
        </p>
      )}
    </div>
  );
}
