import type { Har } from 'har-format';
import { describe, expect, it } from 'vitest';
import type { Trace } from '../../../main/contract/trace.ts';
import type { TraceFileFormat } from '../../../main/contract/trace-file.ts';
import { traceFileName, writeTraceFile } from '../../../main/traces/files/export-file.ts';
import { collected, inTurn, sampleTrace } from '../trace-samples.ts';

async function written(format: TraceFileFormat, traces: readonly Trace[]): Promise<string> {
  const content = { version: '0.1.0', at: Date.UTC(2026, 1, 3), baseUrl: 'http://127.0.0.1:8080' };
  return (await collected(writeTraceFile(format, { ...content, traces: inTurn(traces) }))).join('');
}

async function archive(...traces: Trace[]): Promise<Har> {
  return JSON.parse(await written('har', traces)) as Har;
}

describe('the workbench’s own format', () => {
  it('says what it is first, and keeps every trace whole, a line each', async () => {
    const traces = [sampleTrace(2), sampleTrace(1)];
    const text = await written('json', traces);
    expect(text.startsWith('{"format":"mozaiks-workbench-traces","version":1,')).toBe(true);
    expect(text.trim().split('\n')).toHaveLength(4);
    expect(JSON.parse(text)).toEqual({
      format: 'mozaiks-workbench-traces',
      version: 1,
      exportedAt: '2026-02-03T00:00:00.000Z',
      workbench: '0.1.0',
      contract: '1.0.0',
      traces,
    });
  });

  it.each(['json', 'har'] as const)('is valid as %s without any trace', async (format) => {
    expect(JSON.parse(await written(format, []))).toBeTruthy();
  });

  it('has a name that sorts by time', () => {
    expect(traceFileName('har', new Date(2026, 1, 3, 14, 5, 6).getTime())).toBe(
      'mozaiks-traces-2026-02-03-140506.har',
    );
  });
});

describe('an HTTP Archive', () => {
  it('is of version 1.2 and names its maker', async () => {
    expect((await archive()).log).toEqual({
      version: '1.2',
      creator: { name: 'Mozaiks Workbench', version: '0.1.0' },
      pages: [],
      entries: [],
    });
  });

  it('holds the request and the answer as sent', async () => {
    const [entry] = (await archive(sampleTrace(1))).log.entries;
    expect(entry?.request).toMatchObject({
      method: 'POST',
      url: 'http://127.0.0.1:8080/api/execute/whoami?verbose=1',
      queryString: [{ name: 'verbose', value: '1' }],
      postData: { mimeType: 'application/json', text: '{"user_id":"evil","note":"hi"}' },
      bodySize: 31,
      headersSize: -1,
      httpVersion: 'HTTP/1.1',
      cookies: [],
    });
    expect(entry?.request.headers).toContainEqual({ name: 'authorization', value: 'Bearer (masked)' });
    expect(entry?.response).toMatchObject({
      status: 200,
      redirectURL: '',
      bodySize: 17,
      content: { size: 17, mimeType: 'application/json', text: '{"greeting":"hi"}' },
    });
    expect(entry?.startedDateTime).toBe(new Date(1_780_000_000_001).toISOString());
  });

  it('lays the spans out so that they add up to the whole, and claims nothing it can’t know', async () => {
    const [entry] = (await archive(sampleTrace(1))).log.entries;
    expect(entry?.timings).toMatchObject({
      dns: -1,
      connect: -1,
      ssl: -1,
      send: 2,
      blocked: 1.5,
      wait: 6,
      receive: 0.5,
    });
    expect(entry?.time).toBe(10);
  });

  it('writes status 0 where no answer was sent, and says so', async () => {
    const aborted = sampleTrace(1, { outcome: 'aborted', status: null, response: null });
    const [entry] = (await archive(aborted)).log.entries;
    expect(entry?.response).toMatchObject({
      status: 0,
      bodySize: -1,
      comment: 'No answer was sent: aborted.',
    });
  });

  it('says where a body was cut', async () => {
    const body = { text: 'abc', bytes: 9_000, truncated: true };
    const cut = sampleTrace(1, { response: { status: 200, headers: {}, body } });
    const [entry] = (await archive(cut)).log.entries;
    expect(entry?.response.content).toMatchObject({
      size: 9_000,
      text: 'abc',
      comment: expect.stringContaining('9000 bytes'),
    });
  });

  it('takes no address from a Host header that is none', async () => {
    const request = { method: 'POST', path: '/x', headers: { host: 'evil" onload=' }, body: null };
    const [entry] = (await archive(sampleTrace(1, { request }))).log.entries;
    expect(entry?.request.url).toBe('http://127.0.0.1:8080/x');
  });
});
