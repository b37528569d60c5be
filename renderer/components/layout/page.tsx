import type { ReactNode } from 'react';
import classes from './page.module.css';

export interface PageProps {
  readonly title: string;
  /** One line beside the title: counts, "as of". */
  readonly note?: ReactNode;
  /** Buttons at the right end of the header. */
  readonly actions?: ReactNode;
  /** `flush`: the content reaches the edges and scrolls by itself (lists, split panes). */
  readonly layout?: 'scroll' | 'flush';
  readonly children: ReactNode;
}

/**
 * Id of the screen's heading: it takes the focus when the screen changes, and is the target of the skip link.
 */
export const PAGE_TITLE = 'page-title';

/** A screen: header and content. */
export function Page({ title, note, actions, layout = 'scroll', children }: PageProps) {
  return (
    <section className={classes.page} aria-label={title}>
      <PageHeader title={title} note={note} actions={actions} />
      <div className={classes.body} data-layout={layout}>
        {layout === 'scroll' ? <div className={classes.column}>{children}</div> : children}
      </div>
    </section>
  );
}

/** The header of a screen, 48 px. */
function PageHeader({ title, note, actions }: Pick<PageProps, 'title' | 'note' | 'actions'>) {
  return (
    <header className={classes.head}>
      <h1 className={classes.title} tabIndex={-1} id={PAGE_TITLE}>
        {title}
      </h1>
      {note !== undefined && <div className={classes.note}>{note}</div>}
      {actions !== undefined && <div className={classes.actions}>{actions}</div>}
    </header>
  );
}

export interface PanelProps {
  readonly title?: ReactNode;
  readonly actions?: ReactNode;
  /** No padding: the content reaches the border. */
  readonly flush?: boolean;
  readonly children: ReactNode;
}

/** A bordered part of a screen with a small header. */
export function Panel({ title, actions, flush = false, children }: PanelProps) {
  return (
    <section className={classes.panel}>
      {(title !== undefined || actions !== undefined) && (
        <header className={classes.panelHead}>
          <h2 className={classes.panelTitle}>{title}</h2>
          {actions !== undefined && <div className={classes.actions}>{actions}</div>}
        </header>
      )}
      <div className={classes.panelBody} data-flush={flush || undefined}>
        {children}
      </div>
    </section>
  );
}
