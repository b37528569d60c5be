import type { Trace } from '../../../main/contract/trace.ts';
import { formatRoute } from '../../state/app/route.ts';
import { showControls } from '../text/format.ts';
import classes from './in-production.module.css';

/** The part of the Contract screen that lists how production differs. */
export const PRODUCTION_ITEM = 'production';

/** Where production would have answered this call otherwise; nothing where no difference is known. */
export function InProduction({ trace }: { readonly trace: Trace }) {
  return trace.inProduction?.map((line) => (
    <p key={line} className={classes.line}>
      <a href={`#${formatRoute('contract', { item: PRODUCTION_ITEM })}`}>In production</a>:{' '}
      {showControls(line)}
    </p>
  ));
}
