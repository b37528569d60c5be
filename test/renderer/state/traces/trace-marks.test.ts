import { beforeEach, describe, expect, it } from 'vitest';
import { rowsBetween } from '../../../../renderer/state/traces/trace-marks.ts';
import { comparedRefs, formatRef, parseRef } from '../../../../renderer/state/traces/trace-ref.ts';
import { traceSummary } from '../../support/stub-bridge.ts';
import { type StubStores, stubStores } from '../../support/stub-stores.ts';

const ids = [4, 3, 2, 1].map((seq) => traceSummary(seq).id);
const [newest = '', second = '', third = '', oldest = ''] = ids;

let stores: StubStores['stores'];

function show(item: string | null, params: Record<string, string> = {}): void {
  stores.ui.store.setState({ route: { screen: 'traces', item, params } });
}

beforeEach(() => {
  ({ stores } = stubStores({}, { hash: '/traces' }));
  stores.traces.store.setState({ rows: [4, 3, 2, 1].map((seq) => traceSummary(seq)) });
  show(null);
});

const marks = () => stores.traceMarks;
const marked = () => marks().store.getState().marked;

describe('marking rows', () => {
  it('adds rows one by one, the open one first', () => {
    show(newest);
    marks().toggle(third);
    marks().toggle(oldest);
    expect(marked()).toEqual([newest, third, oldest]);
    marks().toggle(third);
    expect(marked()).toEqual([newest, oldest]);
  });

  it('selects a range in either direction', () => {
    marks().setAnchor(third);
    marks().markTo(newest);
    expect(marked()).toEqual([newest, second, third]);
    marks().markTo(oldest);
    expect(marked()).toEqual([third, oldest]);
  });

  it('toggles the open row by key', () => {
    show(second);
    marks().toggleOpen();
    expect(marked()).toEqual([second]);
    marks().toggleOpen();
    expect(marked()).toEqual([]);
  });

  it('includes the file', () => {
    show(null, { file: 'f1' });
    marks().toggle(second);
    expect(marked()).toEqual([`${second}@f1`]);
  });
});

describe('comparing by key', () => {
  const compared = () => comparedRefs(stores.ui.store.getState().route);

  it('compares the two marked ones', () => {
    marks().toggle(newest);
    marks().toggle(third);
    stores.traceComparison.press();
    expect(compared()).toEqual([newest, third]);
    expect(marked()).toEqual([]);
  });

  it('lets the open one wait for another, including one in a file', () => {
    show(newest);
    stores.traceComparison.press();
    expect(marks().store.getState().comparing).toBe(newest);
    stores.traceComparison.press();
    expect(compared()).toBeNull();
    show(second, { file: 'f1' });
    stores.traceComparison.press();
    expect(compared()).toEqual([newest, `${second}@f1`]);
    expect(marks().store.getState().comparing).toBeNull();
  });
});

it('rowsBetween tolerates missing rows', () => {
  const rows = stores.traces.store.getState();
  expect(rowsBetween(rows, 'gone', second)).toEqual([second]);
  expect(rowsBetween(rows, second, 'gone')).toEqual([]);
});

it('parses refs as formatted, and compares nothing unless an address names two', () => {
  for (const ref of [
    { id: 'a', file: null },
    { id: 'a', file: 'f1' },
  ])
    expect(parseRef(formatRef(ref))).toEqual(ref);
  for (const compare of ['', 'a', 'a,', ',b', 'a,b,c'])
    expect(comparedRefs({ params: { compare } })).toBeNull();
});
