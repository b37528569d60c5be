import { describe, expect, it } from 'vitest';
import { CLAUSES } from '../../../main/conformance/clauses/clauses.ts';
import { BaselineError, formatBaseline, parseBaseline } from '../../../main/conformance/reports/baseline.ts';
import { resolveOutcome } from '../../../main/conformance/reports/outcome-rules.ts';
import { HOSTILE_TEXTS, hostileCheck, madeCheck, madeReport } from '../../support/made-report.ts';

function problemOf(text: string): string {
  try {
    parseBaseline(text, 'known.txt');
  } catch (error) {
    if (error instanceof BaselineError) return error.message;
    throw error;
  }
  return '';
}

describe('a baseline', () => {
  it('is one id a line, with a reason and comments where wanted', () => {
    const text =
      '\ufeff# what we know\r\n\r\nheader.health\n  header.value\tis 1.0 there  # issue 7\n#cors.foreign\n';
    expect([...parseBaseline(text, 'known.txt')]).toEqual([
      ['header.health', ''],
      ['header.value', 'is 1.0 there'],
    ]);
    expect(parseBaseline('', 'known.txt').size).toBe(0);
  });

  it('is refused with file, line and the nearest ids when an id is unknown', () => {
    expect(problemOf('# first\nheader.helth\n\nnothing-like-it-at-all\n')).toBe(
      [
        "known.txt:2: the contract has no clause 'header.helth'; did you mean header.health or header.value?",
        "known.txt:4: the contract has no clause 'nothing-like-it-at-all'",
      ].join('\n'),
    );
  });

  it('is refused when an id is duplicated', () => {
    expect(problemOf('cors.foreign\nlimit.body\ncors.foreign why')).toBe(
      "known.txt:3: 'cors.foreign' is already in line 1",
    );
  });

  it('is refused in few and harmless words, whatever is in it', () => {
    expect(problemOf('x\n'.repeat(100_001))).toBe('known.txt is longer than 200000 characters');
    const many = problemOf(Array.from({ length: 500 }, (_, n) => `x${n}`).join('\n'));
    expect(many.split('\n')).toHaveLength(21);
    expect(many).toContain('… and 480 more');
    expect(problemOf(`\u001b[31m${'z'.repeat(5_000)}`)).toMatch(/^known\.txt:1: \P{Cc}{1,150}$/u);
  });

  it('knows the nearest clauses to every id with a slip of the finger', () => {
    const missed = CLAUSES.filter(({ id }) => !problemOf(`${id.slice(0, -1)}x`).includes(id));
    expect(missed).toEqual([]);
  });
});

describe('the baseline of a report', () => {
  const report = madeReport([
    madeCheck('header.health', { verdict: 'failed' }),
    madeCheck('header.value', { verdict: 'differs' }),
    madeCheck('health.counts', { verdict: 'failed', reason: 'Counts 3 of 2' }),
    madeCheck('limit.body', { verdict: 'skipped' }),
    madeCheck('cors.foreign'),
  ]);

  it('names what failed, with the reason, and makes the same run succeed', () => {
    const text = formatBaseline(report);
    expect(text.split('\n').slice(1)).toEqual([
      '# http://127.0.0.1:8080, 2026-01-23. One id per line; what follows it is the reason.',
      'header.health  The header is missing',
      'health.counts  Counts 3 of 2',
      '',
    ]);
    expect(resolveOutcome(report, { baseline: parseBaseline(text, 'known.txt') }).ok).toBe(true);
  });

  it('goes by the same rules as the run', () => {
    for (const rules of [{ strict: true }, { mustsOnly: true }, { strict: true, mustsOnly: true }]) {
      const baseline = parseBaseline(formatBaseline(report, rules), 'known.txt');
      expect([...baseline.keys()].includes('header.value')).toBe('strict' in rules);
      expect([...baseline.keys()].includes('health.counts')).toBe(!('mustsOnly' in rules));
      expect(resolveOutcome(report, { ...rules, baseline }).ok).toBe(true);
    }
  });

  it('keeps known reasons and what was not checked, and drops what passes', () => {
    const baseline = new Map([
      ['header.health', 'will be fixed in March'],
      ['limit.body', 'no limit there'],
      ['cors.foreign', 'fixed'],
      ['cors.allowed', 'not asked for'],
    ]);
    expect([...parseBaseline(formatBaseline(report, { baseline }), 'known.txt')]).toEqual([
      ['header.health', 'will be fixed in March'],
      ['health.counts', 'Counts 3 of 2'],
      ['limit.body', 'no limit there'],
      ['cors.allowed', 'not asked for'],
    ]);
  });

  it('can be read again whatever the target answered', () => {
    for (const text of HOSTILE_TEXTS) {
      const written = formatBaseline(madeReport([hostileCheck('header.health', text)]));
      expect([...parseBaseline(written, 'known.txt').keys()]).toEqual(['header.health']);
      expect(written).toMatch(/^[^\p{Cs}\p{Cf}\p{Zl}\p{Zp}]*$/u);
      expect([...written].filter((one) => one < ' ' && one !== '\n')).toEqual([]);
    }
  });
});
