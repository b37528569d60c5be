import { describe, expect, it } from 'vitest';
import { KEPT_RELOADS, type ReloadRecord } from '../../../main/contract/plugin-view.ts';
import { ReloadTally } from '../../../main/plugins/reload/stats.ts';

const record = (more: Partial<ReloadRecord>): ReloadRecord => ({
  plugin: 'p',
  at: 0,
  ok: true,
  latencyMs: null,
  version: 'abcdef012345',
  cause: 'change',
  error: null,
  ...more,
});

function tallyOf(records: readonly Partial<ReloadRecord>[]) {
  const tally = new ReloadTally();
  for (const one of records) tally.add(record(one));
  return tally.stats;
}

describe('the figures of reloads', () => {
  it('counts neither the first load nor, among the good ones, a failure', () => {
    const stats = tallyOf([
      { cause: 'start' },
      { cause: 'manual' },
      { latencyMs: 20 },
      { ok: false, error: 'broken' },
      { cause: 'start', ok: false },
    ]);
    expect(stats).toEqual({ count: 2, failed: 2, p50Ms: 20, p95Ms: 20, maxMs: 20 });
  });

  it('has percentiles by nearest rank over the last two hundred', () => {
    const slow = Array.from({ length: 50 }, () => ({ latencyMs: 9_000 }));
    const later = Array.from({ length: 200 }, (_, n) => ({ latencyMs: 200 - n }));
    expect(tallyOf([...slow, ...later])).toEqual({
      count: 250,
      failed: 0,
      p50Ms: 100,
      p95Ms: 190,
      maxMs: 200,
    });
  });

  it('remembers the last few whole, newest first, the first load and failures too', () => {
    const tally = new ReloadTally();
    for (let at = 0; at < KEPT_RELOADS + 7; at += 1)
      tally.add(record({ at, ok: at % 2 === 0, cause: 'start' }));
    expect(tally.history).toHaveLength(KEPT_RELOADS);
    expect(tally.history[0]).toEqual(record({ at: KEPT_RELOADS + 6, ok: true, cause: 'start' }));
    expect(tally.history.at(-1)?.at).toBe(7);
  });
});
