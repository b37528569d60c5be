import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { PausableClock } from '../../main/hosts/pausable-clock.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

it('rings when the time has run, not when it has passed', () => {
  const clock = new PausableClock();
  const ring = vi.fn();
  clock.after(100, ring);
  vi.advanceTimersByTime(60);
  clock.pause();
  clock.pause();
  vi.advanceTimersByTime(10_000);
  expect(ring).not.toHaveBeenCalled();
  clock.resume();
  clock.resume();
  vi.advanceTimersByTime(39);
  expect(ring).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(ring).toHaveBeenCalledOnce();
  expect(clock.pausedMs).toBe(10_000);
});

it('starts what is set while it is paused when it resumes', () => {
  const clock = new PausableClock();
  const ring = vi.fn();
  clock.pause();
  clock.after(50, ring);
  vi.advanceTimersByTime(500);
  expect([ring.mock.calls.length, clock.pausedMs]).toEqual([0, 500]);
  clock.resume();
  vi.advanceTimersByTime(50);
  expect(ring).toHaveBeenCalledOnce();
});

it('never rings after its undo, nor at once when the time is past', () => {
  const clock = new PausableClock();
  const [ring, late] = [vi.fn(), vi.fn()];
  const undo = clock.after(10, ring);
  clock.pause();
  undo();
  clock.resume();
  clock.after(-5, late);
  expect(late).not.toHaveBeenCalled();
  vi.advanceTimersByTime(100);
  expect([ring.mock.calls.length, late.mock.calls.length]).toEqual([0, 1]);
});

it('accepts longer times than a timer does', () => {
  const clock = new PausableClock();
  const ring = vi.fn();
  clock.after(Number.MAX_SAFE_INTEGER, ring);
  vi.advanceTimersByTime(1_000);
  expect(ring).not.toHaveBeenCalled();
});
