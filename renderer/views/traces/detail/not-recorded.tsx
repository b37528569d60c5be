import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { Trace } from '../../../../main/contract/trace.ts';
import { useStores } from '../../../components/use-stores.tsx';
import { formatRoute } from '../../../state/app/route.ts';
import { parseRef } from '../../../state/traces/trace-ref.ts';
import classes from './waterfall-view.module.css';

const SETTING = 'MOZAIKS_CHILD_SPANS';

/**
 * Why there are no database commands and HTTP requests below a step that ran, where a setting is why. What a file's
 * traces were recorded with is not known.
 */
export function NotRecorded({ trace, named }: { readonly trace: Trace; readonly named: string }) {
  const { settings } = useStores();
  const ran = trace.spans.some(({ step }) => step === 'run');
  const asks = ran && trace.children === undefined && parseRef(named).file === null;
  useEffect(() => {
    if (asks) settings.refresh().catch((error) => console.error('settings not loaded', error));
  }, [asks, settings]);
  const mode = useStore(settings.store, ({ settings: load }) =>
    load.state === 'ready' ? load.value.find(({ name }) => name === SETTING)?.value : undefined,
  );
  if (!asks || mode !== 'off') return null;
  return (
    <p className={classes.notRecorded}>
      Database commands and HTTP requests are not recorded:{' '}
      <a href={`#${formatRoute('settings', { params: { find: SETTING } })}`}>{SETTING}</a> is off. Set it to
      on and restart the runtime.
    </p>
  );
}
