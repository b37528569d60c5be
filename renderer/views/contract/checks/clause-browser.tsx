import { SegmentedControl, TextInput } from '@mantine/core';
import { IconFold, IconRefresh, IconSearch } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { KeyHint } from '../../../components/controls/key-hint.tsx';
import { useCommands } from '../../../components/controls/use-commands.ts';
import { EmptyState } from '../../../components/status/states.tsx';
import { useStores } from '../../../components/use-stores.tsx';
import { focusElement } from '../../../page.ts';
import type { Command } from '../../../state/app/commands.ts';
import { CLAUSE_QUERY_ID, clauseLineId, groupLineId } from '../../../state/contract/clause-list-store.ts';
import {
  type ClauseFilter,
  type ClauseGroup,
  countStates,
  filterClauses,
  groupClauses,
  type ShownClause,
} from '../../../state/contract/contract-model.ts';
import classes from '../contract-screen.module.css';
import { ClauseList } from './clause-list.tsx';
import { useRecheckUnavailable } from './run-again.tsx';

export interface ClauseBrowserProps {
  readonly rows: readonly ShownClause[];
  /** Why no clause can be checked again; null when they can. */
  readonly readOnly: string | null;
  /** Above the list. */
  readonly children?: ReactNode;
}

/** The clauses with their filter, by mouse and by keyboard. */
export function ClauseBrowser({ rows, readOnly, children }: ClauseBrowserProps) {
  const { clauseList } = useStores();
  const { filter, query } = useStore(clauseList.store);
  const groups = groupClauses(filterClauses(rows, filter, query));
  useListCommands(groups, readOnly);
  return (
    <>
      <search className={classes.filters}>
        <SegmentedControl
          aria-label="Clauses to show"
          data={describeFilters(rows)}
          value={filter}
          onChange={(value) => clauseList.setFilter(value as ClauseFilter)}
        />
        <TextInput
          id={CLAUSE_QUERY_ID}
          className={classes.find}
          aria-label="Find clauses"
          placeholder="Find clauses"
          leftSection={<IconSearch size={14} />}
          rightSection={query === '' ? <KeyHint keys="/" /> : null}
          value={query}
          onChange={(event) => clauseList.setQuery(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') clauseList.setQuery('');
            if (event.key === 'ArrowDown') clauseList.moveFocus(groups, 0);
          }}
        />
      </search>
      <div className={classes.scroll}>
        {children}
        {groups.length === 0 ? (
          <NothingListed filter={filter} query={query} />
        ) : (
          <ClauseList groups={groups} readOnly={readOnly} />
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
  ] satisfies { value: ClauseFilter; label: string }[];
}

function NothingListed({ filter, query }: { readonly filter: ClauseFilter; readonly query: string }) {
  if (query.trim() !== '') {
    return (
      <EmptyState
        title={`No results for “${query.trim()}”`}
        text="Press Escape in the field to show all clauses."
      />
    );
  }
  if (filter === 'not-kept')
    return <EmptyState title="All clauses passed" text="Choose All to see the evidence." />;
  return <EmptyState title="No clauses here" />;
}

function useListCommands(groups: readonly ClauseGroup[], readOnly: string | null): void {
  const { clauseList, contract } = useStores();
  const unavailable = useRecheckUnavailable(readOnly);
  const active = useStore(clauseList.store, (state) => state.active);
  const rows = groups.flatMap((group) => group.rows);
  const clause = rows.find((row) => clauseLineId(row.clause.id) === active)?.clause;
  const group = groups.find(({ name }) => name === clause?.group || active === groupLineId(name));
  useCommands([
    hidden('contract.next', 'Next clause', 'J', () => clauseList.moveFocus(groups, 1)),
    hidden('contract.previous', 'Previous clause', 'K', () => clauseList.moveFocus(groups, -1)),
    hidden('contract.find', 'Find clauses', '/', () => focusElement(CLAUSE_QUERY_ID)),
    screen('contract.all', 'Show all clauses', () => clauseList.setFilter('all')),
    screen('contract.not-kept', 'Show clauses that did not pass', () => clauseList.setFilter('not-kept')),
    screen('contract.must', 'Show must clauses only', () => clauseList.setFilter('must')),
    {
      ...screen('contract.unfold', 'Expand all groups', () => clauseList.unfoldAll(groups, true)),
      icon: IconFold,
    },
    {
      ...screen('contract.fold', 'Collapse all groups', () => clauseList.unfoldAll(groups, false)),
      icon: IconFold,
    },
    {
      ...screen(
        'contract.again',
        clause === undefined ? 'Check one clause again' : `Check “${clause.title}” again`,
        () => contract.recheck(clause === undefined ? [] : [clause.id]),
      ),
      icon: IconRefresh,
      keys: 'R',
      unavailable: unavailable ?? (clause === undefined ? 'Select a clause first' : null),
    },
    {
      ...screen(
        'contract.group-again',
        group === undefined ? 'Check a group again' : `Check “${group.name}” again`,
        () => contract.recheckGroup(group?.name ?? ''),
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
