import { expect, it } from 'vitest';
import type { PluginView } from '../../../../main/contract/plugin-view.ts';
import { listed, type PluginColumn, shownOf } from '../../../../renderer/state/plugins/plugin-list.ts';

function plugin(name: string, changes: Partial<PluginView> = {}): PluginView {
  return {
    name,
    displayName: name,
    description: '',
    language: 'typescript',
    status: 'loaded',
    version: '1.0.0',
    failure: null,
    lastReload: null,
    stats: { calls: 0, errors: 0, timeouts: 0, p50Ms: null, p95Ms: null, findings: [] },
    ...changes,
  } as PluginView;
}
const stats = (calls: number, errors: number, p95Ms: number | null) => ({
  calls,
  errors,
  timeouts: 0,
  p50Ms: null,
  p95Ms,
  findings: [],
});
const plugins = [
  plugin('b2', { version: '1.10.0', stats: stats(5, 1, 40) }),
  plugin('b10', { version: '1.9.0', language: 'python', stats: stats(9, 0, null) }),
  plugin('a', { status: 'failed', description: 'Sends invoices', stats: stats(5, 3, 2) }),
];
const names = (column: PluginColumn, descending = false, filter = '') =>
  listed(plugins, { column, descending, filter }).map(({ name }) => name);

it('orders by any column, numbers within words too; equal ones by name', () => {
  expect(names('name')).toEqual(['a', 'b2', 'b10']);
  expect(names('version', true)).toEqual(['b2', 'b10', 'a']);
  expect(names('calls', true)).toEqual(['b10', 'a', 'b2']);
  expect(names('errors', true)).toEqual(['a', 'b2', 'b10']);
  expect(names('p95', true)).toEqual(['b2', 'a', 'b10']);
});

it('filters by all words, in names, descriptions, languages and statuses', () => {
  expect(names('name', false, 'PYTHON b')).toEqual(['b10']);
  expect(names('name', false, 'invoice failed')).toEqual(['a']);
  expect(names('name', false, 'nothing')).toEqual([]);
});

it('shows the named plugin, else the last one, else a failed one, else the first', () => {
  const open = { last: null, detail: true };
  expect(shownOf(plugins, 'gone', open)).toBe('gone');
  expect(shownOf(plugins, null, { last: 'b10', detail: true })).toBe('b10');
  const failing = [plugin('ok'), plugin('bad', { failure: {} as PluginView['failure'] })];
  expect(shownOf(failing, null, { last: 'gone', detail: true })).toBe('bad');
  expect(shownOf([], null, open)).toBeNull();
  expect(shownOf(plugins, null, { last: 'b10', detail: false })).toBeNull();
});
