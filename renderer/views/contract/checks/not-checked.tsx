import { useStore } from 'zustand';
import { useStores } from '../../../components/use-stores.tsx';
import { readyValue } from '../../../state/app/loadable.ts';
import { formatRoute } from '../../../state/app/route.ts';
import classes from '../contract-screen.module.css';
import { describeRun } from './format-run.ts';

/** The note above clauses that have not been checked. */
export function NotChecked({ clauses }: { readonly clauses: number }) {
  const { contractHistory, contractTarget, runtime } = useStores();
  const own = useStore(contractTarget.store, ({ target }) => target === 'own');
  const baseUrl = useStore(runtime.store, (state) => readyValue(state.snapshot)?.baseUrl);
  const last = useStore(contractHistory.store, ({ list }) =>
    readyValue(list)?.find((one) => one.own === own),
  );
  return (
    <div className={classes.banner}>
      <strong>Not checked yet</strong>
      <p>
        The {clauses} clauses of the Runtime ↔ Platform Contract, each checked over real HTTP against{' '}
        {own ? <span className="mono">{baseUrl ?? 'this runtime'}</span> : 'the runtime at the address above'}
        . Most take two seconds in all; one clause waits for the default timeout of 30 seconds.
      </p>
      {last !== undefined && (
        <p>
          Last run {own ? 'of this runtime' : 'of another runtime'}:{' '}
          <a href={`#${formatRoute('contract', { item: last.id })}`}>{describeRun(last)}</a>
        </p>
      )}
    </div>
  );
}
