import { SegmentedControl, TextInput } from '@mantine/core';
import { IconFold, IconRefresh, IconSearch } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { KeyHint } from '../../../components/controls/key-hint.tsx';
import { useCommands } from '../../../components/controls/use-commands.ts';
import { EmptyState } from '../../../components/status/states.tsx';
import { focusElement } from '../../../page.ts';
import type { Command } from '../../../state/app/commands.ts';
import { recheckClauses, recheckGroup } from '../../../state/contract/contract.ts';
import classes from '../contract-screen.module.css';
import { ClauseList } from './clause-list.tsx';
import {
  CLAUSE_FILTER,
  clauseLineId,
  clauseListStore,
  findClauses,
  listClauses,
  moveLine,
  unfoldAll,
} from './clause-list-store.ts';
import {
  type ClauseGroup,
  countStates,
  filterClauses,
  groupClauses,
  type Listed,
  type ShownClause,
} from './contract-model.ts';
import { useRecheckUnavailable } from './run-again.tsx';

export interface ClauseBrowserProps {
  readonly rows: readonly ShownClause[];
  /** Why no clause can be checked again; null when they can. */
  readonly fixed: string | null;
  /** Above the list. */
  readonly children?: ReactNode;
}

/** The clauses with their filter, by mouse and by keyboard. */
export function ClauseBrowser({ rows, fixed, children }: ClauseBrowserProps) {
  const { listed, words } = useStore(clauseListStore);
  const groups = groupClauses(filterClauses(rows, listed, words));
  useListCommands(groups, fixed);
  return (
    <>
      <search className={classes.filters}>
        <SegmentedControl
          aria-label="Clauses to show"
          data={describeFilters(rows)}
          value={listed}
          onChange={(value) => listClauses(value as Listed)}
        />
        <TextInput
          id={CLAUSE_FILTER}
          className={classes.find}
          aria-label="Find clauses"
          placeholder="Find clauses"
          leftSection={<IconSearch size={14} />}
          rightSection={words === '' ? <KeyHint keys="/" /> : null}
          value={words}
          onChange={(event) => findClauses(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') findClauses('');
            if (event.key === 'ArrowDown') moveLine(groups, 0);
          }}
        />
      </search>
      <div className={classes.scroll}>
        {children}
        {groups.length === 0 ? (
          <NothingListed listed={listed} words={words} />
        ) : (
          <ClauseList groups={groups} fixed={fixed} />
        )}
      </div>
    </>
  );
}

function describeFilters(rows: readonly ShownClause[]) {
  const { differs, failed, skipped } = countStates(rows);
  return [
    { value: 'all', label: `All ${rows.length}` },
    { value: 'not-kept', label: `Not passed ${differs + failed + skipped}` },
    { value: 'must', label: `Must only ${filterClauses(rows, 'must', '').length}` },
  ] satisfies { value: Listed; label: string }[];
}

function NothingListed({ listed, words }: { readonly listed: Listed; readonly words: string }) {
  if (words.trim() !== '') {
    return (
      <EmptyState
        title={`No results for “${words.trim()}”`}
        text="Press Escape in the field to show all clauses."
      />
    );
  }
  if (listed === 'not-kept')
    return <EmptyState title="All clauses passed" text="Choose All to see the evidence." />;
  return <EmptyState title="No clauses here" />;
}

function useListCommands(groups: readonly ClauseGroup[], fixed: string | null): void {
  const unavailable = useRecheckUnavailable(fixed);
  const active = useStore(clauseListStore, (state) => state.active);
  const rows = groups.flatMap((group) => group.rows);
  const clause = rows.find((row) => clauseLineId(row.clause.id) === active)?.clause;
  const group = groups.find(({ name }) => name === clause?.group || active === `group-${name}`);
  useCommands([
    hidden('contract.next', 'Next clause', 'J', () => moveLine(groups, 1)),
    hidden('contract.previous', 'Previous clause', 'K', () => moveLine(groups, -1)),
    hidden('contract.find', 'Find clauses', '/', () => focusElement(CLAUSE_FILTER)),
    screen('contract.all', 'Show all clauses', () => listClauses('all')),
    screen('contract.not-kept', 'Show clauses that did not pass', () => listClauses('not-kept')),
    screen('contract.must', 'Show must clauses only', () => listClauses('must')),
    { ...screen('contract.unfold', 'Expand all groups', () => unfoldAll(groups, true)), icon: IconFold },
    { ...screen('contract.fold', 'Collapse all groups', () => unfoldAll(groups, false)), icon: IconFold },
    {
      ...screen(
        'contract.again',
        clause === undefined ? 'Check one clause again' : `Check “${clause.title}” again`,
        () => recheckClauses(clause === undefined ? [] : [clause.id]),
      ),
      icon: IconRefresh,
      keys: 'R',
      unavailable: unavailable ?? (clause === undefined ? 'Select a clause first' : null),
    },
    {
      ...screen(
        'contract.group-again',
        group === undefined ? 'Check a group again' : `Check “${group.name}” again`,
        () => recheckGroup(group?.name ?? ''),
      ),
      icon: IconRefresh,
      keys: 'shift+R',
      unavailable: unavailable ?? (group === undefined ? 'Select a group first' : null),
    },
  ]);
}

function screen(id: string, title: string, run: () => unknown): Command {
  return { id, title, group: 'This screen', run };
}

function hidden(id: string, title: string, keys: string, run: () => void): Command {
  return { ...screen(id, title, run), keys, listed: false };
}
