import { symlink } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Trace } from '../../../main/contract/trace.ts';
import { pickFreePort } from '../../../main/system/ports.ts';
import { cleanUpAfterAll } from '../../support/clean-up.ts';
import { projectRoot } from '../../support/folders.ts';
import { startRuntime, type TestRuntime } from '../../support/runtime.ts';
import { bearer, localToken } from '../../support/tokens.ts';

/** What traces of Node plugins have of the requests and database commands of each call, in real processes. */

const CALLER = `
import http from 'node:http';
import { get } from 'node:http';
const read = (answer) => new Promise((resolve) => {
  let text = '';
  answer.on('data', (part) => { text += part; }).on('end', () => resolve(text));
});
const byHttp = (send, url, options, body) => new Promise((resolve, reject) => {
  send(url, options, (answer) => read(answer).then(resolve)).on('error', reject).end(body);
});
let plugin;
export async function execute({ base, way, n, headers = {}, user_jwt }) {
  const own = { ...headers };
  if (way === 'jwt') own.authorization = 'Bearer ' + user_jwt;
  const url = base + '/' + way + '?n=' + n;
  if (way === 'http') return { text: await byHttp(http.request, url, { method: 'POST', headers: own }, 'body ' + n) };
  if (way === 'get') return { text: await byHttp(get, url, { headers: own }) };
  if (way === 'refused') return { error: await fetch(base).catch((error) => String(error.cause?.code)) };
  if (way === 'unread') return { status: (await fetch(url)).status };
  if (way === 'late') { setTimeout(() => fetch(url), 5).unref(); return {}; }
  if (way === 'many') { for (let i = 0; i < n; i += 1) await fetch(url, { method: 'HEAD' }); return {}; }
  const answer = await fetch(url, { method: 'POST', body: 'body ' + n, headers: own });
  return { text: await answer.text() };
}`;

const STORE = `
import { MongoClient, ObjectId } from 'mongodb';
const client = new MongoClient(process.env.DATABASE_URI);
const tasks = client.db('MozaiksCore').collection('tasks');
export async function execute({ action, user_id, n, password }) {
  if (action === 'fill') return { added: (await tasks.insertMany(Array.from({ length: n }, (_, i) => ({ user_id, i })))).insertedCount };
  if (action === 'all') return { found: (await tasks.find({ user_id }, { batchSize: 2 }).toArray()).length };
  if (action === 'bad') return { refused: await tasks.find({ $bad: 1 }).toArray().catch(({ code }) => code) };
  if (action === 'secret') return { found: await tasks.countDocuments({ password, _id: new ObjectId() }) };
  await tasks.updateOne({ user_id, n }, { $set: { seen: true } }, { upsert: true });
  const one = await tasks.findOne({ user_id, n });
  return { n: one.n };
}`;

interface Received {
  readonly url: string;
  readonly traceparent: string | undefined;
}

/** More than any buffer on the way holds, where nobody reads it. */
function bodyOf(url = ''): string {
  return url.startsWith('/unread') ? 'x'.repeat(8 * 1024 * 1024) : `answer ${url}`;
}

const received: Received[] = [];
const other = createServer((request, response) => {
  received.push({ url: request.url ?? '', traceparent: request.headers.traceparent?.toString() });
  request.resume().on('end', () => response.end(request.method === 'HEAD' ? undefined : bodyOf(request.url)));
});
let base = '';
let runtime: TestRuntime;
const cleanUp = cleanUpAfterAll();
const withDriver = (one: TestRuntime) =>
  symlink(join(projectRoot, 'node_modules'), join(one.plugins, '../node_modules'));

beforeAll(async () => {
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  runtime = await startRuntime({ cleanUp, start: false });
  await withDriver(runtime);
  await runtime.write('caller', { 'logic.mjs': CALLER });
  await runtime.write('store', { 'logic.mjs': STORE });
  await runtime.runtime.start();
});
afterAll(async () => {
  other.closeAllConnections();
  await new Promise((resolve) => other.close(resolve));
});

/** The trace of one call, by the id in its answer. */
async function traceOf(plugin: string, body: object, { on = runtime, user = 'ada' } = {}): Promise<Trace> {
  const { headers, text } = await on.execute(plugin, body, bearer(localToken({ sub: user })));
  const id = headers.get('traceparent')?.split('-')[2] ?? '';
  const trace = on.runtime.traces.get(id);
  if (trace === undefined) throw new Error(`no trace ${id} of ${text}`);
  return trace;
}

const ended = { startMs: expect.any(Number), durationMs: expect.any(Number), error: null };

