import { describe, expect, it } from 'vitest';
import { countdown } from '../../../../../renderer/views/run/result/run-model.ts';

describe('countdown', () => {
  it('runs from the start to the timeout and stops there', () => {
    expect(countdown(1000, 1000, 2000)).toEqual({ fraction: 0, elapsedMs: 0, leftMs: 2000, over: false });
    expect(countdown(1000, 2000, 2000)).toMatchObject({ fraction: 0.5, leftMs: 1000, over: false });
    expect(countdown(1000, 9000, 2000)).toMatchObject({ fraction: 1, leftMs: 0, over: true });
  });

  it('treats a clock that went backwards as the start', () => {
    expect(countdown(1000, 900, 2000)).toMatchObject({ fraction: 0, elapsedMs: 0 });
  });
});
