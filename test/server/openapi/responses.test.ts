import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDocumentStore, documentsFolder } from '../../../main/documents/store.ts';
import { createOpenapiCheck, type SeenAnswer } from '../../support/openapi-check.ts';
import { answersMet, takeFindings } from '../../support/openapi-witness.ts';
import { rawExchange, rawRequest } from '../../support/raw-socket.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { echo, stubEngine } from '../../support/stub-engine.ts';
import { localToken } from '../../support/tokens.ts';

/** Whether answers are what `/openapi.json` says, and whether the check that looks at every one is awake. */

async function checkOf({ baseUrl }: TestServer) {
  const document = (await (await fetch(`${baseUrl}/openapi.json`)).json()) as Record<string, unknown>;
  return { document, check: createOpenapiCheck(document) };
}

interface Servers {
  readonly usual: TestServer;
  /** Gives clients little time, and is never ready. */
  readonly hasty: TestServer;
}

const KEY = 'X-Internal-API-Key: an-internal-key';
/** What the subscription sync takes; to a plugin it is an object like any other. */
const SUBSCRIPTION = '{"userId":"u","plan":"pro","status":"active"}';
/** Has no room for what the action takes. */
const USED_UP = `
schema_version: "1.0"
plugin: echo
limits: { takes: { default: 0 } }
actions: { take: { consumes: { takes: 1 } } }
`;

/** How to meet each status: the bytes to send, and to which server. */
const WAYS: Readonly<
  Record<number, (method: string, target: string, servers: Servers) => readonly [TestServer, string]>
> = {
  200: (method, target, { usual }) => [usual, request(usual, method, target, [KEY], SUBSCRIPTION)],
  204: (method, target, { usual }) => [usual, request(usual, method, target)],
  400: (method, target, { usual }) => [usual, rawRequest(method, target, [])],
  401: (method, target, { usual }) => [usual, request(usual, method, target, ['Authorization: Bearer x'])],
  403: (method, target, { usual }) => [usual, rawRequest(method, target, ['Host: evil.example'])],
  404: (method, target, { usual }) => [usual, request(usual, method, target.replace('echo', 'nobody'))],
  408: (method, target, { hasty }) => [hasty, `${method} ${target} HTTP/1.1\r\nHost: `],
  413: (method, target, { usual }) => [usual, request(usual, method, target, [KEY], 'x'.repeat(101))],
  422: (method, target, { usual }) => [usual, request(usual, method, target, [KEY])],
  429: (method, target, { usual }) => [usual, request(usual, method, target, [], '{"action":"take"}')],
  431: (method, target, { usual }) => [
    usual,
    request(usual, method, target, [`A: ${'a'.repeat(17 * 1024)}`]),
  ],
  500: (method, target, { usual }) => [usual, request(usual, method, target, ['X-Break: yes'])],
  503: (method, target, { hasty }) => [hasty, request(hasty, method, target.replace('echo', 'ended'))],
};

/** Where a status needs another user, or another target, than the rest. */
const OTHER_WAYS: Readonly<Record<string, readonly [target: string, user: string]>> = {
  'POST /api/notifications/{id}/read 200': ['/api/notifications/n/read', 'reader'],
  'DELETE /api/notifications/{id} 200': ['/api/notifications/n', 'deleter'],
  'POST /api/notifications/mark-all-read 200': ['/api/notifications/mark-all-read', 'reads-all'],
  'POST /api/notifications/mark-all-read 404': ['/api/notifications/mark-all-read', 'nobody'],
  'GET /api/notifications 422': ['/api/notifications?limit=x', 'anybody'],
  'HEAD /api/notifications 422': ['/api/notifications?limit=x', 'anybody'],
};

async function notifyUsers({ config }: TestServer): Promise<void> {
  await createDocumentStore(documentsFolder(config)).update('users', (users) => {
    for (const user of ['reader', 'deleter', 'reads-all']) {
      users.push({ user_id: user, notifications: [{ id: 'n', read: false }] });
    }
  });
}

function request(
  { port }: TestServer,
  method: string,
  target: string,
  headers: readonly string[] = [],
  body = '{}',
) {
  return rawRequest(method, target, [`Host: 127.0.0.1:${port}`, ...headers], method === 'POST' ? body : '');
}

function asUser({ usual }: Servers, method: string, target: string, user: string): string {
  return request(usual, method, target, [`Authorization: Bearer ${localToken({ sub: user })}`]);
}

async function startServers(): Promise<Servers> {
  const engine = stubEngine({ echo, ended: () => ({ kind: 'aborted' }) });
  const usual = await startServer(engine, {
    env: { MAX_REQUEST_BODY_BYTES: '100', MONETIZATION: '1', INTERNAL_API_KEY: 'an-internal-key' },
    more: {
      inspector(ctx, next) {
        if (ctx.get('X-Break') === 'yes') throw new Error('a bug');
        return next();
      },
    },
  });
  const folder = join(usual.config.pluginsPath, 'echo');
  await mkdir(folder);
  await writeFile(join(folder, 'entitlements.yaml'), USED_UP);
  await notifyUsers(usual);
  const readiness = () => ({ ready: false, reason: 'The runtime is stopping' });
  const hasty = await startServer(engine, { limits: { headersTimeoutMs: 500 }, more: { readiness } });
  return { usual, hasty };
}

