import { expect, it } from 'vitest';
import { percentiles } from '../../main/system/percentiles.ts';

it('takes the nearest rank of values in any order', () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(percentiles(values)).toEqual({ p50Ms: 50, p95Ms: 95, maxMs: 100 });
});

it('sorts by number', () => {
  expect(percentiles([9, 10, 200])).toEqual({ p50Ms: 10, p95Ms: 200, maxMs: 200 });
});

it('leaves the values alone', () => {
  const values = [3, 1, 2];
  percentiles(values);
  expect(values).toEqual([3, 1, 2]);
});

it('has null for no values', () => {
  expect(percentiles([])).toEqual({ p50Ms: null, p95Ms: null, maxMs: null });
});
