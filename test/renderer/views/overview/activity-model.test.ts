import { expect, it } from 'vitest';
import { barsOf, countsOf } from '../../../../renderer/views/overview/activity-model.ts';

const bucket = (at: number, ok: number, error = 0, timeout = 0, refused = 0) => ({
  at,
  ok,
  error,
  timeout,
  refused,
});

it('bars share the height of the highest; empty buckets stay empty', () => {
  const { bars, top } = barsOf([bucket(0, 6, 2), bucket(10, 0), bucket(20, 1, 0, 1)]);
  expect(top).toBe(8);
  expect(bars.map(({ parts }) => parts)).toEqual([
    [
      { kind: 'ok', share: 0.75 },
      { kind: 'error', share: 0.25 },
    ],
    [],
    [
      { kind: 'ok', share: 0.125 },
      { kind: 'timeout', share: 0.125 },
    ],
  ]);
});

it('one call alone is no skyscraper', () => {
  expect(barsOf([bucket(0, 1)])).toMatchObject({ top: 4, bars: [{ parts: [{ share: 0.25 }] }] });
  expect(barsOf([])).toEqual({ top: 4, bars: [] });
});

it('the legend counts the whole window', () => {
  const buckets = [bucket(0, 1, 2, 3, 4), bucket(10, 10)];
  expect(countsOf({ windowMs: 20, buckets, total: 20, p50Ms: null, p95Ms: null })).toEqual({
    ok: 11,
    error: 2,
    timeout: 3,
    refused: 4,
  });
});
