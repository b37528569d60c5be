import { focusElement } from '../../page.ts';
import { PAGE_TITLE } from '../layout/page.tsx';
import classes from './rail.module.css';

/**
 * The first stop of Tab: past the rail and the bars to the screen itself. Visible only while it has the
 * focus.
 */
export function SkipLink() {
  return (
    <button type="button" className={classes.skip} onClick={() => focusElement(PAGE_TITLE)}>
      Skip to the screen
    </button>
  );
}
