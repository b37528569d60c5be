import type { ReactNode } from 'react';
import classes from './time-grid.module.css';

export interface TimeGridProps {
  /** `wide`: labels hold data, not only a word. */
  readonly labels: 'narrow' | 'wide';
  readonly children: ReactNode;
}

/** Gives the rows inside the same columns: label, bar, duration, and in a wide pane a note. */
export function TimeGrid({ labels, children }: TimeGridProps) {
  return (
    <div className={classes.view}>
      <div className={classes.grid} data-labels={labels}>
        {children}
      </div>
    </div>
  );
}
