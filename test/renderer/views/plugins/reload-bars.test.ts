import { expect, it } from 'vitest';
import type { ReloadRecord } from '../../../../main/contract/plugin-view.ts';
import { barHeights } from '../../../../renderer/views/plugins/reload-bars.ts';

const record = (changes: Partial<ReloadRecord>): ReloadRecord => ({
  plugin: 'p',
  at: 0,
  ok: true,
  latencyMs: null,
  version: null,
  cause: 'change',
  error: null,
  ...changes,
});
const shares = (...records: Partial<ReloadRecord>[]) =>
  barHeights(records.map(record)).map(({ share }) => share);

it('the slowest reload is the measure of all; the fastest still shows', () => {
  expect(shares({ latencyMs: 20 }, { latencyMs: 40 }, { latencyMs: 1 })).toEqual([0.5, 1, 0.12]);
});

it('what was not measured, or failed, has a height of its own', () => {
  expect(shares({ cause: 'start' }, { ok: false }, { latencyMs: 40 })).toEqual([0.08, 0.4, 1]);
  expect(shares({ cause: 'start' })).toEqual([0.08]);
});
