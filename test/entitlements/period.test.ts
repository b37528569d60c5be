import { describe, expect, it } from 'vitest';
import { nextReset, periodOf } from '../../main/entitlements/period.ts';
import { PERIOD_TYPES } from '../../main/entitlements/schema.ts';

describe('periods', () => {
  it.each([
    // Each row as Python's strftime and ISO calendar give it.
    ['2026-01-02T03:04:05Z', '2026-01', '2026-01-02', '2026-W01', '2026-02-01', '2026-01-03', '2026-01-05'],
    ['2026-12-31T23:59:59Z', '2026-12', '2026-12-31', '2026-W53', '2027-01-01', '2027-01-01', '2027-01-04'],
    ['2027-01-01T00:00:00Z', '2027-01', '2027-01-01', '2027-W53', '2027-02-01', '2027-01-02', '2027-01-04'],
    ['2024-02-29T12:00:00Z', '2024-02', '2024-02-29', '2024-W09', '2024-03-01', '2024-03-01', '2024-03-04'],
    // A Monday begins its week: the next one is seven days away.
    ['2026-11-30T00:00:00Z', '2026-11', '2026-11-30', '2026-W49', '2026-12-01', '2026-12-01', '2026-12-07'],
  ])('of %s, in UTC', (at, month, day, week, ...resets) => {
    const now = new Date(at);
    expect(PERIOD_TYPES.map((type) => periodOf(type, now))).toEqual([month, day, week, 'lifetime']);
    expect(PERIOD_TYPES.map((type) => nextReset(type, now)?.toISOString() ?? null)).toEqual([
      ...resets.map((reset) => `${reset}T00:00:00.000Z`),
      null,
    ]);
  });
});
