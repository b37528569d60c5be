import { expect, it } from 'vitest';
import { describeStorage, formatCounts } from '../../../../../renderer/views/traces/list/trace-counts.ts';

const counts = {
  filters: { plugin: null, outcome: null, text: '' },
  matched: 1_204,
  searched: null,
  reading: false,
  kept: 98_311,
  dropped: 0,
  damaged: 0,
  place: 'disk' as const,
};
const filtered = { ...counts, filters: { ...counts.filters, text: 'x' } };

it.each([
  ['98,311 traces', counts],
  ['1 trace', { ...counts, kept: 1 }],
  ['1,204 of 98,311 · 21 dropped', { ...filtered, dropped: 21 }],
  ['1,204 so far of 98,311 · searching… 45 %', { ...filtered, searched: 45_000 }],
  ['0 so far of 98,311 · searching… 99 %', { ...filtered, matched: 0, searched: 98_311 }],
  ['98,311 traces · reading earlier traces… · 2 unreadable', { ...counts, reading: true, damaged: 2 }],
])('says %s', (words, state) => {
  expect(formatCounts(state)).toBe(words);
});

it('names where traces are stored', () => {
  expect(describeStorage(counts)).toContain('on disk');
  expect(describeStorage({ place: 'memory', damaged: 0 })).toContain('in memory until');
});
