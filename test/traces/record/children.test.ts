import { describe, expect, it } from 'vitest';
import type { ChildWork } from '../../../main/contract/child-span.ts';
import { traceSchema } from '../../../main/traces/files/schema.ts';
import type { Ran, SeenChild } from '../../../main/traces/record/facts.ts';
import { maskAgain } from '../../../main/traces/record/mask-again.ts';
import { createRecorder } from '../../../main/traces/record/recorder.ts';
import { createRedactor } from '../../../main/traces/record/redact.ts';
import { newTraceIds } from '../../../main/traces/record/trace-context.ts';

/** What a plugin did outside its own code, as a trace has it. */

const SECRET = 'k3y-of-the-provider';
const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg';

const FIND: ChildWork = {
  kind: 'database',
  command: 'find',
  database: 'MozaiksCore',
  collection: 'tasks',
  filter: '{"user_id":"ada"}',
  documents: 3,
};
const GET: ChildWork = {
  kind: 'http',
  method: 'GET',
  url: 'http://127.0.0.1:1/rates',
  status: 200,
  requestBytes: 0,
  responseBytes: 12,
  carriesUserJwt: false,
};

function record(children: readonly SeenChild[], droppedChildren = 0) {
  const recorder = createRecorder({
    ids: newTraceIds(undefined),
    plugin: 'tasks',
    method: 'POST',
    path: '/api/execute/tasks',
    rawHeaders: ['Authorization', `Bearer ${TOKEN}`],
    timeoutMs: 30_000,
    redactor: createRedactor([SECRET]),
  });
  const ran: Ran = { console: [], events: [], children, droppedChildren, version: 'abc', pid: 1 };
  recorder.ran(ran);
  return recorder.finish(null);
}

const child = (work: ChildWork, at = Date.now(), error: string | null = null): SeenChild => {
  return { at, durationMs: 1.5, error, work, scope: `{"filter":{"password":"${SECRET}"}}` };
};

describe('the children of a trace', () => {
  it('are in order of start, from the trace’s own', () => {
    const now = Date.now();
    const { children, startedAt } = record([
      child(GET, now + 60_009),
      child(FIND, now + 60_004),
      child(GET, now - 99),
    ]);
    expect(children?.map(({ kind, startMs }) => [kind, startMs])).toEqual([
      ['http', 0],
      ['database', now + 60_004 - startedAt],
      ['http', now + 60_009 - startedAt],
    ]);
    expect(children?.[1]).toEqual({
      ...FIND,
      startMs: now + 60_004 - startedAt,
      durationMs: 1.5,
      error: null,
    });
  });

  it('are absent where none is known of, and say how many are missing', () => {
    expect(record([])).not.toHaveProperty('children', expect.anything());
    expect(record([])).not.toHaveProperty('droppedChildren', expect.anything());
    expect(record([child(FIND)], 7).droppedChildren).toBe(7);
  });

  it('P5: show no secret of the runtime or of the caller, whatever text it is in', () => {
    const dirty = `${SECRET} and ${TOKEN}`;
    const database: ChildWork = {
      kind: 'database',
      command: dirty,
      database: dirty,
      collection: dirty,
      filter: JSON.stringify({ password: 'opaque', text: dirty }),
      documents: null,
    };
    const http: ChildWork = {
      ...GET,
      method: dirty,
      url: `http://user:opaque@127.0.0.1/?api_key=opaque&q=${dirty}`,
      requestBody: `{"client_secret":"opaque","text":"${dirty}"}`,
      responseBody: `access_token=opaque&text=${dirty}`,
    };
    const trace = record([child(database, Date.now(), dirty), child(http, Date.now(), dirty)]);
    const shown = JSON.stringify(trace.children);
    for (const secret of [SECRET, TOKEN, 'opaque', 'scope']) expect(shown).not.toContain(secret);
    expect(shown.match(/masked/g)?.length).toBeGreaterThan(15);
  });

  it('P5: are masked again when they come from a file, findings too', () => {
    const trace = { ...record([child(FIND), child(GET)]), seq: 1 };
    const [find, get] = trace.children ?? [];
    const edited = {
      ...trace,
      children: [
        { ...find, filter: SECRET, error: TOKEN },
        { ...get, url: SECRET, responseBody: TOKEN },
      ],
      findings: [{ rule: 'not-scoped', text: SECRET, collection: TOKEN, child: 0 }],
    };
    const opened = maskAgain(traceSchema.parse(JSON.parse(JSON.stringify(edited))), createRedactor([SECRET]));
    expect(opened.children).toHaveLength(2);
    expect(opened.findings).toMatchObject([{ rule: 'not-scoped', child: 0 }]);
    for (const secret of [SECRET, TOKEN]) expect(JSON.stringify(opened)).not.toContain(secret);
  });

  it('survive a file as they are', () => {
    const trace = { ...record([child(FIND), child({ ...GET, requestBody: '{"a":1}' })], 3), seq: 1 };
    const written = JSON.parse(JSON.stringify(trace));
    expect(traceSchema.parse(written)).toEqual(written);
  });
});
