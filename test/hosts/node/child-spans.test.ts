import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { ChildSpan, ChildSpanMode } from '../../../main/contract/child-span.ts';
import { HOST_LIMITS } from '../../../main/contract/host.ts';
import type { JsonObject } from '../../../main/contract/http.ts';
import type { Trace } from '../../../main/contract/trace.ts';
import { TRACE_FILE } from '../../../main/contract/trace-file.ts';
import { HostProcess } from '../../../main/hosts/host-process.ts';
import { createNodeLauncher } from '../../../main/hosts/launcher.ts';
import { readTraceFile } from '../../../main/traces/files/trace-file.ts';
import { createRedactor } from '../../../main/traces/record/redact.ts';
import { spanIdOf } from '../../../main/traces/record/trace-context.ts';
import { eventually } from '../../plugins/workspace.ts';
import { cleanUpAfterAll } from '../../support/clean-up.ts';
import { projectRoot, temporaryFolder } from '../../support/folders.ts';
import { hostScript } from '../../support/host-script.ts';
import { type Answer, startRuntime, type TestRuntime } from '../../support/runtime.ts';
import { bearer, localToken } from '../../support/tokens.ts';

/** What a JavaScript plugin does outside its own code: a real process, real sockets, the local database. */

const SECRET = 'k3y-of-the-provider';
const STEPS = 3;
const CALLS = 6;

const PLUGIN = `
import { writeSync } from 'node:fs';
import http, { request } from 'node:http';
import { MongoClient } from 'mongodb';

const client = new MongoClient(process.env.DATABASE_URI);
const things = client.db('MozaiksCore').collection('things');

function ask(url, { method = 'GET', headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const actions = {
  async interleave({ n, url, steps }) {
    for (let i = 0; i < steps; i += 1) {
      await things.insertOne({ user_id: String(n), n, i });
      await (await fetch(url + '/fetch?n=' + n + '&i=' + i)).text();
      await things.find({ n }).toArray();
      await ask(url + '/http?n=' + n + '&i=' + i);
    }
  },
  async database({ key }) {
    await things.insertMany([1, 2, 3, 4, 5].map((i) => ({ user_id: 'ann', i, apiKey: key })));
    await things.find({ user_id: 'ann', $or: [{ password: 'open sesame', note: key }, { i: { $gt: 0 } }] }).batchSize(2).toArray();
    await things.find({ user_id: 'ann' }, { batchSize: 2 }).next();
    await things.updateMany({ user_id: 'ann', i: { $lt: 3 } }, { $set: { done: true } });
    await things.aggregate([{ $match: { user_id: 'ann', apiKey: key } }, { $count: 'all' }]).toArray();
    await things.deleteOne({ _id: (await things.findOne({ user_id: 'ann' }))._id });
    await things.find({ $nonsense: 1 }).toArray().catch(() => undefined);
  },
  async http({ url, closed, user_jwt }) {
    await (await fetch(url + '/a?api_key=abcdefgh', { method: 'POST', body: 'hello', headers: { authorization: 'Bearer ' + user_jwt } })).text();
    await new Promise((resolve) => http.get(url + '/get', (answer) => answer.resume().on('end', resolve)));
    await ask(url + '/b', { method: 'PUT', body: 'four', headers: { traceparent: '00-11111111111111111111111111111111-2222222222222222-01' } });
    await fetch(closed).catch(() => undefined);
    await ask(closed).catch(() => undefined);
    await new Promise((resolve) => http.get(url + '/unread', resolve));
  },
  async many({ count }) {
    for (let i = 0; i < count; i += 1) await things.countDocuments({ user_id: 'nobody', i });
  },
  async forge({ texts }) {
    for (const text of texts) writeSync(4, '\\n' + text + '\\n');
  },
  async late({ url }) {
    setTimeout(() => fetch(url + '/late').catch(() => undefined), 5);
  },
  async none() {},
};

export async function execute(data) {
  await actions[data.action](data);
  return {};
}
`;

const BARE_PLUGIN = `
import { hasSubscribers } from 'node:diagnostics_channel';
import { request } from 'node:http';

export async function execute({ url }) {
  const body = JSON.stringify({ password: 'open sesame' });
  await (await fetch(url, { method: 'POST', body })).text();
  await new Promise((resolve) => request(url, { method: 'POST' }, (answer) => answer.resume().on('end', resolve)).end(body));
  return {
    isNative: String(request).includes('ClientRequest(url'),
    isWatched: hasSubscribers('undici:request:create'),
    isHooked: Symbol.for('mozaiks.mongo-client') in globalThis,
    args: process.argv.length,
  };
}
`;
interface Seen {
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
}

const cleanUp = cleanUpAfterAll();
const seen: Seen[] = [];
let listener: RequestListener = (_, answer) => answer.end('12345');
let runtime: TestRuntime;
let url = '';
let closed = '';

