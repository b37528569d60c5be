import { createStore } from 'zustand/vanilla';
import { focusElement } from '../../page.ts';
import type { RowKind } from './child-rows.ts';

/** The rows below a trace's step `run`: which are shown, which one is open, and which one Tab reaches. */
export interface ChildListState {
  /** Over all traces, as a choice of how to look at them. */
  readonly folded: boolean;
  readonly kind: RowKind | null;
  /** The trace that the rest is about. */
  readonly trace: string | null;
  /** Keys of the unfolded rows of console lines. */
  readonly unfolded: ReadonlySet<string>;
  /** Key of the row whose detail is open. */
  readonly open: string | null;
  readonly active: string | null;
  /** All rows, also beyond the first few hundred. */
  readonly whole: boolean;
  /** Key of a row to go to as soon as it is rendered. */
  readonly wanted: string | null;
}

const NOTHING_OPEN = { unfolded: new Set<string>(), open: null, active: null, whole: false, wanted: null };

/** Id of a row's button. */
export const childRowId = (key: string) => `row-${key}`;
/** Id of the button that folds them all. */
export const RUN_FOLD_ID = 'fold-run';

export type ChildListStore = ReturnType<typeof createChildListStore>;

export function createChildListStore() {
  const store = createStore<ChildListState>()(() => ({
    folded: false,
    kind: null,
    trace: null,
    ...NOTHING_OPEN,
  }));

  /** Starts over for another trace. */
  function follow(trace: string): void {
    if (store.getState().trace !== trace) store.setState({ trace, ...NOTHING_OPEN });
  }

  function setFolded(folded: boolean): void {
    store.setState({ folded });
  }

  function setKind(kind: RowKind | null): void {
    store.setState({ kind });
  }

  function setActive(active: string): void {
    store.setState({ active });
  }

  function showWhole(): void {
    store.setState({ whole: true });
  }

  /** Opens a row's detail instead of another one's, or closes it. */
  function setOpen(key: string, open: boolean): void {
    if (open) store.setState({ open: key, active: key });
    else if (store.getState().open === key) store.setState({ open: null });
  }

  function unfold(key: string, open: boolean): void {
    const unfolded = new Set(store.getState().unfolded);
    if (open) unfolded.add(key);
    else unfolded.delete(key);
    store.setState({ unfolded });
  }

  /** Shows a trace's row with its detail and goes to it, whatever is folded or left out. */
  function reveal(trace: string, key: string): void {
    follow(trace);
    store.setState({ folded: false, kind: null, whole: true, open: key, active: key, wanted: key });
  }

  /** Goes to the wanted row once it is there. */
  function goToWanted(): void {
    const { wanted } = store.getState();
    if (wanted === null) return;
    store.setState({ wanted: null });
    focusElement(childRowId(wanted));
  }

  /** Goes to the row that Tab reaches. */
  function goToActive(): void {
    const { active, folded } = store.getState();
    if (!folded && active !== null) focusElement(childRowId(active));
  }

  /** Moves the focus by so many of the listed rows. */
  function moveFocus(keys: readonly string[], step: number): void {
    const { active } = store.getState();
    const at = active === null ? -1 : keys.indexOf(active);
    const next = keys[at < 0 ? 0 : Math.min(keys.length - 1, Math.max(0, at + step))];
    if (next === undefined) return;
    setActive(next);
    focusElement(childRowId(next));
  }

  return {
    store,
    follow,
    setFolded,
    setKind,
    setActive,
    showWhole,
    setOpen,
    unfold,
    reveal,
    goToWanted,
    goToActive,
    moveFocus,
  };
}
