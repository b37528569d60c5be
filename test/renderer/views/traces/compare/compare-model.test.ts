import { describe, expect, it } from 'vitest';
import {
  compareContext,
  compareFacts,
  compareHeaders,
  compareTiming,
  countDifferences,
  formatChange,
} from '../../../../../renderer/views/traces/compare/compare-model.ts';
import { aDatabaseSpan, anHttpSpan, aTrace, provenance } from '../../../support/trace-fixture.ts';

describe('compareFacts', () => {
  it('finds no differences within one call except id, time and process', () => {
    const again = aTrace({ id: 'f'.repeat(16), startedAt: 1_780_000_099_000, durationMs: 9, pid: 12 });
    expect(countDifferences(compareFacts(aTrace({ pid: 11 }), again))).toBe(0);
  });

  it('names outcome, identity and code version', () => {
    const other = aTrace({ outcome: 'timeout', status: 500, user: 'eve', pluginVersion: '77' });
    const differing = compareFacts(aTrace({ pluginVersion: '66' }), other).filter(
      ({ verdict, expected }) => verdict !== 'same' && !expected,
    );
    expect(differing.map(({ name, a, b }) => [name, a?.text, b?.text])).toEqual([
      ['outcome', 'ok', 'timeout'],
      ['status', '200', '500'],
      ['plugin version', '66', '77'],
      ['user', 'user_123', 'eve'],
    ]);
  });

  it('counts commands and requests, and says nothing of them where none was recorded', () => {
    const named = (a: ReturnType<typeof aTrace>, b = aTrace()) =>
      compareFacts(a, b)
        .filter(({ name }) => /command|request/.test(name))
        .map((pair) => [pair.name, pair.a?.text, pair.b?.text]);
    expect(named(aTrace())).toEqual([]);
    const many = aTrace({ children: Array.from({ length: 14 }, () => aDatabaseSpan()) });
    expect(named(many, aTrace({ children: [aDatabaseSpan(), anHttpSpan()] }))).toEqual([
      ['database commands', '14', '1'],
      ['HTTP requests', undefined, '1'],
    ]);
  });
});

describe('compareContext', () => {
  it('distinguishes a different value from a different source, field by field', () => {
    const claim = aTrace({
      received: { user_id: 'a' },
      provenance: [provenance({ field: 'user_id', value: 'a' })],
    });
    const setting = provenance({ field: 'user_id', value: 'a', label: 'default identity' });
    const byDefault = aTrace({ received: { user_id: 'a', note: 1 }, provenance: [setting] });
    expect(compareContext(claim, byDefault)).toMatchObject([
      {
        name: 'user_id',
        verdict: 'differs',
        change: 'different source',
        a: { text: '"a"', note: 'JWT claim sub' },
        b: { note: 'default identity' },
      },
      { name: 'note', verdict: 'only-b', a: null },
    ]);
  });

  it('shows what a client tried to set', () => {
    const spoofed = aTrace({
      received: { user_id: 'a' },
      provenance: [provenance({ field: 'user_id', value: 'a' })],
      spoofs: [{ key: 'user_id', sent: 'evil', action: 'replaced' }],
    });
    expect(compareContext(spoofed, spoofed)[0]?.a?.note).toBe('JWT claim sub; client sent "evil"');
  });
});

describe('compareHeaders', () => {
  it('includes names of both sides, and doesn’t count those that change with every call', () => {
    const pairs = compareHeaders({ traceparent: '1', a: 'x' }, { traceparent: '2', b: 'y' });
    expect(pairs.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['a', 'only-a'],
      ['b', 'only-b'],
      ['traceparent', 'differs'],
    ]);
    expect(countDifferences(pairs)).toBe(2);
  });
});

describe('compareTiming', () => {
  it('uses the longer call’s scale, and includes steps that only one reached', () => {
    const refused = aTrace({
      durationMs: 8,
      spans: [{ step: 'receive', startMs: 0, durationMs: 0.2, ok: true }],
    });
    const { steps, scaleMs } = compareTiming(aTrace(), refused);
    expect(scaleMs).toBe(8);
    expect(steps.map(({ step, a, b }) => [step, a !== null, b !== null])).toEqual([
      ['receive', true, true],
      ['queue', true, false],
      ['run', true, false],
    ]);
  });
});

describe('formatChange', () => {
  it.each([
    [1, 2.5, '+1.50 ms (2.5×)'],
    [4, 1, '−3.00 ms (0.25×)'],
    [0, 2, '+2.00 ms'],
    [1, 1.001, 'the same'],
  ])('from %d to %d ms is %s', (from, to, words) => expect(formatChange(from, to)).toBe(words));
});
