import { beforeEach, describe, expect, it } from 'vitest';
import { comparedRefs, formatRef, parseRef } from '../../../../../renderer/components/trace/trace-ref.ts';
import { uiStore } from '../../../../../renderer/state/app/ui.ts';
import { NO_FILTERS, traceStore } from '../../../../../renderer/state/traces/trace-store.ts';
import { resetTraces } from '../../../../../renderer/state/traces/traces.ts';
import {
  clearMarks,
  comparePressed,
  marksStore,
  markTo,
  rowsBetween,
  setAnchor,
  toggleMark,
  toggleOpenMark,
} from '../../../../../renderer/views/traces/list/marks.ts';
import { traceSummary } from '../../../support/stub-bridge.ts';
import { stubPage } from '../../../support/stub-page.ts';

const ids = [4, 3, 2, 1].map((seq) => traceSummary(seq).id);
const [newest = '', second = '', third = '', oldest = ''] = ids;

function show(item: string | null, params: Record<string, string> = {}): void {
  uiStore.setState({ route: { screen: 'traces', item, params } });
}

beforeEach(() => {
  stubPage('/traces');
  resetTraces();
  clearMarks();
  marksStore.setState({ anchor: null });
  traceStore.setState({ rows: [4, 3, 2, 1].map((seq) => traceSummary(seq)), filters: NO_FILTERS });
  show(null);
});

const marked = () => marksStore.getState().marked;

describe('marking rows', () => {
  it('adds rows one by one, the open one first', () => {
    show(newest);
    toggleMark(third);
    toggleMark(oldest);
    expect(marked()).toEqual([newest, third, oldest]);
    toggleMark(third);
    expect(marked()).toEqual([newest, oldest]);
  });

  it('selects a range in either direction', () => {
    setAnchor(third);
    markTo(newest);
    expect(marked()).toEqual([newest, second, third]);
    markTo(oldest);
    expect(marked()).toEqual([third, oldest]);
  });

  it('toggles the open row by key', () => {
    show(second);
    toggleOpenMark();
    expect(marked()).toEqual([second]);
    toggleOpenMark();
    expect(marked()).toEqual([]);
  });

  it('includes the file', () => {
    show(null, { file: 'f1' });
    toggleMark(second);
    expect(marked()).toEqual([`${second}@f1`]);
  });
});

describe('comparing by key', () => {
  const compared = () => comparedRefs(uiStore.getState().route.params);

  it('compares the two marked ones', () => {
    toggleMark(newest);
    toggleMark(third);
    comparePressed();
    expect(compared()).toEqual([newest, third]);
    expect(marked()).toEqual([]);
  });

  it('lets the open one wait for another, including one in a file', () => {
    show(newest);
    comparePressed();
    expect(marksStore.getState().comparing).toBe(newest);
    comparePressed();
    expect(compared()).toBeNull();
    show(second, { file: 'f1' });
    comparePressed();
    expect(compared()).toEqual([newest, `${second}@f1`]);
    expect(marksStore.getState().comparing).toBeNull();
  });
});

it('rowsBetween tolerates missing rows', () => {
  const rows = traceStore.getState();
  expect(rowsBetween(rows, 'gone', second)).toEqual([second]);
  expect(rowsBetween(rows, second, 'gone')).toEqual([]);
});

it('parses refs as formatted, and compares nothing unless an address names two', () => {
  for (const ref of [
    { id: 'a', file: null },
    { id: 'a', file: 'f1' },
  ])
    expect(parseRef(formatRef(ref))).toEqual(ref);
  for (const compare of ['', 'a', 'a,', ',b', 'a,b,c']) expect(comparedRefs({ compare })).toBeNull();
});
