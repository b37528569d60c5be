import { expect, it } from 'vitest';
import type { ConformanceReport, ReportSummary } from '../../../../main/contract/conformance.ts';
import { Refusal } from '../../support/stub-bridge.ts';
import { stubStores } from '../../support/stub-stores.ts';

const run = (id: string, over: Partial<ReportSummary> = {}) =>
  ({ id, own: true, live: false, ...over }) as ReportSummary;
const report = (id: string) => ({ id }) as ConformanceReport;

it('shows a list that failed to load as such, and loads it on a retry', async () => {
  const { stores, answers } = stubStores({
    listReports: () => {
      throw new Refusal('INTERNAL_ERROR', 'no such disk');
    },
  });
  const { store, refresh } = stores.contractHistory;
  await refresh();
  expect(store.getState().list).toMatchObject({
    state: 'failed',
    error: { code: 'INTERNAL_ERROR', message: 'no such disk' },
  });
  answers.listReports = () => [run('a')];
  await refresh();
  expect(store.getState().list).toMatchObject({ state: 'ready', value: [run('a')] });
});

it('fetches a report once, and again when clauses of it may have been rechecked', async () => {
  const { stores, calls } = stubStores({
    listReports: () => [run('a')],
    getReport: ({ reportId }) => report(reportId),
  });
  const { store, open, refresh } = stores.contractHistory;
  await open('a');
  await open('a');
  expect(calls.map(({ name }) => name)).toEqual(['getReport']);
  expect(store.getState().opened.a).toMatchObject({ state: 'ready', value: report('a') });
  await refresh();
  expect(store.getState().opened).toEqual({});
});

it('selects two runs at most, and deselects a deleted one', async () => {
  const { stores, calls, answers, announced } = stubStores({ deleteReport: () => [run('b')] });
  const { store, toggleMark, remove } = stores.contractHistory;
  const marked = () => store.getState().marked;
  for (const id of ['a', 'b', 'c']) toggleMark(id);
  expect(marked()).toEqual(['b', 'c']);
  toggleMark('c');
  toggleMark('a');
  expect(marked()).toEqual(['b', 'a']);
  await remove('a');
  expect(calls.at(-1)).toEqual({ name: 'deleteReport', argument: { reportId: 'a' } });
  expect(marked()).toEqual(['b']);
  answers.deleteReport = () => {
    throw new Refusal('INTERNAL_ERROR', 'not allowed');
  };
  await remove(null);
  expect(marked()).toEqual(['b']);
  expect(announced.map(({ title, text }) => [title, text])).toEqual([
    ['Could not delete the runs', 'not allowed'],
  ]);
});

it('restores the last report of the session after a reload of the page, and no other', async () => {
  const reports = [run('old'), run('last', { live: true, own: false }), run('first', { live: true })];
  const answers = { listReports: () => reports, getReport: ({ reportId = '' }) => report(reportId) };
  const { stores, calls } = stubStores(answers);
  await stores.contract.restore();
  expect(stores.contract.store.getState()).toMatchObject({
    report: { value: report('last') },
    ownReport: null,
  });
  await stores.contract.restore();
  expect(calls.filter(({ name }) => name === 'getReport')).toHaveLength(1);
  const { stores: later } = stubStores({ ...answers, listReports: () => [run('old')] });
  await later.contract.restore();
  expect(later.contract.store.getState().report).toBeNull();
});
