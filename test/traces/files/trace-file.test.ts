import { describe, expect, it } from 'vitest';
import type { Trace } from '../../../main/contract/trace.ts';
import { writeTraceFile } from '../../../main/traces/files/export-file.ts';
import { createTraceReader } from '../../../main/traces/files/file-task.ts';
import { createOpenedFiles } from '../../../main/traces/files/opened-files.ts';
import { readTraceFile } from '../../../main/traces/files/trace-file.ts';
import { createRedactor } from '../../../main/traces/record/redact.ts';
import { threadScripts } from '../../support/host-script.ts';
import { collected, inTurn, sampleTrace } from '../trace-samples.ts';

const SECRETS = ['this-is-the-secret-of-the-runtime'];
const redactor = createRedactor(SECRETS);
const read = async (text: string) => readTraceFile('x.json', text, redactor);
const createFiles = () => createOpenedFiles(redactor, createTraceReader(threadScripts.traceFile, SECRETS));

function fileOf(traces: readonly unknown[], over: object = {}): string {
  return JSON.stringify({ format: 'mozaiks-workbench-traces', version: 1, traces, ...over });
}

describe('reading a file of traces', () => {
  it('gives back what was exported', async () => {
    const traces = [sampleTrace(2, { outcome: 'timeout', events: [], response: null }), sampleTrace(1)];
    const content = { version: '0.1.0', at: 0, baseUrl: '', traces: inTurn<Trace>(traces) };
    const text = (await collected(writeTraceFile('json', content))).join('');
    expect(await read(text)).toEqual({ exportedAt: '1970-01-01T00:00:00.000Z', traces });
  });

  it.each([
    ['{', /“x.json” can't be opened: it is not JSON \(.*\)\. .*export it again/],
    ['[]', /not a file of traces.*Choose one that “Export as JSON” wrote/],
    ['{"log":{"entries":[]}}', /HTTP Archive.*Export as JSON/],
    [fileOf([], { version: 2 }), /version 2 of the format, and this workbench reads 1.*newer workbench/],
    [fileOf([], { version: 'one' }), /version 0/],
    [fileOf([], { traces: 'none' }), /traces: .*array/],
    [fileOf([sampleTrace(1), { ...sampleTrace(2), outcome: 'fine' }]), /traces\[1\]\.outcome: /],
    [fileOf([{ ...sampleTrace(1), id: '<img src=x>' }]), /traces\[0\]\.id: must be 16 hex digits/],
    [fileOf([sampleTrace(1), sampleTrace(1)]), /traces\[1\]\.id: 0000000000000001 appears twice/],
    [fileOf([null]), /traces\[0\]: /],
  ])('refuses %.60s with the place and the remedy', async (text, words) => {
    await expect(read(text)).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      message: expect.stringMatching(words),
    });
  });

  it('keeps what a failed check of a token would need', async () => {
    const step = { check: 'signature', verdict: 'failed' as const, detail: 'no' };
    const remedy = { text: 'Sign it with JWT_SECRET', setting: 'JWT_SECRET' };
    const token = { header: null, claims: null, steps: [{ ...step, remedy }], verified: false };
    const { traces } = await read(fileOf([sampleTrace(1, { token })]));
    expect(traces[0]?.token?.steps[0]?.remedy).toEqual(remedy);
  });

  it('reads the claims behind a value, and traces of versions that name none', async () => {
    const [first, ...others] = sampleTrace(1).provenance;
    if (first === undefined) throw new Error('the sample has no provenance');
    const claims = ['realm_access.roles', 'resource_access.web.roles'];
    const trace = sampleTrace(1, { provenance: [{ ...first, claims }, first, ...others] });
    const { traces } = await read(fileOf([trace]));
    expect(traces[0]?.provenance[0]?.claims).toEqual(claims);
    expect(traces[0]?.provenance[1]?.claims).toBeUndefined();
  });

  it('masks names too: of the file, of headers, of where a value came from', async () => {
    const secret = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg';
    const trace = sampleTrace(1, {
      pluginVersion: secret,
      request: { method: 'POST', path: '/', headers: { [secret]: 'x' }, body: null },
      provenance: [
        {
          field: secret,
          value: 1,
          present: true,
          source: 'claim',
          name: secret,
          claims: [secret],
          label: secret,
          rule: secret,
        },
      ],
      spoofs: [{ key: secret, sent: 1, action: 'removed' }],
      token: {
        header: null,
        claims: null,
        verified: false,
        steps: [{ check: secret, verdict: 'failed', detail: secret }],
      },
    });
    const files = createFiles();
    const { id } = await files.open(`${secret}.json`, fileOf([trace]));
    const shown = JSON.stringify([files.views(), files.get(id, trace.id)]).toLowerCase();
    expect(shown).not.toContain(secret.toLowerCase());
    const refused = files.open(`${secret}.json`, '{');
    await expect(refused).rejects.not.toThrow(secret);
  });

  it('masks what an edited file holds, wherever it is', async () => {
    const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg';
    const secret = 'this-is-the-secret-of-the-runtime';
    const trace = sampleTrace(1, {
      request: {
        method: 'POST',
        path: `/api/execute/a?token=${token}`,
        headers: { authorization: `Bearer ${token}`, cookie: 'a=b', 'x-note': secret },
        body: { json: { password: 'hunter22', note: token }, bytes: 1, truncated: false },
      },
      console: [{ atMs: 1, level: 'log', text: `got ${token} and ${secret}` }],
      error: { code: 'X', message: token, stack: secret },
      received: { user_jwt: token },
      provenance: [],
    });
    const text = JSON.stringify(await read(fileOf([trace])));
    for (const leak of [token, secret, 'hunter22', 'a=b']) expect(text).not.toContain(leak);
  });

  it('survives nesting that would overflow the stack, and keys that would pollute', async () => {
    const depth = 50_000;
    const deep = `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
    const body = `{"json":${deep},"bytes":1,"truncated":false}`;
    const one = JSON.stringify(sampleTrace(1)).replace(
      /"body":\{"json":\{"user_id"[^}]*\},[^}]*\}/,
      `"body":${body}`,
    );
    expect(one).toContain('{"a":{"a":');
    const hostile = one.replace('"received":{', '"received":{"__proto__":{"polluted":true},');
    const { traces } = await read(fileOf([]).replace('"traces":[]', `"traces":[${hostile}]`));
    expect(JSON.stringify(traces[0]?.request.body)).toContain('nested deeper than 100 levels');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('opened files', () => {
  const rows = [
    sampleTrace(7, { plugin: 'a' }),
    sampleTrace(7, { id: 'f'.repeat(16), startedAt: 1, plugin: 'b' }),
  ];

  it('list and give their traces as the store does, newest first', async () => {
    const files = createFiles();
    const view = await files.open('x.json', fileOf([rows[1], rows[0]]));
    expect(view).toMatchObject({ name: 'x.json', count: 2, exportedAt: null });
    expect(files.list(view.id, { limit: 1 })).toMatchObject({
      traces: [{ plugin: 'a', seq: 2 }],
      matched: 2,
      kept: 2,
      dropped: 0,
    });
    expect(files.list(view.id, { limit: 5, before: 2 }).traces.map(({ plugin }) => plugin)).toEqual(['b']);
    expect(files.list(view.id, { limit: 5, plugin: 'b' }).matched).toBe(1);
    expect(files.list(view.id, { limit: 5, text: 'EVIL' }).matched).toBe(2);
    expect(files.list(view.id, { limit: 5, text: 'provenance' }).matched).toBe(0);
    expect(files.get(view.id, 'f'.repeat(16)).plugin).toBe('b');
  });

  it('say that one is closed, or has no such trace', async () => {
    const files = createFiles();
    const { id } = await files.open('x.json', fileOf([]));
    expect(() => files.get(id, 'a')).toThrow("The opened file has no trace 'a'");
    files.close(id);
    expect(() => files.list(id, { limit: 1 })).toThrow('no longer open; open it again');
    expect(files.views()).toEqual([]);
  });

  it('are at most four: the one opened longest ago gives way', async () => {
    const files = createFiles();
    for (const name of ['1', '2', '3', '4', '5']) await files.open(name, fileOf([]));
    expect(files.views().map(({ name }) => name)).toEqual(['2', '3', '4', '5']);
  });
});
