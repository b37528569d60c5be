import { IconChevronRight } from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import { useStore } from 'zustand';
import { showControls } from '../../../components/text/format.ts';
import { focusElement } from '../../../page.ts';
import classes from './clause-list.module.css';
import {
  clauseLine,
  clauseListStore,
  groupLine,
  isUnfolded,
  linesOf,
  moveLine,
  setActive,
  toggleClause,
  unfold,
} from './clause-list-store.ts';
import { ClauseMark } from './clause-mark.tsx';
import { ClauseRow } from './clause-row.tsx';
import { type ClauseGroup, keptWords } from './contract-model.ts';
import { GroupAgain } from './run-again.tsx';

export interface ClauseListProps {
  readonly groups: readonly ClauseGroup[];
  /** Why nothing of it can be judged anew; null when it can. */
  readonly fixed: string | null;
}

/** The clauses by chapter: one line each, which opens to its evidence. Tab leads to one line, arrows to the others. */
export function ClauseList({ groups, fixed }: ClauseListProps) {
  const lines = useStore(clauseListStore, (state) => linesOf(groups, state).join('\n')).split('\n');
  const active = useStore(clauseListStore, (state) => state.active);
  const stop = active !== null && lines.includes(active) ? active : (lines[0] ?? null);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the lines in it have the focus and the keys
    <div className={classes.list} onKeyDown={(event) => pressOnLine(event, groups)}>
      {groups.map((group) => (
        <Group key={group.name} group={group} stop={stop} fixed={fixed} />
      ))}
    </div>
  );
}

interface GroupProps {
  readonly group: ClauseGroup;
  readonly stop: string | null;
  readonly fixed: string | null;
}

function Group({ group, stop, fixed }: GroupProps) {
  const open = useStore(clauseListStore, (state) => isUnfolded(group, state));
  const line = groupLine(group.name);
  return (
    <section className={classes.group} aria-label={group.name}>
      <div className={classes.groupHead}>
        <button
          type="button"
          id={line}
          className={classes.groupButton}
          aria-expanded={open}
          tabIndex={stop === line ? 0 : -1}
          onFocus={() => setActive(line)}
          onClick={() => unfold(group.name, !open)}
        >
          <IconChevronRight size={15} aria-hidden className={classes.chevron} data-open={open || undefined} />
          <span className={classes.groupName}>{showControls(group.name)}</span>
          <ClauseMark state={group.state} word={keptWords(group.counts)} />
        </button>
        <GroupAgain group={group.name} fixed={fixed} />
      </div>
      {open && (
        <ul className={classes.rows}>
          {group.rows.map((row) => (
            <ClauseRow key={row.clause.id} row={row} stop={stop} fixed={fixed} />
          ))}
        </ul>
      )}
    </section>
  );
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, Home: -1e9, End: 1e9 };

function pressOnLine(event: KeyboardEvent, groups: readonly ClauseGroup[]): void {
  const { id } = event.target as HTMLElement;
  const group = groups.find(
    ({ name, rows }) => groupLine(name) === id || rows.some(({ clause }) => clauseLine(clause.id) === id),
  );
  if (group === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  const step = STEPS[event.key];
  if (step !== undefined) moveLine(groups, step);
  else if (event.key === 'ArrowRight') openLine(group, id, true);
  else if (event.key === 'ArrowLeft') openLine(group, id, false);
  else return;
  event.preventDefault();
}

/** Opens or closes what a line holds; closing a closed clause leads to its group. */
function openLine(group: ClauseGroup, line: string, open: boolean): void {
  const id = group.rows.find(({ clause }) => clauseLine(clause.id) === line)?.clause.id;
  if (id === undefined) unfold(group.name, open);
  else if (clauseListStore.getState().opened.has(id) !== open) toggleClause(id);
  else if (!open) focusElement(groupLine(group.name));
}
