import { describe, expect, it } from 'vitest';
import type {
  CheckResult,
  ConformanceReport,
  ReportSummary,
} from '../../../../../main/contract/conformance.ts';
import { comparedRuns } from '../../../../../renderer/views/contract/compare/compare-choice.ts';
import {
  compareReports,
  countDiffering,
  formatDiffering,
  onlyDifferences,
} from '../../../../../renderer/views/contract/compare/compare-model.ts';

function report(checks: readonly (readonly [id: string, verdict: CheckResult['verdict'], group?: string])[]) {
  return {
    checks: checks.map(([id, verdict, group = 'G']) => ({ id, verdict, group }) as CheckResult),
  } as Partial<ConformanceReport> as ConformanceReport;
}

const shown = (groups: ReturnType<typeof compareReports>) =>
  groups.map(({ name, differing, rows }) => [
    name,
    differing,
    rows.map(({ clause, a, b, differs }) => [clause.id, a?.verdict, b?.verdict, differs]),
  ]);

describe('two runs side by side', () => {
  const groups = compareReports(
    report([
      ['same', 'passed'],
      ['other', 'passed'],
      ['gone', 'passed', 'H'],
    ]),
    report([
      ['other', 'differs'],
      ['same', 'passed'],
      ['new', 'failed', 'H'],
    ]),
  );

  it('pair clauses by id, mark what is judged otherwise, and leave out nothing', () => {
    expect(shown(groups)).toEqual([
      [
        'G',
        1,
        [
          ['same', 'passed', 'passed', false],
          ['other', 'passed', 'differs', true],
        ],
      ],
      [
        'H',
        2,
        [
          ['gone', 'passed', undefined, true],
          ['new', undefined, 'failed', true],
        ],
      ],
    ]);
    expect(countDiffering(groups.flatMap(({ rows }) => rows))).toBe(3);
  });

  it('can be reduced to the differences', () => {
    expect(onlyDifferences(groups).map(({ rows }) => rows.map(({ clause }) => clause.id))).toEqual([
      ['other'],
      ['gone', 'new'],
    ]);
    const same = report([['same', 'passed']]);
    expect(onlyDifferences(compareReports(same, same))).toEqual([]);
  });

  it('are counted', () => {
    expect([0, 1, 3].map(formatDiffering)).toEqual(['no differences', '1 differs', '3 differ']);
  });
});

describe('which runs are compared', () => {
  const run = (id: string, own: boolean) => ({ id, own }) as ReportSummary;
  const runs = [run('own2', true), run('own1', true), run('other2', false), run('other1', false)];

  it.each([
    ['those of the address', { a: 'own1', b: 'other1' }, runs, { a: 'own1', b: 'other1' }],
    ['the last of this runtime and the last of another', {}, runs, { a: 'own2', b: 'other2' }],
    ['the last two where there is one runtime only', {}, runs.slice(0, 2), { a: 'own1', b: 'own2' }],
    ['a partner for the one that is named', { a: 'other1' }, runs, { a: 'other1', b: 'other2' }],
    ['only one side of a single run', {}, runs.slice(0, 1), { a: null, b: 'own2' }],
    ['neither side without runs', {}, [], { a: null, b: null }],
    ['a deleted run of the address', { a: 'gone', b: 'own1' }, runs, { a: 'gone', b: 'own1' }],
  ] as const)('are %s', (_title, params, kept, compared) => {
    expect(comparedRuns(params as Record<string, string>, kept)).toEqual(compared);
  });
});
