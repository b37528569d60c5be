import { beforeEach, describe, expect, it } from 'vitest';
import {
  clauseLineId,
  clauseListStore,
  findClauses,
  groupLineId,
  isUnfolded,
  listLines,
  resetClauseList,
  setActive,
  toggleClause,
  unfold,
  unfoldAll,
} from '../../../../../renderer/views/contract/checks/clause-list-store.ts';
import type {
  ClauseGroup,
  ClauseState,
  ShownClause,
} from '../../../../../renderer/views/contract/checks/contract-model.ts';

function group(name: string, state: ClauseState): ClauseGroup {
  const row = (id: string) => ({ clause: { id }, check: null, state }) as ShownClause;
  return { name, state, rows: [row(`${name}.1`), row(`${name}.2`)], counts: {} as ClauseGroup['counts'] };
}

const kept = group('kept', 'passed');
const broken = group('broken', 'failed');
const open = (one: ClauseGroup) => isUnfolded(one, clauseListStore.getState());

describe('the list of clauses', () => {
  beforeEach(resetClauseList);

  it('folds groups that passed, and no others', () => {
    expect(open(kept)).toBe(false);
    for (const state of ['failed', 'differs', 'skipped', 'pending', 'running'] as const)
      expect(open(group('g', state))).toBe(true);
  });

  it('leaves a group open that has an open clause or the focus, or that a search found', () => {
    toggleClause('kept.1');
    expect(open(kept)).toBe(true);
    toggleClause('kept.1');
    setActive(clauseLineId('kept.2'));
    expect(open(kept)).toBe(true);
    setActive(groupLineId('kept'));
    expect(open(kept)).toBe(false);
    findClauses('header');
    expect(open(kept)).toBe(true);
  });

  it('prefers what the user chose', () => {
    unfold('broken', false);
    unfold('kept', true);
    expect([open(broken), open(kept)]).toEqual([false, true]);
    unfoldAll([kept, broken], false);
    expect([open(broken), open(kept)]).toEqual([false, false]);
  });

  it('closes the evidence with the groups', () => {
    toggleClause('broken.1');
    unfoldAll([broken], false);
    expect(clauseListStore.getState().opened.size).toBe(0);
  });

  it('lists its lines without folded clauses', () => {
    expect(listLines([kept, broken], clauseListStore.getState())).toEqual([
      'group-kept',
      'group-broken',
      'clause-broken.1',
      'clause-broken.2',
    ]);
  });
});
