import { describe, expect, it } from 'vitest';
import { compareWithBaseline, resolveOutcome } from '../../../main/conformance/reports/outcome-rules.ts';
import { madeCheck, madeReport } from '../../support/made-report.ts';

const MUST = 'header.health';
const SHOULD = 'health.counts';
const kept = madeReport([madeCheck(MUST), madeCheck(SHOULD)]);
const brokenMust = madeReport([madeCheck(MUST, { verdict: 'failed' }), madeCheck(SHOULD)]);
const brokenShould = madeReport([madeCheck(MUST), madeCheck(SHOULD, { verdict: 'failed' })]);
const different = madeReport([madeCheck(MUST, { verdict: 'differs' }), madeCheck(SHOULD)]);
const skipped = madeReport([madeCheck(MUST, { verdict: 'skipped' }), madeCheck(SHOULD)]);
const expecting = (...ids: string[]) => new Map(ids.map((id) => [id, '']));

describe('a run without a baseline', () => {
  it('succeeds when nothing is broken', () => {
    expect(resolveOutcome(kept)).toEqual({ ok: true, reasons: [] });
  });

  it('fails for a broken must, and says which', () => {
    expect(resolveOutcome(brokenMust)).toEqual({ ok: false, reasons: ['1 clause is broken: header.health'] });
    expect(resolveOutcome(brokenMust, { mustsOnly: true }).ok).toBe(false);
  });

  it('fails for a broken should, unless only musts count', () => {
    expect(resolveOutcome(brokenShould).ok).toBe(false);
    expect(resolveOutcome(brokenShould, { mustsOnly: true }).ok).toBe(true);
  });

  it('fails for a difference only when it is strict', () => {
    expect(resolveOutcome(different).ok).toBe(true);
    expect(resolveOutcome(different, { strict: true }).reasons).toEqual([
      '1 clause is broken: header.health',
    ]);
  });

  it('fails for a skip only when none is allowed', () => {
    expect(resolveOutcome(skipped).ok).toBe(true);
    expect(resolveOutcome(skipped, { noSkips: true }).reasons).toEqual([
      '1 clause is skipped, and skips count: header.health',
    ]);
    const should = madeReport([madeCheck(MUST), madeCheck(SHOULD, { verdict: 'skipped' })]);
    expect(resolveOutcome(should, { noSkips: true, mustsOnly: true }).ok).toBe(true);
  });

  it('fails when it was cancelled, and when it judged nothing', () => {
    expect(resolveOutcome({ ...kept, cancelled: true }).ok).toBe(false);
    expect(resolveOutcome(madeReport([])).reasons).toEqual(['No clause could be judged']);
    expect(resolveOutcome(madeReport([madeCheck(MUST, { verdict: 'skipped' })])).ok).toBe(false);
  });
});

describe('a run with a baseline', () => {
  it('succeeds when exactly what is expected is broken', () => {
    expect(resolveOutcome(brokenMust, { baseline: expecting(MUST) }).ok).toBe(true);
  });

  it('fails for a new failure', () => {
    expect(resolveOutcome(brokenMust, { baseline: expecting(SHOULD) }).reasons).toEqual([
      '1 clause is broken, and not expected to be: header.health',
      '1 clause is kept, and expected to be broken: health.counts',
    ]);
  });

  it('fails for an unexpected pass', () => {
    expect(resolveOutcome(kept, { baseline: expecting(MUST) })).toEqual({
      ok: false,
      reasons: ['1 clause is kept, and expected to be broken: header.health'],
    });
  });

  it('takes a difference for kept, unless it is strict', () => {
    expect(resolveOutcome(different, { baseline: expecting(MUST) }).ok).toBe(false);
    expect(resolveOutcome(different, { baseline: expecting(MUST), strict: true }).ok).toBe(true);
  });

  it('counts an expected failure that was skipped, or not asked for, as neither', () => {
    const baseline = expecting(MUST, 'cors.foreign');
    expect(resolveOutcome(skipped, { baseline }).ok).toBe(true);
    expect(compareWithBaseline(skipped, baseline)).toEqual({
      ...{ newFailures: [], unexpectedPasses: [], expected: [], notTested: [MUST, 'cors.foreign'] },
    });
  });

  it('leaves shoulds out of the comparison when only musts count', () => {
    expect(resolveOutcome(kept, { baseline: expecting(SHOULD), mustsOnly: true }).ok).toBe(true);
    expect(resolveOutcome(brokenShould, { baseline: new Map(), mustsOnly: true }).ok).toBe(true);
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
