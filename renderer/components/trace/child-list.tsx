import { type KeyboardEvent, useEffect } from 'react';
import { useStore } from 'zustand';
import type { Trace } from '../../../main/contract/trace.ts';
import { focusElement } from '../../page.ts';
import { type ChildListStore, childRowId, RUN_FOLD_ID } from '../../state/traces/child-list-store.ts';
import { type ListedRow, listRows, type RowKind, type SingleRow } from '../../state/traces/child-rows.ts';
import { plural } from '../text/format.ts';
import { useStores } from '../use-stores.tsx';
import classes from './child-list.module.css';
import { ChildRowItem, toggleRow } from './child-row.tsx';
import { ShowAll } from './show-all.tsx';

/** More are rendered when asked for; the browser lays out only those in view. */
const FIRST_ROWS = 300;

export interface ChildListProps {
  readonly trace: Trace;
  readonly rows: readonly SingleRow[];
  /** Null for all. */
  readonly kind: RowKind | null;
  /** Milliseconds across the full width of the bars. */
  readonly scaleMs: number;
}

/**
 * What the plugin did during its run, one line each, which expands to its detail. Tab reaches one line, arrows the
 * others.
 */
export function ChildList({ trace, rows, kind, scaleMs }: ChildListProps) {
  const { childList } = useStores();
  const state = useStore(childList.store);
  const mine = state.trace === trace.id;
  useEffect(() => childList.follow(trace.id), [childList, trace.id]);
  useEffect(() => childList.goToWanted());
  const listed = listRows(rows, { kind, unfolded: mine ? state.unfolded : new Set() });
  const shown = mine && state.whole ? listed : listed.slice(0, FIRST_ROWS);
  const keys = shown.map(({ row }) => row.key);
  const tabStop = state.active !== null && keys.includes(state.active) ? state.active : keys[0];
  useEffect(() => {
    if (tabStop !== undefined && tabStop !== state.active) childList.setActive(tabStop);
  });
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the rows inside take the focus and the keys
    <div onKeyDown={(event) => handleRowKey(event, shown, childList)}>
      <ol className={classes.list} aria-label="What the plugin did">
        {shown.map((item) => (
          <ChildRowItem
            key={item.row.key}
            listed={item}
            scaleMs={scaleMs}
            startedAt={trace.startedAt}
            open={mine && (state.open === item.row.key || state.unfolded.has(item.row.key))}
            tabStop={item.row.key === tabStop}
            childList={childList}
          />
        ))}
      </ol>
      <ShowAll hidden={listed.length - shown.length} what="rows" onShow={childList.showWhole} />
      <Dropped count={trace.droppedChildren ?? 0} />
    </div>
  );
}

function Dropped({ count }: { readonly count: number }) {
  if (count === 0) return null;
  return (
    <p className={classes.dropped}>
      {plural(count, 'more command or request was', 'more commands and requests were')} not recorded.
    </p>
  );
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, Home: -1e9, End: 1e9 };

function handleRowKey(event: KeyboardEvent, shown: readonly ListedRow[], childList: ChildListStore): void {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const { id } = event.target as HTMLElement;
  const at = shown.findIndex(({ row }) => childRowId(row.key) === id);
  const row = shown[at]?.row;
  if (row === undefined) return;
  const step = STEPS[event.key];
  const keys = shown.map((item) => item.row.key);
  const isOpen = (event.target as HTMLElement).getAttribute('aria-expanded') === 'true';
  if (event.key === 'ArrowUp' && at === 0) focusElement(RUN_FOLD_ID);
  else if (step !== undefined) childList.moveFocus(keys, step);
  else if (event.key === 'ArrowRight') toggleRow(childList, row, true);
  else if (event.key === 'ArrowLeft' && isOpen) toggleRow(childList, row, false);
  else if (event.key === 'ArrowLeft') focusElement(outerOf(shown, at));
  else return;
  event.preventDefault();
}

/** The row above that a nested one belongs to, or the step. */
function outerOf(shown: readonly ListedRow[], at: number): string {
  if (shown[at]?.nested) {
    const outer = shown.slice(0, at).findLast(({ nested }) => !nested);
    if (outer !== undefined) return childRowId(outer.row.key);
  }
  return RUN_FOLD_ID;
}
