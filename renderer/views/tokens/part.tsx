import type { ReactNode } from 'react';
import classes from './tokens.module.css';

/** One of the three, with a sentence that keeps it apart from the others. */
export function Part({ title, about, children }: { title: string; about: string; children: ReactNode }) {
  return (
    <section className={classes.part}>
      <div className={classes.partHead}>
        <h3 className={classes.heading}>{title}</h3>
        <span className={classes.dim}>{about}</span>
      </div>
      {children}
    </section>
  );
}
