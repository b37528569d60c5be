import { IconChevronRight } from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import { useStore } from 'zustand';
import { showControls } from '../../../components/text/format.ts';
import { useStores } from '../../../components/use-stores.tsx';
import { focusElement } from '../../../page.ts';
import {
  type ClauseListStore,
  clauseLineId,
  groupLineId,
  isUnfolded,
  listLines,
} from '../../../state/contract/clause-list-store.ts';
import { type ClauseGroup, formatCounts } from '../../../state/contract/contract-model.ts';
import classes from './clause-list.module.css';
import { ClauseMark } from './clause-mark.tsx';
import { ClauseRow } from './clause-row.tsx';
import { GroupAgain } from './run-again.tsx';

export interface ClauseListProps {
  readonly groups: readonly ClauseGroup[];
  /** Why no clause can be checked again; null when they can. */
  readonly readOnly: string | null;
}

/**
 * The clauses by group: one line each, which expands to its evidence. Tab reaches one line, arrows the
 * others.
 */
export function ClauseList({ groups, readOnly }: ClauseListProps) {
  const { clauseList } = useStores();
  const lines = useStore(clauseList.store, (state) => listLines(groups, state).join('\n')).split('\n');
  const active = useStore(clauseList.store, (state) => state.active);
  const tabStop = active !== null && lines.includes(active) ? active : (lines[0] ?? null);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the lines inside take the focus and the keys
    <div className={classes.list} onKeyDown={(event) => handleLineKey(event, groups, clauseList)}>
      {groups.map((group) => (
        <Group key={group.name} group={group} tabStop={tabStop} readOnly={readOnly} />
      ))}
    </div>
  );
}

interface GroupProps {
  readonly group: ClauseGroup;
  readonly tabStop: string | null;
  readonly readOnly: string | null;
}

function Group({ group, tabStop, readOnly }: GroupProps) {
  const { clauseList } = useStores();
  const open = useStore(clauseList.store, (state) => isUnfolded(group, state));
  const line = groupLineId(group.name);
  return (
    <section className={classes.group} aria-label={group.name}>
      <div className={classes.groupHead}>
        <button
          type="button"
          id={line}
          className={classes.groupButton}
          aria-expanded={open}
          tabIndex={tabStop === line ? 0 : -1}
          onFocus={() => clauseList.setActive(line)}
          onClick={() => clauseList.unfold(group.name, !open)}
        >
          <IconChevronRight size={15} aria-hidden className={classes.chevron} data-open={open || undefined} />
          <span className={classes.groupName}>{showControls(group.name)}</span>
          <ClauseMark state={group.state} word={formatCounts(group.counts)} />
        </button>
        <GroupAgain group={group.name} readOnly={readOnly} />
      </div>
      {open && (
        <ul className={classes.rows}>
          {group.rows.map((row) => (
            <ClauseRow key={row.clause.id} row={row} tabStop={tabStop} readOnly={readOnly} />
          ))}
        </ul>
      )}
    </section>
  );
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, Home: -1e9, End: 1e9 };

function handleLineKey(
  event: KeyboardEvent,
  groups: readonly ClauseGroup[],
  clauseList: ClauseListStore,
): void {
  const { id } = event.target as HTMLElement;
  const group = groups.find(
    ({ name, rows }) => groupLineId(name) === id || rows.some(({ clause }) => clauseLineId(clause.id) === id),
  );
  if (group === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  const step = STEPS[event.key];
  if (step !== undefined) clauseList.moveFocus(groups, step);
  else if (event.key === 'ArrowRight') openLine(group, id, true, clauseList);
  else if (event.key === 'ArrowLeft') openLine(group, id, false, clauseList);
  else return;
  event.preventDefault();
}

/** Expands or collapses a line; collapsing a collapsed clause moves the focus to its group. */
function openLine(group: ClauseGroup, line: string, open: boolean, clauseList: ClauseListStore): void {
  const id = group.rows.find(({ clause }) => clauseLineId(clause.id) === line)?.clause.id;
  if (id === undefined) clauseList.unfold(group.name, open);
  else if (clauseList.store.getState().opened.has(id) !== open) clauseList.toggleClause(id);
  else if (!open) focusElement(groupLineId(group.name));
}
