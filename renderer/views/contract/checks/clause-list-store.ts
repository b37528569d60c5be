import { createStore } from 'zustand/vanilla';
import { focusElement, readStored, writeStored } from '../../../page.ts';
import type { ClauseGroup, Listed } from './contract-model.ts';
import { LISTED } from './contract-model.ts';

/** The list's filter, which groups are folded, and the line that has the focus. */
export interface ClauseListState {
  readonly listed: Listed;
  readonly words: string;
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
export const CLAUSE_FILTER = 'clause-filter';

const STORED = 'contract-listed';
const INITIAL: ClauseListState = {
  listed: 'all',
  words: '',
  opened: new Set<string>(),
  unfolded: {},
  active: null,
};

export const clauseListStore = createStore<ClauseListState>()(() => ({
  ...INITIAL,
  listed: LISTED.find((one) => one === readStored(STORED)) ?? 'all',
}));

export function listClauses(listed: Listed): void {
  clauseListStore.setState({ listed });
  writeStored(STORED, listed);
}

export function findClauses(words: string): void {
  clauseListStore.setState({ words });
}

export function setActive(active: string): void {
  clauseListStore.setState({ active });
}

export function toggleClause(id: string): void {
  const opened = new Set(clauseListStore.getState().opened);
  if (!opened.delete(id)) opened.add(id);
  clauseListStore.setState({ opened });
}

export function unfold(name: string, open: boolean): void {
  const { unfolded } = clauseListStore.getState();
  clauseListStore.setState({ unfolded: { ...unfolded, [name]: open } });
}

/** Every group open, or every one folded with its clauses. */
export function unfoldAll(groups: readonly ClauseGroup[], open: boolean): void {
  clauseListStore.setState({
    unfolded: Object.fromEntries(groups.map(({ name }) => [name, open])),
    ...(open ? {} : { opened: new Set<string>() }),
  });
}

/** A group folds by itself once all of it passed, unless the focus is in it or a search found it. */
export function isUnfolded(group: ClauseGroup, state: ClauseListState): boolean {
  const chosen = state.unfolded[group.name];
  if (chosen !== undefined) return chosen;
  if (group.state !== 'passed' || state.words.trim() !== '') return true;
  return group.rows.some(
    ({ clause }) => state.opened.has(clause.id) || state.active === clauseLineId(clause.id),
  );
}

/** The lines in the order in which keys reach them. */
export function listLines(groups: readonly ClauseGroup[], state: ClauseListState): readonly string[] {
  return groups.flatMap((group) => [
    groupLineId(group.name),
    ...(isUnfolded(group, state) ? group.rows.map(({ clause }) => clauseLineId(clause.id)) : []),
  ]);
}

/** Moves the focus by so many lines. */
export function moveLine(groups: readonly ClauseGroup[], step: number): void {
  const state = clauseListStore.getState();
  const lines = listLines(groups, state);
  const at = state.active === null ? -1 : lines.indexOf(state.active);
  const next = lines[at < 0 ? 0 : Math.min(lines.length - 1, Math.max(0, at + step))];
  if (next === undefined) return;
  setActive(next);
  focusElement(next);
}

/** For tests. */
export function resetClauseList(): void {
  clauseListStore.setState(INITIAL, true);
}
