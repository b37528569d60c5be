import { expect, it } from 'vitest';
import { Pace } from '../../../main/plugins/reload/pace.ts';

it('lets a few reloads through at once, then two a second', () => {
  const pace = new Pace(0);
  const reload = (now: number) => {
    const free = pace.isFree(now);
    pace.count();
    return free;
  };
  expect([0, 50, 100, 150, 200, 250].map(reload)).toEqual([true, true, true, true, false, false]);
  expect([700, 750, 2_000].map(reload)).toEqual([false, false, true]);
  expect([60_000, 60_001, 60_002, 60_003, 60_004].map(reload)).toEqual([true, true, true, true, false]);
});
