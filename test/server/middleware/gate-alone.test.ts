import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import Koa from 'koa';
import { expect, it } from 'vitest';
import { WorkbenchError } from '../../../main/contract/errors.ts';
import { gate } from '../../../main/server/middleware/gate.ts';
import { Refusals } from '../../../main/server/refusals.ts';
import type { ServerState } from '../../../main/server/state.ts';
import { createRedactor } from '../../../main/traces/record/redact.ts';

/** The gate without a server: what it says, counts and hands on. On the wire it is in gate.test.ts. */

const PAGE = 'http://localhost:5173';
const HOST = '127.0.0.1:8080';

/** Sends one request through it. */
async function pass(
  method: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  refusals: Refusals | null = new Refusals(createRedactor([])),
) {
  const request = new IncomingMessage(new Socket());
  Object.assign(request, { method, url });
  const all = { host: HOST, ...headers };
  request.rawHeaders.push(...Object.entries(all).flat());
  Object.assign(request.headers, all);
  const response = new ServerResponse(request);
  const ctx = new Koa<ServerState>().createContext<ServerState>(request, response);
  const config = { allowedHosts: [], corsOrigins: [PAGE] };
  const deps = { config, address: () => ({ host: '127.0.0.1', port: 8080 }) };
  const middleware = gate(refusals === null ? deps : { ...deps, refusals });
  let isLetIn = false;
  const said = await middleware(ctx, async () => {
    isLetIn = true;
  }).then(
    () => null,
    (error: unknown) => {
      if (!(error instanceof WorkbenchError)) throw error;
      return `${error.code}: ${error.message}`;
    },
  );
  return {
    isLetIn,
    said,
    status: ctx.status,
    headers: response.getHeaders(),
    state: ctx.state,
    refused: refusals?.view(),
  };
}

it('lets a request in, says how long that took, and that answers differ by origin', async () => {
  const before = performance.now();
  const { isLetIn, said, headers, state, refused } = await pass('POST', '/a', { origin: PAGE });
  expect([isLetIn, said]).toEqual([true, null]);
  expect(headers).toEqual({
    vary: 'Origin',
    'access-control-allow-origin': PAGE,
    'access-control-expose-headers': 'X-Mozaiks-Runtime-Version, traceparent',
  });
  const { from = 0, durationMs = -1 } = state.gate ?? {};
  expect(from).toBeGreaterThanOrEqual(before);
  expect(durationMs).toBeGreaterThanOrEqual(0);
  expect(from + durationMs).toBeLessThanOrEqual(performance.now());
  expect(refused?.count).toBe(0);
});

it('H4: gives a program, which sends no origin, no header that lets a page read', async () => {
  expect(await pass('GET', '/a', {})).toMatchObject({ isLetIn: true, headers: { vary: 'Origin' } });
  expect((await pass('GET', '/a', {})).headers).not.toHaveProperty('access-control-allow-origin');
});

it('counts what it refuses, with the reason, and hands nothing on', async () => {
  const { isLetIn, said, headers, state, refused } = await pass('POST', '/a?b', {
    origin: 'https://evil.com',
  });
  expect(isLetIn).toBe(false);
  expect(said).toMatch(/^FORBIDDEN: Origin "https:\/\/evil.com" is not allowed/);
  expect(headers).toEqual({ vary: 'Origin' });
  expect(state.gate).toBeUndefined();
  expect(refused).toMatchObject({
    count: 1,
    latest: [{ method: 'POST', path: '/a?b', reason: said?.replace('FORBIDDEN: ', '') }],
  });
});

it('refuses in the same words where nobody counts, as at the development issuer', async () => {
  const counted = await pass('GET', '/a', { origin: 'null' });
  const uncounted = await pass('GET', '/a', { origin: 'null' }, null);
  expect(uncounted).toEqual({ ...counted, refused: undefined });
});

it.each<[Readonly<Record<string, string>>, string | null]>([
  [{ upgrade: 'WebSocket' }, 'BAD_REQUEST: Upgrade to "WebSocket" is not supported'],
  [{ upgrade: 'x'.repeat(41) }, `BAD_REQUEST: Upgrade to "${'x'.repeat(40)}" is not supported`],
  [{ upgrade: 'H2C' }, null],
  [{ expect: 'Wonders' }, 'BAD_REQUEST: Expect "Wonders" is not supported'],
  [{ expect: 'x'.repeat(41) }, `BAD_REQUEST: Expect "${'x'.repeat(40)}" is not supported`],
  [{ expect: '100-Continue' }, null],
])('H10: to %j it says %j', async (headers, said) => {
  expect(await pass('GET', '/health', headers)).toMatchObject({ said, isLetIn: said === null });
});

it.each<[string, Readonly<Record<string, string>>, boolean]>([
  ['OPTIONS', { origin: PAGE, 'access-control-request-method': 'POST' }, true],
  ['POST', { origin: PAGE, 'access-control-request-method': 'POST' }, false],
  ['OPTIONS', { 'access-control-request-method': 'POST' }, false],
  ['OPTIONS', { origin: PAGE }, false],
])('H4: %s with %j: it answers itself: %s', async (method, headers, isPreflight) => {
  const answer = await pass(method, '/a', headers);
  expect(answer.isLetIn).toBe(!isPreflight);
  expect(answer.headers['access-control-allow-methods']).toBe(
    isPreflight ? 'GET, POST, DELETE, OPTIONS' : undefined,
  );
  expect(answer.status).toBe(isPreflight ? 204 : 200);
});

it.each<[string, boolean]>([
  ['/__inspector', true],
  ['/__inspector/x', true],
  ['/__inspectorx', false],
  ['/x/__inspector/', false],
])('the page of %s is the runtime’s own: %s', async (path, isOwn) => {
  expect((await pass('GET', path, { origin: `http://${HOST}` })).isLetIn).toBe(isOwn);
  expect((await pass('GET', path, { origin: PAGE })).isLetIn).toBe(!isOwn);
});
