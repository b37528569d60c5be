import { beforeEach, expect, test } from 'vitest';
import type { ConformanceReport, ReportSummary } from '../../../../main/contract/conformance.ts';
import {
  contractStore,
  resetContract,
  restoreContract,
} from '../../../../renderer/state/contract/contract.ts';
import {
  contractHistoryStore,
  deleteReport,
  openReport,
  refreshHistory,
  resetHistory,
  toggleMark,
} from '../../../../renderer/state/contract/contract-history.ts';
import { Refusal } from '../../support/stub-bridge.ts';
import { stubStores } from '../../support/stub-stores.ts';

const run = (id: string, over: Partial<ReportSummary> = {}) =>
  ({ id, own: true, live: false, ...over }) as ReportSummary;
const report = (id: string) => ({ id }) as ConformanceReport;

beforeEach(() => {
  resetHistory();
  resetContract();
});

test('a failed list is a state of its own, and can be asked for again', async () => {
  const stub = stubStores({
    listReports: () => {
      throw new Refusal('INTERNAL_ERROR', 'no such disk');
    },
  });
  await refreshHistory();
  expect(contractHistoryStore.getState().list).toMatchObject({
    state: 'failed',
    error: { code: 'INTERNAL_ERROR', message: 'no such disk' },
  });
  stub.answers.listReports = () => [run('a')];
  await refreshHistory();
  expect(contractHistoryStore.getState().list).toMatchObject({ state: 'ready', value: [run('a')] });
});

test('a report is fetched once, and anew when clauses of it may have been judged again', async () => {
  const stub = stubStores({ listReports: () => [run('a')], getReport: ({ reportId }) => report(reportId) });
  await openReport('a');
  await openReport('a');
  expect(stub.calls.map(({ name }) => name)).toEqual(['getReport']);
  expect(contractHistoryStore.getState().opened.a).toMatchObject({ state: 'ready', value: report('a') });
  await refreshHistory();
  expect(contractHistoryStore.getState().opened).toEqual({});
});

test('two runs are marked at most, and a deleted one no longer', async () => {
  const told: string[] = [];
  const { stores, ...stub } = stubStores({ deleteReport: () => [run('b')] });
  stores.announcements.onAnnouncement(({ title }) => told.push(title));
  const marked = () => contractHistoryStore.getState().marked;
  for (const id of ['a', 'b', 'c']) toggleMark(id);
  expect(marked()).toEqual(['b', 'c']);
  toggleMark('c');
  toggleMark('a');
  expect(marked()).toEqual(['b', 'a']);
  await deleteReport('a');
  expect(stub.calls.at(-1)).toEqual({ name: 'deleteReport', argument: { reportId: 'a' } });
  expect(marked()).toEqual(['b']);
  stub.answers.deleteReport = () => {
    throw new Refusal('INTERNAL_ERROR', 'not allowed');
  };
  await deleteReport(null);
  expect(marked()).toEqual(['b']);
  expect(told).toEqual(['The run was not deleted']);
});

test('after a reload of the page the last report of the session is there again, no other', async () => {
  const reports = [run('old'), run('last', { live: true, own: false }), run('first', { live: true })];
  const stub = stubStores({ listReports: () => reports, getReport: ({ reportId }) => report(reportId) });
  await restoreContract();
  expect(contractStore.getState()).toMatchObject({ report: { value: report('last') }, ownReport: null });
  await restoreContract();
  expect(stub.calls.filter(({ name }) => name === 'getReport')).toHaveLength(1);
  resetContract();
  stub.answers.listReports = () => [run('old')];
  await restoreContract();
  expect(contractStore.getState().report).toBeNull();
});
