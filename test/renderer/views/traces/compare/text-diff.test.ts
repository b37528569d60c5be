import { describe, expect, it } from 'vitest';
import {
  changedWords,
  comparableBody,
  foldEqual,
  sideBySide,
} from '../../../../../renderer/views/traces/compare/text-diff.ts';
import { cpuTimeMs } from '../../../../support/cpu-time.ts';

const kinds = (a: string, b: string) =>
  sideBySide(a, b).rows.map(({ kind, a: left, b: right }) => [kind, left?.text, right?.text]);

describe('sideBySide', () => {
  it('aligns equal lines and pairs changed ones', () => {
    expect(kinds('one\ntwo\nthree', 'one\n2\nthree\nfour')).toEqual([
      ['same', 'one', 'one'],
      ['changed', 'two', '2'],
      ['same', 'three', 'three'],
      ['added', undefined, 'four'],
    ]);
    expect(kinds('one\ntwo', 'two')).toEqual([
      ['removed', 'one', undefined],
      ['same', 'two', 'two'],
    ]);
  });

  it('numbers the lines of each side separately', () => {
    const { rows, changes } = sideBySide('a\nb', 'b');
    expect(rows.at(-1)).toMatchObject({ a: { number: 2 }, b: { number: 1 } });
    expect(changes).toBe(1);
  });

  it.each([
    ['', ''],
    ['a', 'a'],
    ['a\n', 'a'],
  ])('finds %j and %j the same', (a, b) => expect(sideBySide(a, b).changes).toBe(0));

  it('shows one after the other rather than blocking the page', () => {
    const text = (seed: number) =>
      Array.from({ length: 20_000 }, (_, at) => String((at * seed) % 99_991)).join('\n');
    const took = cpuTimeMs(() => {
      const { rows, aligned } = sideBySide(text(7), text(13));
      expect(aligned).toBe(false);
      expect(rows).toHaveLength(20_000);
    });
    expect(took).toBeLessThan(5_000);
  });
});

describe('foldEqual', () => {
  const rows = (a: string, b: string) => sideBySide(a, b).rows;
  const text = (changed: string) =>
    [...Array.from({ length: 20 }, (_, at) => `line ${at}`), changed].join('\n');

  it('folds lines far from a change', () => {
    expect(foldEqual(rows(text('x'), text('y'))).map(({ folded, rows }) => [folded, rows.length])).toEqual([
      [true, 17],
      [false, 4],
    ]);
  });

  it('folds two equal texts entirely, but never one or two lines', () => {
    expect(foldEqual(rows(text('x'), text('x')))).toMatchObject([{ folded: true }]);
    expect(foldEqual(rows('a\nb', 'a\nb'))).toMatchObject([{ folded: false }]);
  });
});

describe('changedWords', () => {
  it('marks what the other line lacks', () => {
    expect(changedWords('"note": "first"', '"note": "second"')).toMatchObject({
      a: expect.arrayContaining([{ text: 'first', changed: true }]),
      b: expect.arrayContaining([{ text: 'second', changed: true }]),
    });
  });

  it('gives up on long lines', () => expect(changedWords('x'.repeat(401), 'y')).toBeNull());
});

describe('comparableBody', () => {
  const body = (json: NonNullable<Parameters<typeof comparableBody>[0]>['json']) =>
    comparableBody({ json: json ?? null, bytes: 1, truncated: false });

  it('ignores the order of JSON keys', () => {
    expect(body({ a: 1, b: { d: 1, c: 2 } })).toBe(body({ b: { c: 2, d: 1 }, a: 1 }));
    expect(body([1, 2])).not.toBe(body([2, 1]));
  });

  it('returns text as it is, and an empty string for no body', () => {
    expect(comparableBody({ text: 'b a', bytes: 3, truncated: false })).toBe('b a');
    expect(comparableBody(null)).toBe('');
  });
});
