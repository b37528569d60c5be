import { describe, expect, it } from 'vitest';
import {
  describeRow,
  formatRowDuration,
  hasFailed,
  summarizeChildren,
} from '../../../../renderer/components/trace/child-text.ts';
import { childRows, listRows } from '../../../../renderer/state/traces/child-rows.ts';
import { aDatabaseSpan, anHttpSpan, aTrace } from '../../support/trace-fixture.ts';

type Over = Parameters<typeof aTrace>[0];

function described(over: Over) {
  return listRows(childRows(aTrace(over)), { kind: null, unfolded: new Set() }).map(({ row }) =>
    describeRow(row),
  );
}

describe('a row in text', () => {
  it('names a command with its collection, filter and documents', () => {
    expect(described({ children: [aDatabaseSpan({ documents: 1200 })] })).toEqual([
      { name: 'find tasks', data: '{"user_id":"user_123"}', note: '1,200 documents' },
    ]);
  });

  it('names a command without a collection or an answer that counts', () => {
    const span = aDatabaseSpan({ command: 'ping', collection: null, filter: null, documents: null });
    expect(described({ children: [span] })).toEqual([{ name: 'ping', data: '', note: '' }]);
  });

  it('says why a command failed, in place of what came of it', () => {
    const trace = aTrace({ children: [aDatabaseSpan({ error: 'E11000 duplicate key' })] });
    const [row] = childRows(trace);
    expect(row && [describeRow(row).note, hasFailed(row)]).toEqual(['E11000 duplicate key', true]);
  });

  it('names a request with its URL, status and bytes', () => {
    expect(
      described({ children: [anHttpSpan(), anHttpSpan({ status: null, responseBytes: null })] }),
    ).toEqual([
      { name: 'GET', data: 'http://127.0.0.1:9/weather', note: '200 · 1.20 kB' },
      { name: 'GET', data: 'http://127.0.0.1:9/weather', note: 'no answer' },
    ]);
  });

  it('sums up lines by what needs a look', () => {
    const console = (['log', 'error', 'warn', 'error'] as const).map((level, atMs) => ({
      atMs,
      level,
      text: 'x',
    }));
    expect(described({ console })).toEqual([
      { name: '4 console lines', data: '', note: '2 errors, 1 warning' },
    ]);
  });

  it('marks hidden characters and cuts what is long', () => {
    const [row] = described({ children: [anHttpSpan({ url: `http://a/\u202e${'x'.repeat(5000)}` })] });
    expect(row?.data).toContain('U+202E');
    expect(row?.data.length).toBeLessThan(300);
  });
});

it('shows that the shortest of all took some time', () => {
  expect([formatRowDuration(0.003), formatRowDuration(0), formatRowDuration(3.2)]).toEqual([
    '<0.01 ms',
    '0 ms',
    '3.20 ms',
  ]);
});

it('sums up commands and requests, and how many ran at once', () => {
  const trace = aTrace({
    children: [
      aDatabaseSpan({ startMs: 1, durationMs: 5 }),
      aDatabaseSpan({ startMs: 2 }),
      anHttpSpan({ startMs: 40 }),
    ],
  });
  expect(summarizeChildren(childRows(trace), trace)).toBe(
    '2 database commands, 1 HTTP request, up to 2 at once',
  );
  expect(summarizeChildren([], aTrace())).toBe('');
});
