import { describe, expect, it } from 'vitest';
import type { CheckResult, Clause } from '../../../../../main/contract/conformance.ts';
import type { ContractRun } from '../../../../../renderer/state/contract/contract.ts';
import {
  countStates,
  groupClauses,
  judgedClauses,
  keptWords,
  listedClauses,
  runningClauses,
  type ShownClause,
  underWayWords,
  unjudgedClauses,
} from '../../../../../renderer/views/contract/checks/contract-model.ts';

function clause(id: string, over: Partial<Clause> = {}): Clause {
  return {
    ...{ id, group: 'Endpoints', title: `Title of ${id}`, severity: 'must', rule: 'a rule' },
    ...{ place: 'contract §2', expected: '200', ...over },
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
    ...{ id: 'run', again: null, own: true, startedAt: 0, cancelling: false, total: 3 },
    ...{ checks: [], title: '', ...over },
  };
}

const states = (rows: readonly ShownClause[]) => rows.map(({ clause: { id }, state }) => [id, state]);

describe('the head line', () => {
  it('counts what is kept, broken, different and skipped', () => {
    const rows = judgedClauses([
      check('a'),
      check('b', 'failed'),
      check('c', 'skipped'),
      check('d', 'differs'),
    ]);
    expect(keptWords(countStates(rows))).toBe('1 of 4 kept · 1 broken · 1 differs · 1 skipped');
  });

  it('says how many there are where nothing was judged', () => {
    expect(keptWords(countStates(unjudgedClauses([clause('a'), clause('b')])))).toBe('2 clauses');
  });

  it('says only what is there', () => {
    expect(keptWords(countStates(judgedClauses([check('a')])))).toBe('1 of 1 kept');
  });

  it('says what is under way', () => {
    const counts = { passed: 0, differs: 0, failed: 0, skipped: 0, pending: 0, running: 1 };
    expect(underWayWords(counts, 'Unset, the timeout is 30 seconds')).toBe(
      '1 under way: Unset, the timeout is 30 seconds',
    );
    expect(underWayWords({ ...counts, pending: 4 }, 'GET /info')).toBe('5 to go: GET /info');
    expect(underWayWords({ ...counts, running: 0 }, '')).toBe('finishing');
  });
});

describe('a run under way', () => {
  const clauses = [clause('a'), clause('b'), clause('c')];

  it('shows verdicts as they come, what is at work, and what is not judged yet', () => {
    const run = running({ checks: [check('b', 'failed')], title: 'Title of c' });
    expect(states(runningClauses(run, clauses, [check('a')]))).toEqual([
      ['a', 'pending'],
      ['b', 'failed'],
      ['c', 'running'],
    ]);
  });

  it('leaves out no verdict of a clause that it did not know of', () => {
    const run = running({ checks: [check('new')] });
    expect(states(runningClauses(run, [clause('a')], []))).toEqual([
      ['a', 'pending'],
      ['new', 'passed'],
    ]);
  });

  it('over some clauses leaves the others as they were judged', () => {
    const before = [check('a', 'failed'), check('b', 'failed'), check('c', 'skipped')];
    const run = running({ again: ['a', 'b'], checks: [check('a')], title: 'Title of b' });
    expect(states(runningClauses(run, clauses, before))).toEqual([
      ['a', 'passed'],
      ['b', 'running'],
      ['c', 'skipped'],
    ]);
  });
});

describe('groups', () => {
  it('keep the order of the contract and are marked by the worst in them', () => {
    const groups = groupClauses([
      ...judgedClauses([check('a', 'passed', { group: 'B' }), check('b', 'failed', { group: 'A' })]),
      ...judgedClauses([check('c', 'skipped', { group: 'B' }), check('d', 'passed', { group: 'C' })]),
      ...unjudgedClauses([clause('e', { group: 'C' })]),
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
    ...judgedClauses([
      check('kept'),
      check('should', 'passed', { severity: 'should' }),
      check('broken', 'failed', { reason: 'The header is missing' }),
    ]),
    ...unjudgedClauses([clause('open')]),
  ];
  const left = (...wish: [Parameters<typeof listedClauses>[1], string]) =>
    listedClauses(rows, ...wish).map((row) => row.clause.id);

  it('leaves what is not kept, or what must be', () => {
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
