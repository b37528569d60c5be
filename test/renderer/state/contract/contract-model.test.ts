import { describe, expect, it } from 'vitest';
import type { CheckResult, Clause } from '../../../../main/contract/conformance.ts';
import type { ContractRun } from '../../../../renderer/state/contract/contract.ts';
import {
  countStates,
  describeProgress,
  filterClauses,
  formatCounts,
  groupClauses,
  type ShownClause,
  showChecked,
  showRunning,
  showUnchecked,
} from '../../../../renderer/state/contract/contract-model.ts';

function clause(id: string, over: Partial<Clause> = {}): Clause {
  return {
    id,
    group: 'Endpoints',
    title: `Title of ${id}`,
    severity: 'must',
    rule: 'a rule',
    place: 'contract §2',
    expected: '200',
    ...over,
  };
}

function check(
  id: string,
  verdict: CheckResult['verdict'] = 'passed',
  over: Partial<CheckResult> = {},
): CheckResult {
  const judged = { verdict, reason: '', observed: '200', stage: null, exchanges: [], durationMs: 1 };
  return { ...clause(id), ...judged, ...over };
}

function running(over: Partial<ContractRun>): ContractRun {
  return {
    id: 'run',
    again: null,
    own: true,
    startedAt: 0,
    cancelling: false,
    total: 3,
    checks: [],
    title: '',
    ...over,
  };
}

const states = (rows: readonly ShownClause[]) => rows.map(({ clause: { id }, state }) => [id, state]);

describe('the head line', () => {
  it('counts what passed, failed, differs and was skipped', () => {
    const rows = showChecked([
      check('a'),
      check('b', 'failed'),
      check('c', 'skipped'),
      check('d', 'differs'),
    ]);
    expect(formatCounts(countStates(rows))).toBe('1 of 4 passed · 1 failed · 1 differs · 1 skipped');
  });

  it('counts the clauses where nothing was checked', () => {
    expect(formatCounts(countStates(showUnchecked([clause('a'), clause('b')])))).toBe('2 clauses');
  });

  it('leaves out counts of zero', () => {
    expect(formatCounts(countStates(showChecked([check('a')])))).toBe('1 of 1 passed');
  });

  it('names the clause that is running', () => {
    const counts = { passed: 0, differs: 0, failed: 0, skipped: 0, pending: 0, running: 1 };
    expect(describeProgress(counts, 'Unset, the timeout is 30 seconds')).toBe(
      '1 running: Unset, the timeout is 30 seconds',
    );
    expect(describeProgress({ ...counts, pending: 4 }, 'GET /info')).toBe('5 to go: GET /info');
    expect(describeProgress({ ...counts, running: 0 }, '')).toBe('finishing');
  });
});

describe('a run in progress', () => {
  const clauses = [clause('a'), clause('b'), clause('c')];

  it('shows verdicts as they arrive, the running clause, and the pending ones', () => {
    const run = running({ checks: [check('b', 'failed')], title: 'Title of c' });
    expect(states(showRunning(run, clauses, [check('a')]))).toEqual([
      ['a', 'pending'],
      ['b', 'failed'],
      ['c', 'running'],
    ]);
  });

  it('shows verdicts of clauses it did not know of', () => {
    const run = running({ checks: [check('new')] });
    expect(states(showRunning(run, [clause('a')], []))).toEqual([
      ['a', 'pending'],
      ['new', 'passed'],
    ]);
  });

  it('over some clauses leaves the verdicts of the others', () => {
    const before = [check('a', 'failed'), check('b', 'failed'), check('c', 'skipped')];
    const run = running({ again: ['a', 'b'], checks: [check('a')], title: 'Title of b' });
    expect(states(showRunning(run, clauses, before))).toEqual([
      ['a', 'passed'],
      ['b', 'running'],
      ['c', 'skipped'],
    ]);
  });
});

describe('groups', () => {
  it('keep the order of the contract and are marked by the worst in them', () => {
    const groups = groupClauses([
      ...showChecked([check('a', 'passed', { group: 'B' }), check('b', 'failed', { group: 'A' })]),
      ...showChecked([check('c', 'skipped', { group: 'B' }), check('d', 'passed', { group: 'C' })]),
      ...showUnchecked([clause('e', { group: 'C' })]),
    ]);
    expect(groups.map(({ name, state, rows }) => [name, state, rows.length])).toEqual([
      ['B', 'skipped', 2],
      ['A', 'failed', 1],
      ['C', 'pending', 2],
    ]);
  });
});

describe('the filter', () => {
  const rows = [
    ...showChecked([
      check('kept'),
      check('should', 'passed', { severity: 'should' }),
      check('broken', 'failed', { reason: 'The header is missing' }),
    ]),
    ...showUnchecked([clause('open')]),
  ];
  const left = (...wish: [Parameters<typeof filterClauses>[1], string]) =>
    filterClauses(rows, ...wish).map((row) => row.clause.id);

  it('shows clauses that did not pass, or must clauses only', () => {
    expect(left('all', '')).toEqual(['kept', 'should', 'broken', 'open']);
    expect(left('not-kept', '')).toEqual(['broken', 'open']);
    expect(left('must', '')).toEqual(['kept', 'broken', 'open']);
  });

  it('finds every word, also in the reason', () => {
    expect(left('all', 'HEADER miss')).toEqual(['broken']);
    expect(left('all', 'title should')).toEqual(['should']);
    expect(left('not-kept', 'kept')).toEqual([]);
  });
});
