import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Trace } from '../../../main/contract/trace.ts';
import { pickFreePort } from '../../../main/system/ports.ts';
import { cleanUpAfterAll } from '../../support/clean-up.ts';
import { DEBIAN_PYTHON, skippable, whyWithout } from '../../support/debian-python.ts';
import { startRuntime, type TestRuntime } from '../../support/runtime.ts';
import { bearer, localToken } from '../../support/tokens.ts';
import { startBare } from './bare-process.ts';

/** What traces of Python plugins have of the requests and database commands of each call, in real processes. */

const CALLER = `
import asyncio, json, threading, urllib.request
started = []

def by_urllib(url, body, headers):
    request = urllib.request.Request(url, data=body, headers=headers)
    with urllib.request.urlopen(request) as answer:
        return answer.read().decode()

def by_requests(url, body, headers):
    import requests
    return requests.request("POST" if body else "GET", url, data=body, headers=headers).text

def by_httpx(url, body, headers):
    import httpx
    return httpx.request("POST" if body else "GET", url, content=body, headers=headers).text

async def by_httpx_async(url, body, headers):
    import httpx
    async with httpx.AsyncClient() as client:
        answer = await client.request("POST" if body else "GET", url, content=body, headers=headers)
    if "traceparent" in answer.request.headers and "traceparent" not in headers:
        raise AssertionError("its request was changed")
    return answer.text

async def by_aiohttp(url, body, headers):
    import aiohttp
    async with aiohttp.ClientSession() as session:
        async with session.request("POST" if body else "GET", url, data=body, headers=headers) as answer:
            return await answer.text()

def parts():
    started.append(True)
    yield b"part"

def in_thread(work):
    found = []
    thread = threading.Thread(target=lambda: found.append(work()))
    thread.start()
    thread.join()
    return found[0]

async def execute(data):
    way, headers = data["way"], dict(data.get("headers", {}))
    url = f"{data['base']}/{data.get('path', way)}?n={data.get('n')}"
    if data.get("jwt"):
        headers["Authorization"] = f"Bearer {data['user_jwt']}"
    body = data["body"].encode() if "body" in data else None
    if way == "unfinished":
        asyncio.get_running_loop().run_in_executor(None, by_urllib, url, parts(), {})
        while not started:
            await asyncio.sleep(0)
        return {}
    if way in ("thread", "executor", "to_thread"):
        work = lambda: by_urllib(url, body, headers)
        if way == "thread":
            return {"text": in_thread(work)}
        if way == "to_thread":
            return {"text": await asyncio.to_thread(work)}
        return {"text": await asyncio.get_running_loop().run_in_executor(None, work)}
    try:
        sent = globals()[f"by_{way}"](url, body, headers)
        return {"text": await sent if asyncio.iscoroutine(sent) else sent}
    except AssertionError:
        raise
    except Exception as error:
        return {"failed": type(error).__name__}
`;

const STORE = `
import os
from bson import ObjectId
from motor.motor_asyncio import AsyncIOMotorClient
tasks = AsyncIOMotorClient(os.environ["DATABASE_URI"])["MozaiksCore"]["tasks"]

async def execute(data):
    action, user_id, n = data.get("action"), data["user_id"], data.get("n")
    mine = {"user_id": user_id}
    if action == "fill":
        added = await tasks.insert_many([{**mine, "i": i} for i in range(n)])
        return {"added": len(added.inserted_ids)}
    if action == "all":
        return {"found": len(await tasks.find(mine, batch_size=2).to_list(None))}
    if action == "first":
        async for document in tasks.find(mine, batch_size=2):
            return {"first": document["i"]}
    if action == "bad":
        try:
            await tasks.find({"$bad": 1}).to_list(None)
        except Exception as error:
            return {"code": error.code}
    if action == "twice":
        await tasks.insert_one({"_id": user_id})
        try:
            await tasks.insert_one({"_id": user_id})
        except Exception as error:
            return {"code": error.code}
    if action == "secret":
        return {"found": await tasks.count_documents({"password": data["password"], "_id": ObjectId()})}
    if action == "long":
        return {"found": await tasks.count_documents({**mine, "text": {"$in": ["é" * 300] * 1000}})}
    await tasks.update_one({**mine, "n": n}, {"$set": {"seen": True}}, upsert=True)
    return {"n": (await tasks.find_one({**mine, "n": n}))["n"]}
`;