beforeAll(async () => {
  const server = createServer((request, answer) => {
    seen.push({ url: request.url ?? '', headers: request.headers });
    listener(request, answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUp(() => {
    server.closeAllConnections();
    server.close();
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const unused = createServer();
  await new Promise<void>((resolve) => unused.listen(0, '127.0.0.1', resolve));
  closed = `http://127.0.0.1:${(unused.address() as AddressInfo).port}`;
  await new Promise((resolve) => unused.close(resolve));
  runtime = await startRuntime({
    plugins: { inside: PLUGIN, bare: BARE_PLUGIN },
    env: { MOZAIKS_PLUGIN_ENV_PROVIDER: SECRET },
    start: false,
    cleanUp,
  });
  const modules = join(runtime.plugins, 'inside', 'node_modules');
  await mkdir(modules);
  await symlink(join(projectRoot, 'node_modules', 'mongodb'), join(modules, 'mongodb'));
  await runtime.runtime.start();
});

async function call(action: string, data: JsonObject = {}, token = localToken()): Promise<Trace> {
  const answer = await runtime.execute('inside', { action, ...data }, bearer(token));
  expect(answer).toMatchObject({ status: 200, json: {} });
  return traceOf(answer);
}

async function traceOf(answer: Answer): Promise<Trace> {
  const id = spanIdOf(answer.headers.get('traceparent') ?? undefined) ?? '';
  await eventually(() => runtime.runtime.traces.get(id)?.id).toBe(id);
  return runtime.runtime.traces.get(id) as Trace;
}

function inShort(child: ChildSpan): string {
  if (child.kind === 'http') return `${child.method} ${child.url.replace(url, '').replace(closed, 'closed')}`;
  return `${child.command} ${child.collection} ${child.documents}`;
}

describe('the children of a call', () => {
  it('are its own, however calls interleave', async () => {
    // No request is answered before those of all calls are there.
    const waiting: (() => void)[] = [];
    listener = (_, answer) => {
      waiting.push(() => answer.end('ok'));
      if (waiting.length === CALLS) for (const go of waiting.splice(0)) go();
    };
    const numbers = [...Array(CALLS).keys()];
    const traces = await Promise.all(numbers.map((n) => call('interleave', { n, url, steps: STEPS })));
    listener = (_, answer) => answer.end('12345');
    for (const n of numbers) {
      const expected = [...Array(STEPS).keys()].flatMap((i) => [
        'insert things 1',
        `GET /fetch?n=${n}&i=${i}`,
        `find things ${i + 1}`,
        `GET /http?n=${n}&i=${i}`,
      ]);
      expect([...(traces[n]?.children ?? [])].map(inShort)).toEqual(expected);
    }
  });

  it('P5: are the commands of MongoDB’s driver, with all of a cursor in one', async () => {
    const { children = [], received } = await call('database', { key: SECRET });
    expect(children.map(inShort)).toEqual([
      'insert things 5',
      'find things 5',
      // Still open when the call ended.
      'find things 2',
      'update things 2',
      'aggregate things 1',
      'find things 1',
      'delete things 1',
      'find things null',
    ]);
    expect(children.at(-1)?.error).toMatch(/\$nonsense/);
    expect(children.slice(0, -1).map(({ error }) => error)).toEqual(Array(7).fill(null));
    const filters = children.map((child) =>
      JSON.parse((child.kind === 'database' && child.filter) || 'null'),
    );
    expect(filters[0]).toHaveLength(5);
    expect(filters[0][0]).toEqual({
      user_id: 'ann',
      i: 1,
      apiKey: '(masked)',
      _id: { $oid: expect.any(String) },
    });
    expect(filters[1].$or[0]).toEqual({ password: '(masked)', note: '(masked)' });
    expect(filters[3]).toMatchObject([{ q: { user_id: 'ann', i: { $lt: 3 } }, u: { $set: { done: true } } }]);
    expect(filters[4][0]).toEqual({ $match: { user_id: 'ann', apiKey: '(masked)' } });
    expect(filters[6]).toMatchObject([{ q: { _id: { $oid: expect.any(String) } } }]);
    expect(JSON.stringify(children)).not.toContain(SECRET);
    expect(received).toMatchObject({ key: '(masked)' });
  });

  it('are the requests of fetch and http, with the trace they belong to', async () => {
    seen.length = 0;
    const trace = await call('http', { url, closed });
    expect(trace.children?.map(inShort)).toEqual([
      'POST /a?api_key=(masked)',
      'GET /get',
      'PUT /b',
      'GET closed/',
      'GET closed/',
      'GET /unread',
    ]);
    const answered = { kind: 'http', status: 200, error: null };
    const sizes = { requestBytes: 0, responseBytes: 5, carriesUserJwt: false };
    const refused = { status: null, responseBytes: null, error: expect.stringMatching(/ECONNREFUSED/) };
    expect(trace.children).toMatchObject([
      { ...answered, ...sizes, requestBytes: 5, carriesUserJwt: true },
      { ...answered, ...sizes },
      { ...answered, ...sizes, requestBytes: 4 },
      { kind: 'http', ...refused },
      { kind: 'http', ...refused },
      // Nobody read its answer.
      { ...answered, responseBytes: expect.any(Number) },
    ]);
    const own = `00-${trace.traceId}-${trace.id}-01`;
    expect(seen.map(({ headers }) => headers.traceparent)).toEqual([
      own,
      own,
      '00-11111111111111111111111111111111-2222222222222222-01',
      own,
    ]);
    expect(JSON.stringify(trace.children)).not.toContain('abcdefgh');
  });

  it('are 200 at most, the others are counted', async () => {
    const { children, droppedChildren } = await call('many', { count: HOST_LIMITS.children + 1 });
    expect(children).toHaveLength(HOST_LIMITS.children);
    expect(droppedChildren).toBe(1);
  });

  it('are none of those that a process makes up, or that nobody waits for', async () => {
    const work = { kind: 'http', method: 'GET', url, status: 200, requestBytes: 0, responseBytes: 0 };
    const child = { type: 'child', id: null, at: Date.now(), durationMs: 1, error: null };
    const complete = { ...child, work: { ...work, carriesUserJwt: false } };
    const forged = [
      complete,
      { ...complete, id: 1_000_000 },
      { ...complete, work },
      { ...complete, work: { ...complete.work, url: 'x'.repeat(HOST_LIMITS.childText + 1) } },
    ];
    const trace = await call('forge', { texts: forged.map((message) => JSON.stringify(message)) });
    expect(trace.children).toBeUndefined();
    seen.length = 0;
    const late = await call('late', { url });
    await eventually(() => seen.map((request) => request.url)).toEqual(['/late']);
    expect(late.children).toBeUndefined();
    expect((await call('none')).children).toBeUndefined();
  });

  it('are in a file of traces', async () => {
    const trace = await call('http', { url, closed });
    const file = JSON.stringify({ ...TRACE_FILE, traces: [trace] });
    const { traces } = readTraceFile('traces.json', file, createRedactor([]));
    expect(traces[0]?.children).toEqual(trace.children);
  });
});

describe('`bodies`', () => {
  it('tells the bodies of requests, which stay JSON when they are shortened', async () => {
    const host = await startHost('bodies');
    listener = (_, answer) => {
      answer.setHeader('content-encoding', 'gzip');
      answer.end(gzipSync(JSON.stringify({ items: Array(1_000).fill('tea'), token: SECRET })));
    };
    const { children } = await host.call({ json: JSON.stringify({ url }), timeoutMs: 10_000, signal });
    listener = (_, answer) => answer.end('12345');
    const [fetched, asked] = children.map(({ work }) => work);
    for (const work of [fetched, asked]) {
      if (work?.kind !== 'http') throw new Error('it is no request');
      expect(JSON.parse(work.requestBody ?? '')).toEqual({ password: 'open sesame' });
      const { items, token } = JSON.parse(work.responseBody ?? '');
      expect(items.at(-1)).toBe('… 900 more');
      expect(token).toBe(SECRET);
    }
    expect(children).toHaveLength(2);
  });

  it('decompresses no body that is far more than is shown', async () => {
    const host = await startHost('bodies');
    const body = gzipSync('x'.repeat(8 * 1024 * 1024));
    listener = (_, answer) => {
      answer.setHeader('content-encoding', 'gzip');
      answer.end(body);
    };
    const { children } = await host.call({ json: JSON.stringify({ url }), timeoutMs: 10_000, signal });
    listener = (_, answer) => answer.end('12345');
    const shown = children.map(({ work }) => (work.kind === 'http' ? work.responseBody : null));
    expect(shown).toEqual(Array(2).fill(`(${body.length} bytes, gzip)`));
  });
});

it('`off` hooks in nothing', async () => {
  const off = await startRuntime({ plugins: { bare: BARE_PLUGIN }, env: { MOZAIKS_CHILD_SPANS: 'off' } });
  const hooks = { isNative: true, isWatched: false, isHooked: false, args: 2 };
  seen.length = 0;
  expect((await off.execute('bare', { url })).json).toEqual(hooks);
  expect(off.lastTrace()).not.toHaveProperty('children', expect.anything());
  expect(seen.map(({ headers }) => headers.traceparent)).toEqual([undefined, undefined]);
  const on = await runtime.execute('bare', { url });
  expect(on.json).toEqual({ isNative: false, isWatched: true, isHooked: true, args: 2 });
  expect((await traceOf(on)).children).toHaveLength(2);
});

const { signal } = new AbortController();

async function startHost(childSpans: ChildSpanMode): Promise<HostProcess> {
  const { path, remove } = await temporaryFolder('workbench-children');
  onTestFinished(remove);
  const file = join(path, 'bundle.mjs');
  await writeFile(file, BARE_PLUGIN);
  const options = { script: hostScript, environment: process.env, memoryLimitMb: 160, childSpans };
  const host = new HostProcess(createNodeLauncher(options), '');
  onTestFinished(() => host.kill('stopping'));
  expect(await host.load({ kind: 'node', file, entry: file })).toMatchObject({ ok: true });
  return host;
}
