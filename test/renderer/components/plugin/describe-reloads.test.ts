import { expect, it } from 'vitest';
import { describeReloads } from '../../../../renderer/components/plugin/describe-reloads.ts';

const none = { count: 0, failed: 0, p50Ms: null, p95Ms: null, maxMs: null };

it('says how reloads went in one line', () => {
  expect(describeReloads(none)).toBeNull();
  expect(describeReloads({ ...none, count: 1 })).toBe('1 reload');
  expect(describeReloads({ count: 12, failed: 1, p50Ms: 24.12, p95Ms: 40, maxMs: 1_250 })).toBe(
    '12 reloads, 1 failed · p50 24.1 ms · p95 40.0 ms · slowest 1.25 s',
  );
});
