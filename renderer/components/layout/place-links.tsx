import type { Screen } from '../../../main/contract/window.ts';
import { formatRoute } from '../../state/app/route.ts';
import { formatCount } from '../text/format.ts';
import classes from './place-links.module.css';

/** A part of a screen with an address of its own. */
interface Place {
  readonly title: string;
  /** What its address has after the screen's name; null for the part that comes first. */
  readonly item: string | null;
  /** How many things it holds; shown unless it is 0. */
  readonly amount?: number | undefined;
}

export interface PlaceLinksProps {
  readonly screen: Screen;
  readonly places: readonly Place[];
  /** The item of the part that is shown. */
  readonly present: string | null;
}

/** Links to the parts of a screen, as tabs in the bar below its header. */
export function PlaceLinks({ screen, places, present }: PlaceLinksProps) {
  return (
    <nav className={classes.places} aria-label="Parts of the screen">
      {places.map(({ title, item, amount = 0 }) => (
        <a
          key={title}
          href={`#${formatRoute(screen, { item })}`}
          aria-current={item === present ? 'page' : undefined}
        >
          {title}
          {amount > 0 && <span className={classes.amount}>{formatCount(amount)}</span>}
        </a>
      ))}
    </nav>
  );
}
