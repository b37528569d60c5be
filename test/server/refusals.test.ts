import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Refusals } from '../../main/server/refusals.ts';
import { createRedactor } from '../../main/traces/record/redact.ts';

const SECRET = 'a-secret-of-some-length';
const NOW = 1_800_000_000_000;

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});

const request = (path: string) => ({ method: 'POST', path, reason: `Host "${path}" is not served here` });

it('keeps the last hundred, the newest first, and counts all', () => {
  const refusals = new Refusals(createRedactor([]));
  expect(refusals.view()).toEqual({ count: 0, latest: [] });
  for (let number = 1; number <= 101; number += 1) refusals.add(request(`/${number}`));
  const { count, latest } = refusals.view();
  expect([count, latest.length]).toEqual([101, 100]);
  expect(latest[0]).toEqual({ at: NOW, ...request('/101') });
  expect(latest.at(-1)).toEqual({ at: NOW, ...request('/2') });
});

it('masks secrets before it cuts, so that no part of one is left', () => {
  const refusals = new Refusals(createRedactor([SECRET]));
  const padding = 'x'.repeat(190);
  refusals.add({ method: 'GET', path: `${padding}${SECRET}`, reason: `no ${SECRET}` });
  refusals.add({ method: 'GET', path: 'y'.repeat(201), reason: '' });
  const [long, masked] = refusals.view().latest;
  expect(long?.path).toBe('y'.repeat(200));
  expect(masked).toMatchObject({ path: `${padding}(masked)`, reason: 'no (masked)' });
});

it('says of the last one that it left no trace', () => {
  const refusals = new Refusals(createRedactor([]));
  expect(refusals.notices()).toEqual([]);
  for (const path of ['/a', '/b', '/c']) refusals.add(request(path));
  expect(refusals.notices()).toEqual([
    'A request was refused and left no trace: Host "/c" is not served here. Settings lists the last 100.',
  ]);
});

it('announces those of a second once', () => {
  const announce = vi.fn();
  const refusals = new Refusals(createRedactor([]), announce);
  refusals.add(request('/a'));
  refusals.add(request('/b'));
  vi.advanceTimersByTime(999);
  expect(announce).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(announce).toHaveBeenCalledTimes(1);
  refusals.add(request('/c'));
  vi.advanceTimersByTime(1_000);
  expect(announce).toHaveBeenCalledTimes(2);
});
