import { expect, it } from 'vitest';
import { writeTraceFile } from '../../../main/traces/files/export-file.ts';
import { readTraceFile } from '../../../main/traces/files/trace-file.ts';
import { createRecorder } from '../../../main/traces/record/recorder.ts';
import { createRedactor } from '../../../main/traces/record/redact.ts';
import { TraceStore } from '../../../main/traces/store/store.ts';
import { localToken } from '../../support/tokens.ts';
import { collected, inTurn, sampleTrace } from '../trace-samples.ts';

const token = localToken({ sub: 'ada' });
const redactor = createRedactor([]);

function traceWith(lines: readonly string[]) {
  const recorder = createRecorder({
    ids: { id: '00f067aa0ba902b7', traceId: '4bf92f3577b34da6a3ce929d0e0e4736' },
    plugin: 'tasks',
    method: 'POST',
    path: '/api/execute/tasks',
    rawHeaders: ['Authorization', `Bearer ${token}`],
    timeoutMs: 30_000,
    redactor,
  });
  for (const line of lines) recorder.inProduction(line);
  return recorder.finish(null);
}

it('says each line once, in order, and nothing where nothing differs', () => {
  expect(traceWith(['404', '200', '404']).inProduction).toEqual(['404', '200']);
  expect(JSON.stringify(traceWith([]))).not.toContain('inProduction');
});

it('keeps a line short, on one line, and without the caller’s token', () => {
  const [line = '', ...others] =
    traceWith([`401 {"detail":"${token}"}\n${'x'.repeat(2_000)}`]).inProduction ?? [];
  expect(others).toEqual([]);
  expect(line).toMatch(/^401 \{"detail":"eyJ…\(masked\)"\} x+…$/);
  expect(line).toHaveLength(500);
  const many = Array.from({ length: 40 }, (_, index) => `line ${index}`);
  expect(traceWith(many).inProduction).toEqual(many.slice(0, 20));
});

it('is found by its text', async () => {
  const store = new TraceStore();
  store.add(traceWith(['404 {"detail":"Plugin \'tasks\' not found."}']));
  store.add(traceWith([]));
  expect((await store.search({ limit: 10, text: "PLUGIN 'TASKS' NOT FOUND." })).traces).toHaveLength(1);
});

it('leaves and enters a file, masked again, and never a HAR', async () => {
  const trace = sampleTrace(1, { inProduction: ['401 there', `the token ${token}`] });
  const content = () => ({ version: '0.1.0', at: 0, baseUrl: '', traces: inTurn([trace]) });
  const text = (await collected(writeTraceFile('json', content()))).join('');
  const read = await readTraceFile('x.json', text, redactor);
  expect(read.traces[0]?.inProduction).toEqual(['401 there', 'the token eyJ…(masked)']);
  expect((await collected(writeTraceFile('har', content()))).join('')).not.toContain('401 there');
});
