import { expect, it } from 'vitest';
import { CrashLog } from '../../../main/plugins/engine/crash-log.ts';

const MINUTE = 60_000;

it('quarantines at the third crash within five minutes, until it is cleared', () => {
  const crashes = new CrashLog();
  expect(crashes.add(0, 'a')).toBe(false);
  expect(crashes.add(MINUTE, 'b')).toBe(false);
  expect(crashes.add(4 * MINUTE, 'c')).toBe(true);
  expect(crashes.quarantined).toBe('quarantined after 3 crashes in 5 minutes: c; reload or change it');
  crashes.clear();
  expect(crashes.quarantined).toBeNull();
  expect(crashes.add(4 * MINUTE, 'd')).toBe(false);
});

it('forgets crashes that are older than five minutes', () => {
  const crashes = new CrashLog();
  for (const minute of [0, 3, 6, 9, 12]) expect(crashes.add(minute * MINUTE, 'x')).toBe(false);
  expect(crashes.quarantined).toBeNull();
});
