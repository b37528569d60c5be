import { describe, expect, it } from 'vitest';
import { waterfall } from '../../../../../renderer/views/traces/detail/waterfall.ts';
import { aTrace } from '../../../support/trace-fixture.ts';

describe('waterfall', () => {
  it('places each span in proportion to the whole call', () => {
    const { bars, scaleMs } = waterfall(
      aTrace({
        durationMs: 10,
        spans: [
          { step: 'receive', startMs: 0, durationMs: 1, ok: true },
          { step: 'run', startMs: 5, durationMs: 5, ok: true },
        ],
      }),
    );
    expect(scaleMs).toBe(10);
    expect(bars.map(({ left, width }) => [left, width])).toEqual([
      [0, 0.1],
      [0.5, 0.5],
    ]);
  });

  it('counts the deadline from queueing and only names it when it is far away', () => {
    const { deadline } = waterfall(aTrace({ durationMs: 3, timeoutMs: 30_000 }));
    expect(deadline).toEqual({ ms: 30_000.5, at: null });
  });

  it('draws the deadline of a call that exceeded it', () => {
    const { deadline, scaleMs } = waterfall(
      aTrace({
        durationMs: 1010,
        timeoutMs: 1000,
        spans: [{ step: 'run', startMs: 5, durationMs: 1000, ok: false }],
      }),
    );
    expect(deadline?.at).toBeCloseTo(1005 / scaleMs, 5);
    expect(deadline?.at).toBeLessThan(1);
  });

  it('has no deadline for a refused call', () => {
    expect(
      waterfall(aTrace({ spans: [{ step: 'receive', startMs: 0, durationMs: 1, ok: true }] })).deadline,
    ).toBeNull();
  });

  it.each([0.05, 3.1, 12, 999, 30_512])('gives a few round ticks for %d ms', (durationMs) => {
    const { ticks, scaleMs } = waterfall(aTrace({ durationMs, timeoutMs: 3_600_000, spans: [] }));
    expect(ticks[0]).toBe(0);
    expect(ticks.length).toBeGreaterThanOrEqual(2);
    expect(ticks.length).toBeLessThanOrEqual(5);
    expect(Math.max(...ticks)).toBeLessThan(scaleMs);
  });

  it('survives a call without spans or duration', () => {
    expect(waterfall(aTrace({ durationMs: 0, spans: [] })).scaleMs).toBeGreaterThan(0);
  });
});