describe('every pair of operation and status in the document', () => {
  it('can be met, and is answered as described', async () => {
    const servers = await startServers();
    const { check } = await checkOf(servers.usual);
    expect(check.pairs.length).toBeGreaterThan(150);
    const exchanges = check.pairs.map(async (pair) => {
      const [method = '', template = '', status = ''] = pair.split(' ');
      const target = template.replace(/\{\w+\}/, 'echo');
      const way = WAYS[Number(status)];
      if (way === undefined) throw new Error(`no way to meet ${pair}`);
      const [asked, user] = OTHER_WAYS[pair] ?? [target];
      const [server, bytes] =
        user === undefined
          ? way(method, target, servers)
          : [servers.usual, asUser(servers, method, asked, user)];
      return check.judge({ method, target, ...(await rawExchange(server.port, bytes)) });
    });
    const judged = await Promise.all(exchanges);
    expect(judged.map(({ pair }) => pair)).toEqual(check.pairs);
    expect(judged.filter(({ findings }) => findings.length > 0)).toEqual([]);
    expect(servers.usual.log.errors.splice(0).length).toBeGreaterThan(20);
  });
});

const allowed: SeenAnswer = {
  method: 'GET',
  target: '/health?x=1',
  status: 200,
  headers: { 'x-mozaiks-runtime-version': '1.0.0', 'content-type': 'application/json; charset=utf-8' },
  body: '{"status":"healthy","app_id":"a","app_tier":"free","plugins_loaded":1}',
};
const withHeader = (name: string, value: string) => ({ headers: { ...allowed.headers, [name]: value } });
const error = (status: number, code: string, status_code = status) => ({
  status,
  body: JSON.stringify({ detail: 'x', error_code: code, status_code }),
});
const execute = {
  method: 'POST',
  target: '/api/execute/echo',
  ...withHeader('traceparent', `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`),
};

describe('the check', () => {
  it.each<[string, Partial<SeenAnswer>, RegExp | null]>([
    ['nothing wrong', {}, null],
    ['a key missing', { body: '{"status":"healthy","app_id":"a","app_tier":"free"}' }, /plugins_loaded/],
    ['a key too many', { body: allowed.body.replace('{', '{"x":1,') }, /additional properties/],
    ['another type', { body: allowed.body.replace(':1}', ':"1"}') }, /must be integer/],
    ['no JSON', { body: 'healthy' }, /is not JSON/],
    ['another content type', withHeader('content-type', 'text/plain'), /content type text\/plain/],
    ['an unknown status', { status: 201 }, /status 201 is not documented for GET \/health/],
    [
      'no version',
      { headers: { 'content-type': 'application/json' } },
      /X-Mozaiks-Runtime-Version is missing/,
    ],
    ['another version', withHeader('x-mozaiks-runtime-version', '1.0'), /must be equal to constant/],
    ['an unknown header', withHeader('x-powered-by', 'koa'), /x-powered-by is not documented/],
    [
      'a trace context where none is',
      withHeader('traceparent', '00-1-1-01'),
      /traceparent is not documented/,
    ],
    ['a body after HEAD', { method: 'HEAD' }, /a body where none/],
    ['an unknown path', { target: '/nothing', ...error(404, 'NOT_FOUND') }, null],
    ['an unknown path as 200', { target: '/nothing' }, /not documented for \(unrouted\)/],
    ['405 without Allow', { method: 'PUT', ...error(405, 'METHOD_NOT_ALLOWED') }, /Allow is missing/],
    ['a code of another status', error(403, 'NOT_FOUND'), /error_code must be equal/],
    ['a status_code that differs', error(403, 'FORBIDDEN', 401), /status_code must be equal/],
    ['a plugin’s own code', { ...execute, ...error(500, 'TASK_GONE') }, null],
    ['a plugin’s own code elsewhere', error(500, 'TASK_GONE'), /error_code must be equal/],
    ['a plugin’s error with 200', { ...execute, body: '{"error":"x"}' }, /must NOT be valid/],
    ['no trace context', { ...execute, headers: allowed.headers, body: '{}' }, /traceparent is missing/],
    ['401 without WWW-Authenticate', { target: '/api/plugins', ...error(401, 'UNAUTHORIZED') }, /WWW-Auth/],
    [
      'the other path’s shape',
      { ...execute, target: '/api/plugins/a/execute', ...error(404, 'NOT_FOUND') },
      /required property 'plugin'/,
    ],
  ])('sees %s', async (_title, change, finding) => {
    const { check } = await checkOf(await startServer(stubEngine({ echo })));
    const { findings } = check.judge({ ...allowed, ...change });
    if (finding === null) expect(findings).toEqual([]);
    else expect(findings.join('\n')).toMatch(finding);
  });
});

describe('the witness', () => {
  it('sees every answer of a runtime, no matter who asks', async () => {
    const { baseUrl, port } = await startServer(stubEngine({ echo }));
    const before = new Map(await answersMet());
    await (await fetch(`${baseUrl}/health`)).text();
    await rawExchange(port, 'garbage\r\n\r\n');
    await rawExchange(port, rawRequest('HEAD', '/health', [`Host: 127.0.0.1:${port}`]));
    const after = await answersMet();
    for (const pair of ['GET /health 200', '(unrouted) 400', 'HEAD /health 200']) {
      expect([pair, (after.get(pair) ?? 0) - (before.get(pair) ?? 0)]).toEqual([pair, 1]);
    }
    expect(await takeFindings()).toEqual([]);
  });

  it('finds an answer that the runtime’s own document does not allow', async () => {
    const { baseUrl } = await startServer(stubEngine({ echo }), {
      more: {
        async inspector(ctx, next) {
          if (ctx.path === '/health') ctx.body = { status: 'healthy' };
          else await next();
        },
      },
    });
    await (await fetch(`${baseUrl}/health`)).text();
    const findings = (await takeFindings()).join('\n');
    for (const key of ['app_id', 'app_tier', 'plugins_loaded']) {
      expect(findings).toContain(`GET /health 200: body must have required property '${key}'`);
    }
  });
});