interface Received {
  readonly url: string;
  readonly traceparent: string | undefined;
}
const received: Received[] = [];
const other = createServer((request, response) => {
  const { url = '' } = request;
  received.push({ url, traceparent: request.headers.traceparent?.toString() });
  if (url.startsWith('/never')) return;
  request.resume().on('end', () => {
    if (url.startsWith('/chunked')) response.write('in ');
    response.end(url.startsWith('/chunked') ? 'parts' : `answer ${url}`);
  });
});
let base = '';
let runtime: TestRuntime;
const cleanUp = cleanUpAfterAll();

beforeAll(async () => {
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  runtime = await startRuntime({
    cleanUp,
    plugins: { caller: { 'logic.py': CALLER }, store: { 'logic.py': STORE }, reader: { 'logic.py': READER } },
    env: { MOZAIKS_PYTHON: DEBIAN_PYTHON },
  });
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
const answerOf = ({ response }: Trace) => response?.body?.json;

const ended = { startMs: expect.any(Number), durationMs: expect.any(Number), error: null };

const LIBRARIES = [
  ['urllib', 'urllib.request', 'python3'],
  ['requests', 'requests', 'python3-requests'],
  ['httpx', 'httpx', 'python3-httpx'],
  ['httpx_async', 'httpx', 'python3-httpx'],
  ['aiohttp', 'aiohttp', 'python3-aiohttp'],
] as const;
const without = (module: string, name: string) => whyWithout([module], [name]);

describe.each(LIBRARIES.map(([way, module, name]) => ({ way, reason: without(module, name) })))(
  'requests by $way',
  ({ way, reason }) => {
    it.skipIf(reason !== null)(skippable('are children of its trace', reason), async () => {
      const trace = await traceOf('caller', { base, way, n: 7, body: 'body 7', jwt: true });
      const url = `${base}/${way}?n=7`;
      const sizes = { requestBytes: 6, responseBytes: Buffer.byteLength(`answer /${way}?n=7`) };
      const request = { kind: 'http', method: 'POST', url, status: 200, ...sizes, carriesUserJwt: true };
      expect(answerOf(trace)).toEqual({ text: `answer /${way}?n=7` });
      expect(trace.children).toEqual([{ ...request, ...ended }]);
      expect(received.at(-1)?.traceparent).toBe(`00-${trace.traceId}-${trace.id}-01`);
    });

    it.skipIf(reason !== null)(skippable('of which no length is told', reason), async () => {
      const headers = { traceparent: 'mine' };
      const trace = await traceOf('caller', { base, way, path: 'chunked', headers });
      expect(answerOf(trace)).toEqual({ text: 'in parts' });
      const sizes = { requestBytes: 0, responseBytes: 8 };
      expect(trace.children).toMatchObject([{ method: 'GET', status: 200, ...sizes, carriesUserJwt: false }]);
      expect(received.at(-1)?.traceparent).toBe('mine');
    });

    it.skipIf(reason !== null)(skippable('that nobody answers', reason), async () => {
      const trace = await traceOf('caller', { base: `http://127.0.0.1:${await pickFreePort()}`, way });
      expect(answerOf(trace)).toEqual({ failed: expect.stringMatching(/Error$/) });
      const error = expect.stringMatching(/refused|Cannot connect|connection attempts failed/i);
      expect(trace.children).toMatchObject([{ status: null, responseBytes: null, error }]);
    });
  },
);

describe('requests of a call', () => {
  it.each(['thread', 'executor', 'to_thread'])('from a thread, by %s, are its own', async (way) => {
    const { children } = await traceOf('caller', { base, way, n: 1 });
    expect(children).toMatchObject([{ url: `${base}/${way}?n=1`, status: 200 }]);
  });

  it('that are still running at its end say so', async () => {
    const { children } = await traceOf('caller', { base, way: 'unfinished', path: 'never' });
    expect(children).toMatchObject([{ status: null, error: 'it was still running when the call ended' }]);
  });

  it('that hold its event loop are told when it is to end: its process may be killed', async () => {
    const { messages, send } = await startBare(CALLER, { childSpans: 'on' });
    const json = JSON.stringify({ base, way: 'urllib', path: 'never', n: 'stuck' });
    send({ type: 'call', id: 1, json, deadline: 0 });
    await expect.poll(() => received.some(({ url }) => url === '/never?n=stuck')).toBe(true);
    send({ type: 'cancel', id: 1 });
    await expect
      .poll(() => messages)
      .toContainEqual(
        expect.objectContaining({ type: 'child', error: 'it was still running when the call ended' }),
      );
    expect(messages).not.toContainEqual(expect.objectContaining({ type: 'cancelling' }));
  });
});

const withoutMotor = whyWithout(['motor'], ['python3-motor']);

describe.skipIf(withoutMotor !== null)(skippable('database commands of a call', withoutMotor), () => {
  it('are children of its trace, with what they are about', async () => {
    const { children } = await traceOf('store', { n: 3 }, { user: 'bea' });
    const common = { kind: 'database', database: 'MozaiksCore', collection: 'tasks', documents: 1, ...ended };
    const updates = expect.stringMatching(
      /^\[\{"q":\{"user_id":"bea","n":3\},"u":\{"\$set":\{"seen":true\}\}/,
    );
    expect(children).toEqual([
      { ...common, command: 'update', filter: updates },
      { ...common, command: 'find', filter: '{"user_id":"bea","n":3}' },
    ]);
  });

  it('that fetch the rest of an answer are one with it, also where nobody does', async () => {
    await traceOf('store', { action: 'fill', n: 5 }, { user: 'cleo' });
    const find = { command: 'find', filter: '{"user_id":"cleo"}', error: null };
    const all = await traceOf('store', { action: 'all' }, { user: 'cleo' });
    expect(all.children).toMatchObject([{ ...find, documents: 5 }]);
    const first = await traceOf('store', { action: 'first' }, { user: 'cleo' });
    expect(first.children).toMatchObject([{ ...find, documents: 2 }]);
  });

  it('that fail say why, also where only a write did', async () => {
    const bad = await traceOf('store', { action: 'bad' });
    expect(bad.children).toMatchObject([{ command: 'find', error: expect.stringMatching(/\$bad/) }]);
    const twice = await traceOf('store', { action: 'twice' });
    expect(answerOf(twice)).toEqual({ code: 11_000 });
    expect(twice.children).toMatchObject([
      { command: 'insert', error: null },
      { command: 'insert', error: expect.stringMatching(/^E11000 duplicate key/) },
    ]);
  });

  it('P5: show no secret, and are shortened inside', async () => {
    const { children = [] } = await traceOf('store', { action: 'secret', password: 'opaque' });
    expect(children).toMatchObject([{ command: 'aggregate', filter: expect.stringContaining('(masked)') }]);
    expect(JSON.stringify(children)).not.toContain('opaque');
    const long = await traceOf('store', { action: 'long' });
    const filter = long.children?.[0]?.kind === 'database' ? (long.children[0].filter ?? '') : '';
    expect(filter.length).toBeLessThanOrEqual(4 * 1024);
    expect(JSON.parse(filter)[0].$match.user_id).toBe('ada');
  });

  it('of calls at the same time belong to one each, and their requests, too', async () => {
    const users = Array.from({ length: 8 }, (_, n) => `user_${n}`);
    const ways = ['urllib', 'executor', 'to_thread', 'thread'] as const;
    const wayOf = (n: number) => ways[n % ways.length];
    const traces = await Promise.all(
      users.flatMap((user, n) => [
        traceOf('store', { n }, { user }),
        traceOf('caller', { base, way: wayOf(n), n }, { user }),
      ]),
    );
    const found = traces.map(({ children = [] }) =>
      children.map((child) => (child.kind === 'http' ? child.url.slice(base.length) : child.filter)),
    );
    expect(found).toEqual(
      users.flatMap((user, n) => [
        [expect.stringContaining(`"user_id":"${user}","n":${n}`), `{"user_id":"${user}","n":${n}}`],
        [`/${wayOf(n)}?n=${n}`],
      ]),
    );
  });
});

/** All ways of reading an answer, and of failing at it. */
const READER = `
import http.client, socket, urllib.error, urllib.request

def connect(base):
    return http.client.HTTPConnection(base.removeprefix("http://"), timeout=5)

def attempt(work):
    try:
        return work()
    except Exception as error:
        return f"{type(error).__name__}: {error}"

def read_in_parts(answer):
    part = bytearray(4)
    count = answer.readinto(part)
    return [bytes(part[:count]).decode(), answer.read(2).decode(), answer.readline().decode(), answer.read().decode(), answer.read().decode()]

def never(base):
    connection = http.client.HTTPConnection(base.removeprefix("http://"), timeout=0.05)
    connection.request("GET", "/never")
    return connection.getresponse()

def twice(connection):
    found = []
    for path in ("/chunked", "/plain"):
        connection.request("GET", path)
        answer = connection.getresponse()
        found += [answer.status, read_in_parts(answer), answer.isclosed()]
    return found

def unread(connection):
    connection.request("GET", "/plain")
    return attempt(lambda: connection.request("GET", "/plain") or connection.getresponse() and connection.getresponse())

def execute(data):
    base = data["base"]
    def head():
        request = urllib.request.Request(base + "/head", method="HEAD")
        with urllib.request.urlopen(request) as answer:
            return [answer.status, answer.read().decode()]
    return {
        "twice": twice(connect(base)),
        "unread": unread(connect(base)),
        "lines": [line.decode() for line in urllib.request.urlopen(base + "/chunked")],
        "head": attempt(head),
        "never": attempt(lambda: never(base)),
        "refused": attempt(lambda: urllib.request.urlopen("http://127.0.0.1:1/").status),
        "wrong": attempt(lambda: connect(base).getresponse(buffering=True)),
        "bad": attempt(lambda: connect(base).request("GET", "/a b")),
    }
`;

describe('the setting', () => {
  const START = `import sys
async def execute(data):
    import http.client, urllib.request
    name = http.client.HTTPConnection.putrequest.__code__.co_filename
    with urllib.request.urlopen(data["base"]) as answer:
        own = sorted(name for name in sys.modules if name.startswith("mozaiks_host_spans_"))
        return {"status": answer.status, "is_own": name == http.client.__file__, "own": own}
`;

  it('off: nothing is hooked in, and no trace has children', async () => {
    const env = { MOZAIKS_CHILD_SPANS: 'off' };
    const plugins = { plain: { 'logic.py': START }, reader: { 'logic.py': READER } };
    const off = await startRuntime({ plugins, env });
    const trace = await traceOf('plain', { base }, { on: off });
    expect(answerOf(trace)).toEqual({ status: 200, is_own: true, own: [] });
    expect(trace).not.toHaveProperty('children', expect.anything());
    expect(received.at(-1)?.traceparent).toBeUndefined();
    const seen = answerOf(await traceOf('reader', { base }, { on: off }));
    expect(seen).toMatchObject({
      unread: 'CannotSendRequest: Request-sent',
      never: 'TimeoutError: timed out',
    });
    expect(answerOf(await traceOf('reader', { base }))).toEqual(seen);
  });

  it('bodies: those of requests are recorded, and the plugin still gets them whole', async () => {
    const env = { MOZAIKS_CHILD_SPANS: 'bodies', MOZAIKS_PYTHON: DEBIAN_PYTHON };
    const on = await startRuntime({ plugins: { caller: { 'logic.py': CALLER } }, env });
    for (const [way, module, name] of LIBRARIES) {
      if (without(module, name) !== null) continue;
      const trace = await traceOf('caller', { base, way, n: 4, body: '{"password":"opaque"}' }, { on });
      const text = `answer /${way}?n=4`;
      expect(answerOf(trace)).toEqual({ text });
      const requestBody = expect.stringMatching(/^\{"password":"\(masked/);
      expect(trace.children).toMatchObject([{ requestBody, responseBody: text }]);
    }
  });
});
