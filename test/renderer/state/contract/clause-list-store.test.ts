import { describe, expect, it } from 'vitest';
import {
  clauseLineId,
  createClauseListStore,
  groupLineId,
  isUnfolded,
  listLines,
} from '../../../../renderer/state/contract/clause-list-store.ts';
import type {
  ClauseGroup,
  ClauseState,
  ShownClause,
} from '../../../../renderer/state/contract/contract-model.ts';
import { createStubPage } from '../../support/stub-page.ts';

function group(name: string, state: ClauseState): ClauseGroup {
  const row = (id: string) => ({ clause: { id }, check: null, state }) as ShownClause;
  return { name, state, rows: [row(`${name}.1`), row(`${name}.2`)], counts: {} as ClauseGroup['counts'] };
}

const kept = group('kept', 'passed');
const broken = group('broken', 'failed');

function begin(stored: Readonly<Record<string, unknown>> = {}) {
  const page = createStubPage('', stored);
  const list = createClauseListStore({ page });
  const open = (one: ClauseGroup) => isUnfolded(one, list.store.getState());
  return { page, list, open };
}

describe('the list of clauses', () => {
  it('folds groups that passed, and no others', () => {
    const { open } = begin();
    expect(open(kept)).toBe(false);
    for (const state of ['failed', 'differs', 'skipped', 'pending', 'running'] as const)
      expect(open(group('g', state))).toBe(true);
  });

  it('leaves a group open that has an open clause or the focus, or that a search found', () => {
    const { list, open } = begin();
    list.toggleClause('kept.1');
    expect(open(kept)).toBe(true);
    list.toggleClause('kept.1');
    list.setActive(clauseLineId('kept.2'));
    expect(open(kept)).toBe(true);
    list.setActive(groupLineId('kept'));
    expect(open(kept)).toBe(false);
    list.setQuery('header');
    expect(open(kept)).toBe(true);
  });

  it('prefers what the user chose', () => {
    const { list, open } = begin();
    list.unfold('broken', false);
    list.unfold('kept', true);
    expect([open(broken), open(kept)]).toEqual([false, true]);
    list.unfoldAll([kept, broken], false);
    expect([open(broken), open(kept)]).toEqual([false, false]);
  });

  it('closes the evidence with the groups', () => {
    const { list } = begin();
    list.toggleClause('broken.1');
    list.unfoldAll([broken], false);
    expect(list.store.getState().opened.size).toBe(0);
  });

  it('lists its lines without folded clauses', () => {
    const { list } = begin();
    expect(listLines([kept, broken], list.store.getState())).toEqual([
      'group-kept',
      'group-broken',
      'clause-broken.1',
      'clause-broken.2',
    ]);
  });

  it('stores the chosen filter, and ignores one that it does not know', () => {
    const { page, list } = begin({ 'contract-listed': 'must' });
    expect(list.store.getState().filter).toBe('must');
    list.setFilter('not-kept');
    expect(page.readStored('contract-listed')).toBe('not-kept');
    expect(begin({ 'contract-listed': 'magic' }).list.store.getState().filter).toBe('all');
  });
});
