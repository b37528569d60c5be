import { useEffect } from 'react';
import { useStore } from 'zustand';
import { Panel } from '../../components/layout/page.tsx';
import { ForeignText } from '../../components/text/foreign-text.tsx';
import { formatClock, plural } from '../../components/text/format.ts';
import { useStores } from '../../components/use-stores.tsx';
import { readyValue } from '../../state/app/loadable.ts';
import classes from './settings.module.css';

/** Requests that the Host or Origin check refused, which leave no trace. `count`: as the snapshot has it. */
export function RefusalsPanel({ count }: { count: number }) {
  const { settings } = useStores();
  const refusals = useStore(settings.store, (state) => readyValue(state.refusals));
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new count means new entries
  useEffect(() => {
    settings.refreshRefusals().catch((error) => console.error('refusals not loaded', error));
  }, [count]);
  return (
    <Panel title={`${plural(count, 'request')} refused by Host or Origin`}>
      <p className={classes.promise}>
        They leave no trace, so that no page can push out those of your calls. In production neither header is
        checked. The newest:
      </p>
      <ul className={classes.notices}>
        {(refusals?.latest ?? []).map(({ at, method, path, reason }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: shown as one list, replaced as a whole
          <li key={index}>
            {formatClock(at)} {method} <ForeignText text={path} />: <ForeignText text={reason} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
