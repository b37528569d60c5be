import { Button } from '@mantine/core';
import { formatCount } from '../text/format.ts';
import classes from './show-all.module.css';

export interface ShowAllProps {
  /** How many are left out; renders nothing for 0. */
  readonly hidden: number;
  /** "lines", "events" */
  readonly what: string;
  readonly onShow: () => void;
}

/** The footer of a list that shows only its beginning. */
export function ShowAll({ hidden, what, onShow }: ShowAllProps) {
  if (hidden <= 0) return null;
  return (
    <div className={classes.foot}>
      {formatCount(hidden)} more {what}
      <Button size="compact-xs" onClick={onShow}>
        Show all
      </Button>
    </div>
  );
}
