import * as z from 'zod/mini';
import { createStore } from 'zustand/vanilla';
import { focusElement, type Page } from '../../page.ts';
import { persisted } from '../app/persisted.ts';
import { CLAUSE_FILTERS, type ClauseFilter, type ClauseGroup } from './contract-model.ts';

/** The list's filter, which groups are folded, and the line that has the focus. */
export interface ClauseListState {
  readonly filter: ClauseFilter;
  /** Words that a clause must contain. */
  readonly query: string;
  /** Ids of the clauses whose evidence is open. */
  readonly opened: ReadonlySet<string>;
  /** Groups that the user folded or unfolded. */
  readonly unfolded: Readonly<Record<string, boolean>>;
  /** The line that Tab reaches: a group's or a clause's. */
  readonly active: string | null;
}

/** Ids of the lines that keys move the focus to. */
export const groupLineId = (name: string) => `group-${name}`;
export const clauseLineId = (id: string) => `clause-${id}`;
/** Id of the field that filters the list. */
export const CLAUSE_QUERY_ID = 'clause-filter';

const STORED_FILTER = z.catch(z.enum(CLAUSE_FILTERS), 'all');

export type ClauseListStore = ReturnType<typeof createClauseListStore>;

export function createClauseListStore({ page }: { readonly page: Page }) {
  const storedFilter = persisted(page, 'contract-listed', STORED_FILTER);
  const store = createStore<ClauseListState>()(() => ({
    filter: storedFilter.read(),
    query: '',
    opened: new Set<string>(),
    unfolded: {},
    active: null,
  }));

  function setFilter(filter: ClauseFilter): void {
    store.setState({ filter });
    storedFilter.write(filter);
  }

  function setQuery(query: string): void {
    store.setState({ query });
  }

  function setActive(active: string): void {
    store.setState({ active });
  }

  function toggleClause(id: string): void {
    const opened = new Set(store.getState().opened);
    if (!opened.delete(id)) opened.add(id);
    store.setState({ opened });
  }

  function unfold(name: string, open: boolean): void {
    store.setState({ unfolded: { ...store.getState().unfolded, [name]: open } });
  }

  /** Unfolds every group, or folds every group and closes its clauses. */
  function unfoldAll(groups: readonly ClauseGroup[], open: boolean): void {
    store.setState({
      unfolded: Object.fromEntries(groups.map(({ name }) => [name, open])),
      opened: open ? store.getState().opened : new Set(),
    });
  }

  /** Moves the focus by so many lines. */
  function moveFocus(groups: readonly ClauseGroup[], step: number): void {
    const state = store.getState();
    const lines = listLines(groups, state);
    const at = state.active === null ? -1 : lines.indexOf(state.active);
    const next = lines[at < 0 ? 0 : Math.min(lines.length - 1, Math.max(0, at + step))];
    if (next === undefined) return;
    setActive(next);
    focusElement(next);
  }

  return {
    store,
    setFilter,
    setQuery,
    setActive,
    toggleClause,
    unfold,
    unfoldAll,
    moveFocus,
  };
}

/** A group folds by itself once all of it passed, unless the focus is in it or a search found it. Pure. */
export function isUnfolded(group: ClauseGroup, state: ClauseListState): boolean {
  const chosen = state.unfolded[group.name];
  if (chosen !== undefined) return chosen;
  if (group.state !== 'passed' || state.query.trim() !== '') return true;
  return group.rows.some(
    ({ clause }) => state.opened.has(clause.id) || state.active === clauseLineId(clause.id),
  );
}

/** The lines in the order in which keys reach them. Pure. */
export function listLines(groups: readonly ClauseGroup[], state: ClauseListState): readonly string[] {
  return groups.flatMap((group) => [
    groupLineId(group.name),
    ...(isUnfolded(group, state) ? group.rows.map(({ clause }) => clauseLineId(clause.id)) : []),
  ]);
}