describe('requests of a call', () => {
  it.each(['fetch', 'http'])('by %s are children of its trace', async (way) => {
    const { children } = await traceOf('caller', { base, way, n: 7 });
    const url = `${base}/${way}?n=7`;
    const sizes = { requestBytes: 6, responseBytes: Buffer.byteLength(`answer /${way}?n=7`) };
    const request = { kind: 'http', method: 'POST', url, status: 200, ...sizes, carriesUserJwt: false };
    expect(children).toEqual([{ ...request, ...ended }]);
  });

  it('by a function that was imported by its name are seen as well', async () => {
    const { children } = await traceOf('caller', { base, way: 'get', n: 1 });
    expect(children).toMatchObject([{ method: 'GET', url: `${base}/get?n=1`, status: 200 }]);
  });

  it('say whether they carry the caller’s token', async () => {
    const { children } = await traceOf('caller', { base, way: 'jwt', n: 1 });
    expect(children).toMatchObject([{ carriesUserJwt: true }]);
  });

  it('carry the call’s trace context, unless the plugin set one', async () => {
    for (const way of ['fetch', 'http']) {
      const trace = await traceOf('caller', { base, way, n: 'context' });
      const own = `00-${trace.traceId}-${trace.id}-01`;
      expect(received.findLast(({ url }) => url === `/${way}?n=context`)?.traceparent).toBe(own);
      const headers = { traceparent: 'mine' };
      await traceOf('caller', { base, way, n: 'own', headers });
      expect(received.findLast(({ url }) => url === `/${way}?n=own`)?.traceparent).toBe('mine');
    }
  });

  it('that nobody answers say why', async () => {
    const { children, response } = await traceOf('caller', {
      base: `http://127.0.0.1:${await pickFreePort()}`,
      way: 'refused',
    });
    expect(children).toMatchObject([{ status: null, error: expect.stringMatching(/ECONNREFUSED/) }]);
    expect(response?.body?.json).toMatchObject({ detail: 'ECONNREFUSED' });
  });

  it('whose body is never read are there all the same', async () => {
    const { children } = await traceOf('caller', { base, way: 'unread', n: 1 });
    expect(children).toMatchObject([{ status: 200, error: null }]);
  });

  it('that begin after its end belong to nobody', async () => {
    expect(await traceOf('caller', { base, way: 'late', n: 1 })).not.toHaveProperty(
      'children',
      expect.anything(),
    );
    await expect.poll(() => received.some(({ url }) => url === '/late?n=1')).toBe(true);
    const after = await traceOf('caller', { base, way: 'fetch', n: 2 });
    expect(after.children).toHaveLength(1);
  });

  it('beyond two hundred are only counted', async () => {
    const { children, droppedChildren } = await traceOf('caller', { base, way: 'many', n: 203 });
    expect([children?.length, droppedChildren]).toEqual([200, 3]);
  });
});

describe('database commands of a call', () => {
  it('are children of its trace, with what they are about', async () => {
    await traceOf('store', { action: 'fill', n: 5 }, { user: 'bea' });
    const { children, response } = await traceOf('store', { n: 3 }, { user: 'bea' });
    expect(response?.body?.json).toEqual({ n: 3 });
    const common = { kind: 'database', database: 'MozaiksCore', collection: 'tasks', documents: 1, ...ended };
    const updates = '[{"q":{"user_id":"bea","n":3},"u":{"$set":{"seen":true}},"upsert":true}]';
    expect(children).toEqual([
      { ...common, command: 'update', filter: updates },
      { ...common, command: 'find', filter: '{"user_id":"bea","n":3}' },
    ]);
  });

  it('that fetch the rest of an answer are one with it', async () => {
    await traceOf('store', { action: 'fill', n: 5 }, { user: 'cleo' });
    const { children } = await traceOf('store', { action: 'all' }, { user: 'cleo' });
    expect(children).toMatchObject([{ command: 'find', documents: 5, filter: '{"user_id":"cleo"}' }]);
  });

  it('that fail say why', async () => {
    const { children } = await traceOf('store', { action: 'bad' });
    expect(children).toMatchObject([{ command: 'find', error: expect.stringMatching(/\$bad/) }]);
  });

  it('P5: show no secret', async () => {
    const { children } = await traceOf('store', { action: 'secret', password: 'opaque' });
    expect(children?.[0]).toMatchObject({
      command: 'aggregate',
      filter: expect.stringContaining('(masked)'),
    });
    expect(JSON.stringify(children)).not.toContain('opaque');
  });
});

it('calls at the same time have their own children alone', async () => {
  const users = Array.from({ length: 8 }, (_, n) => `user_${n}`);
  const traces = await Promise.all(
    users.flatMap((user, n) => [
      traceOf('store', { n }, { user }),
      traceOf('caller', { base, way: n % 2 === 0 ? 'fetch' : 'http', n }, { user }),
    ]),
  );
  const filters = traces.map(({ children = [] }) =>
    children.map((child) => (child.kind === 'http' ? child.url.slice(base.length) : child.filter)),
  );
  expect(filters).toEqual(
    users.flatMap((user, n) => [
      [expect.stringContaining(`"user_id":"${user}","n":${n}`), `{"user_id":"${user}","n":${n}}`],
      [`/${n % 2 === 0 ? 'fetch' : 'http'}?n=${n}`],
    ]),
  );
});

describe('the setting', () => {
  it('off: nothing is hooked in, and no trace has children', async () => {
    const source =
      "import http from 'node:http'; export const execute = async ({ base }) => ({ name: http.request.name, status: (await fetch(base)).status });";
    const plugins = { plain: { 'logic.mjs': source } };
    const off = await startRuntime({ plugins, env: { MOZAIKS_CHILD_SPANS: 'off' } });
    const trace = await traceOf('plain', { base }, { on: off });
    expect(trace.response?.body?.json).toEqual({ name: 'request', status: 200 });
    expect(trace).not.toHaveProperty('children', expect.anything());
    expect(received.at(-1)?.traceparent).toBeUndefined();
  });

  it('bodies: those of requests are recorded, and the plugin still gets them whole', async () => {
    const on = await startRuntime({
      plugins: { caller: { 'logic.mjs': CALLER } },
      env: { MOZAIKS_CHILD_SPANS: 'bodies' },
    });
    for (const way of ['fetch', 'http']) {
      const { children, response } = await traceOf('caller', { base, way, n: 4 }, { on });
      const text = `answer /${way}?n=4`;
      expect(response?.body?.json).toEqual({ text });
      expect(children).toMatchObject([{ requestBody: 'body 4', responseBody: text }]);
    }
  });
});
