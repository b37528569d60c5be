import { describe, expect, it } from 'vitest';
import { compareWithBaseline, resolveOutcome } from '../../../main/conformance/reports/outcome-rules.ts';
import { madeCheck, madeReport } from '../../support/made-report.ts';

const MUST = 'header.health';
const SHOULD = 'health.counts';
const allPassed = madeReport([madeCheck(MUST), madeCheck(SHOULD)]);
const failedMust = madeReport([madeCheck(MUST, { verdict: 'failed' }), madeCheck(SHOULD)]);
const failedShould = madeReport([madeCheck(MUST), madeCheck(SHOULD, { verdict: 'failed' })]);
const different = madeReport([madeCheck(MUST, { verdict: 'differs' }), madeCheck(SHOULD)]);
const skipped = madeReport([madeCheck(MUST, { verdict: 'skipped' }), madeCheck(SHOULD)]);
const expecting = (...ids: string[]) => new Map(ids.map((id) => [id, '']));

describe('a run without a baseline', () => {
  it('succeeds when nothing failed', () => {
    expect(resolveOutcome(allPassed)).toEqual({ ok: true, reasons: [] });
  });

  it('fails for a failed must, and says which', () => {
    expect(resolveOutcome(failedMust)).toEqual({ ok: false, reasons: ['1 clause failed: header.health'] });
    expect(resolveOutcome(failedMust, { mustsOnly: true }).ok).toBe(false);
  });

  it('fails for a failed should, unless only musts count', () => {
    expect(resolveOutcome(failedShould).ok).toBe(false);
    expect(resolveOutcome(failedShould, { mustsOnly: true }).ok).toBe(true);
  });

  it('fails for a difference only when it is strict', () => {
    expect(resolveOutcome(different).ok).toBe(true);
    expect(resolveOutcome(different, { strict: true }).reasons).toEqual(['1 clause failed: header.health']);
  });

  it('fails for a skip only when none is allowed', () => {
    expect(resolveOutcome(skipped).ok).toBe(true);
    expect(resolveOutcome(skipped, { noSkips: true }).reasons).toEqual([
      '1 clause skipped, which counts as failed: header.health',
    ]);
    const should = madeReport([madeCheck(MUST), madeCheck(SHOULD, { verdict: 'skipped' })]);
    expect(resolveOutcome(should, { noSkips: true, mustsOnly: true }).ok).toBe(true);
  });

  it('fails when it was cancelled, and when nothing was checked', () => {
    expect(resolveOutcome({ ...allPassed, cancelled: true }).ok).toBe(false);
    expect(resolveOutcome(madeReport([])).reasons).toEqual(['No clause could be checked']);
    expect(resolveOutcome(madeReport([madeCheck(MUST, { verdict: 'skipped' })])).ok).toBe(false);
  });
});

describe('a run with a baseline', () => {
  it('succeeds when exactly what is expected failed', () => {
    expect(resolveOutcome(failedMust, { baseline: expecting(MUST) }).ok).toBe(true);
  });

  it('fails for a new failure', () => {
    expect(resolveOutcome(failedMust, { baseline: expecting(SHOULD) }).reasons).toEqual([
      '1 clause failed unexpectedly: header.health',
      '1 clause passed unexpectedly: health.counts',
    ]);
  });

  it('fails for an unexpected pass', () => {
    expect(resolveOutcome(allPassed, { baseline: expecting(MUST) })).toEqual({
      ok: false,
      reasons: ['1 clause passed unexpectedly: header.health'],
    });
  });

  it('takes a difference for allPassed, unless it is strict', () => {
    expect(resolveOutcome(different, { baseline: expecting(MUST) }).ok).toBe(false);
    expect(resolveOutcome(different, { baseline: expecting(MUST), strict: true }).ok).toBe(true);
  });

  it('counts an expected failure that was skipped, or not asked for, as neither', () => {
    const baseline = expecting(MUST, 'cors.foreign');
    expect(resolveOutcome(skipped, { baseline }).ok).toBe(true);
    expect(compareWithBaseline(skipped, baseline)).toEqual({
      newFailures: [],
      unexpectedPasses: [],
      expected: [],
      notTested: [MUST, 'cors.foreign'],
    });
  });

  it('leaves shoulds out of the comparison when only musts count', () => {
    expect(resolveOutcome(allPassed, { baseline: expecting(SHOULD), mustsOnly: true }).ok).toBe(true);
    expect(resolveOutcome(failedShould, { baseline: new Map(), mustsOnly: true }).ok).toBe(true);
  });

  it('tells the four apart', () => {
    const report = madeReport([
      madeCheck('header.health', { verdict: 'failed' }),
      madeCheck('header.value', { verdict: 'failed' }),
      madeCheck('cors.foreign'),
      madeCheck('limit.body', { verdict: 'skipped' }),
    ]);
    const compared = compareWithBaseline(report, expecting('header.value', 'cors.foreign', 'limit.body'));
    expect(compared.newFailures.map(({ id }) => id)).toEqual(['header.health']);
    expect(compared.unexpectedPasses.map(({ id }) => id)).toEqual(['cors.foreign']);
    expect(compared.expected.map(({ id }) => id)).toEqual(['header.value']);
    expect(compared.notTested).toEqual(['limit.body']);
  });
});
