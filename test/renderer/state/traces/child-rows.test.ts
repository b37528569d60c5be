import { describe, expect, it } from 'vitest';
import type { ChildSpan } from '../../../../main/contract/child-span.ts';
import type { Trace } from '../../../../main/contract/trace.ts';
import {
  childRows,
  countAtOnce,
  listRows,
  type RowChoice,
  shownKind,
  tickPlaces,
} from '../../../../renderer/state/traces/child-rows.ts';
import { aDatabaseSpan, anHttpSpan, aTrace } from '../../support/trace-fixture.ts';

const ALL: RowChoice = { kind: null, unfolded: new Set() };

function linesAt(...times: readonly number[]): Trace['console'] {
  return times.map((atMs) => ({ atMs, level: 'log', text: `at ${atMs}` }));
}

function listedKeys(trace: Trace, choice: RowChoice = ALL): readonly string[] {
  return listRows(childRows(trace), choice).map(({ row, nested }) => `${nested ? '  ' : ''}${row.key}`);
}

describe('what a plugin did, as rows', () => {
  it('has commands, requests, events and lines in the order of their start', () => {
    const trace = aTrace({
      children: [aDatabaseSpan({ startMs: 2 }), anHttpSpan({ startMs: 4 })],
      events: [{ atMs: 3, kind: 'published', name: 'tasks:made', detail: '{}', source: 'core.event_bus' }],
      console: linesAt(1),
    });
    expect(childRows(trace).map(({ key, kind }) => [key, kind])).toEqual([
      ['line-0', 'console'],
      ['child-0', 'database'],
      ['event-0', 'event'],
      ['child-1', 'http'],
    ]);
  });

  it('has none for a trace of a version that recorded nothing of it', () => {
    expect(childRows(aTrace())).toEqual([]);
  });

  it('folds more than a few lines in a row into one, and unfolds them below it', () => {
    const trace = aTrace({
      children: [aDatabaseSpan({ startMs: 5 })],
      console: linesAt(1, 2, 3, 4, 6, 7),
    });
    expect(listedKeys(trace)).toEqual(['lines-line-0', 'child-0', 'line-4', 'line-5']);
    const unfolded = new Set(['lines-line-0']);
    expect(listedKeys(trace, { kind: null, unfolded }).slice(0, 6)).toEqual([
      'lines-line-0',
      '  line-0',
      '  line-1',
      '  line-2',
      '  line-3',
      'child-0',
    ]);
  });

  it('lists each line where only lines are wanted, and nothing else', () => {
    const trace = aTrace({ children: [aDatabaseSpan()], console: linesAt(1, 2, 3, 4, 5) });
    expect(listedKeys(trace, { kind: 'console', unfolded: new Set() })).toHaveLength(5);
    expect(listedKeys(trace, { kind: 'database', unfolded: new Set() })).toEqual(['child-0']);
  });

  it('nests a delivery below the event that was published', () => {
    const event = { name: 'tasks:made', source: 'core.event_bus' };
    const trace = aTrace({
      events: [
        { ...event, atMs: 1, kind: 'published', detail: '{}' },
        { ...event, atMs: 1, kind: 'delivered', detail: '{"to":["notes"]}' },
      ],
    });
    expect(listedKeys(trace)).toEqual(['event-0', '  event-1']);
  });

  it('shows all where a trace has nothing of the chosen kind', () => {
    const rows = childRows(aTrace({ children: [aDatabaseSpan()] }));
    expect(shownKind('http', rows)).toBeNull();
    expect(shownKind('database', rows)).toBe('database');
  });
});

describe('how much ran at once', () => {
  const spans = (...times: readonly (readonly [startMs: number, durationMs: number])[]): ChildSpan[] =>
    times.map(([startMs, durationMs]) => aDatabaseSpan({ startMs, durationMs }));

  it('counts those that overlap', () => {
    expect(countAtOnce(spans([0, 10], [2, 3], [4, 10], [20, 1]))).toBe(3);
  });

  it('counts one after another as one', () => {
    expect(countAtOnce(spans([0, 5], [5, 5], [10, 1]))).toBe(1);
    expect(countAtOnce([])).toBe(0);
  });
});

describe('ticks', () => {
  it('are drawn once where many moments look like one', () => {
    const moments = Array.from({ length: 1000 }, (_, at) => at / 10);
    const places = tickPlaces(moments, 100);
    expect(places.length).toBeLessThanOrEqual(401);
    expect(tickPlaces([10, 10.01, 50, 500], 100)).toEqual([0.1, 0.5, 1]);
  });
});
