import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { endAfterCrash } from '../../main/desktop/crash.ts';

beforeEach(() => {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
});

const done = async () => undefined;
const never = () => new Promise(() => undefined);
const broken = () => {
  throw new Error('broken, too');
};

it.each([
  ['the box stays open', done, never],
  ['the runtime does not stop', never, done],
])('I9: ends after three seconds although %s', async (_what, stop, showBox) => {
  const exit = vi.fn();
  endAfterCrash({ stop, showBox, exit });
  await vi.advanceTimersByTimeAsync(2_900);
  expect(exit).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(100);
  expect(exit).toHaveBeenCalledTimes(1);
});

it('I9: ends at once when both are done, also when they fail', async () => {
  for (const [stop, showBox] of [
    [done, done],
    [broken, done],
    [done, broken],
  ] as const) {
    const exit = vi.fn();
    endAfterCrash({ stop, showBox, exit });
    await vi.advanceTimersByTimeAsync(0);
    expect(exit).toHaveBeenCalledTimes(1);
  }
});
