import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CLAUSES } from '../../main/conformance/clauses/clauses.ts';
import { rawExchange } from '../support/raw-socket.ts';
import { FAULTS } from '../support/stand-in/faults/faults.ts';
import { type StandIn, type StandInOptions, startStandIn } from '../support/stand-in/stand-in.ts';
import { checkTokens } from '../support/stand-in/tokens.ts';

/**
 * The stand-in by itself, against the contract's words: what judges the judge must be looked at without it.
 */

const VERSION = 'x-mozaiks-runtime-version';

async function standIn(options: StandInOptions = {}): Promise<StandIn> {
  const running = await startStandIn(options);
  onTestFinished(running.stop);
  return running;
}

interface Call {
  readonly method?: string;
  readonly token?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function call({ baseUrl }: StandIn, path: string, { method, token, body, headers }: Call = {}) {
  const response = await fetch(baseUrl + path, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: { ...headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, json: text === '' ? null : JSON.parse(text) };
}

const PROBE = '/api/execute/contract-probe';

describe('A stand-in', () => {
  it('carries the version on every answer, raw ones too', async () => {
    const running = await standIn();
    const answers = [
      await call(running, '/health'),
      await call(running, '/health', { method: 'HEAD' }),
      await call(running, '/nowhere'),
      await call(running, '/health', { method: 'DELETE' }),
      await call(running, '/api/plugins', { token: 'no.token' }),
      await call(running, PROBE, { body: '{"a":' }),
      await call(running, PROBE, { body: `"${'a'.repeat(30_000)}"` }),
      await call(running, PROBE, { body: '{"action":"error","message":"no"}' }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 404, 405, 401, 400, 413, 500]);
    expect(answers.map(({ headers }) => headers.get(VERSION))).toEqual(answers.map(() => '1.0.0'));
    const raw = await rawExchange(running.port, 'NONSENSE\r\n\r\n');
    expect([raw.status, raw.headers[VERSION]]).toEqual([400, '1.0.0']);
    const huge = `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(17_000)}\r\n\r\n`;
    const long = await rawExchange(running.port, huge);
    expect([long.status, long.headers[VERSION]]).toEqual([431, '1.0.0']);
  });

  it('hands a plugin what the client sent, and its own keys in place of the client’s', async () => {
    const running = await standIn();
    const { tokens } = checkTokens(running.issuer);
    const spoof = {
      user_id: 'evil',
      app_id: 'evil',
      user_jwt: 'evil',
      _entitlements: { tier: 'evil' },
      _context: { more: 'evil' },
      kept: [null],
    };
    const body = JSON.stringify(spoof);
    const { json } = await call(running, PROBE, { body, token: tokens.user ?? '' });
    const context = {
      app_id: 'stand_in_app',
      user_id: 'user-7',
      username: 'robin',
      roles: ['editor', 'user'],
      is_superadmin: false,
    };
    expect(json.received).toEqual({
      app_id: 'stand_in_app',
      user_id: 'user-7',
      kept: [null],
      _entitlements: {},
      _context: context,
    });
    expect(json.user_jwt_sha256).toBe(
      createHash('sha256')
        .update(tokens.user ?? '')
        .digest('hex'),
    );
    const anonymous = await call(running, PROBE, { body });
    expect(anonymous.json.user_jwt_sha256).toBeNull();
    expect(anonymous.json.received._context.user_id).toBe('dev-user');
  });

  it.each(['local', 'external'] as const)('refuses bad tokens in %s mode', async (mode) => {
    const running = await standIn({ mode });
    const { tokens } = checkTokens(running.issuer);
    const answered = Object.entries(tokens).map(async ([kind, token]) => [
      kind,
      (await call(running, '/api/plugins', { token })).status,
    ]);
    expect(Object.fromEntries(await Promise.all(answered))).toEqual({
      user: 200,
      superadmin: 200,
      nameless: 200,
      'odd-roles': 200,
      'odd-role-entries': 200,
      tampered: 401,
      'alg-none': 401,
      expired: 401,
      'no-expiry': 401,
      'no-subject': 401,
      'wrong-audience': mode === 'external' ? 401 : 200,
    });
    expect((await call(running, '/api/plugins')).status).toBe(mode === 'external' ? 401 : 200);
  });

  it.each([
    [{ MOZAIKS_PLUGIN_TIMEOUT_SECONDS: '0.2', PLUGIN_EXEC_TIMEOUT_S: '9' }, 0.2],
    [{ PLUGIN_EXEC_TIMEOUT_S: '0.3' }, 0.3],
  ])('ends calls after the seconds of %j', async (env, seconds) => {
    const running = await standIn({ env });
    const { status, json } = await call(running, PROBE, { body: '{"action":"sleep","seconds":20}' });
    expect([status, json]).toEqual([
      500,
      {
        detail: `Plugin execution timed out after ${seconds} seconds`,
        error_code: 'PLUGIN_TIMEOUT',
        status_code: 500,
      },
    ]);
  });

  it('names one origin and no other', async () => {
    const running = await standIn();
    const allowed = async (origin: string) =>
      (await call(running, '/health', { headers: { origin } })).headers.get('access-control-allow-origin');
    expect(await allowed('http://localhost:5173')).toBe('http://localhost:5173');
    expect(await allowed('http://localhost:5174')).toBeNull();
  });
});

it('has a fault of its own for every requirement', () => {
  const ids = CLAUSES.map(({ id }) => id).toSorted();
  expect(Object.keys(FAULTS).toSorted()).toEqual(ids);
  expect(new Set(Object.values(FAULTS).map(({ says }) => says)).size).toBe(ids.length);
});

it('shares no code with the runtime that it is a second opinion of', () => {
  const folder = join(import.meta.dirname, '../support/stand-in');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const ofProduct = names.flatMap((name) =>
    [...readFileSync(join(folder, name), 'utf8').matchAll(/^import (type )?.*'[./]*\/main\/(.+)';$/gm)]
      .filter(([, isType]) => isType === undefined)
      .map(([, , module]) => `${name}: ${module}`),
  );
  // Those run the checks, and are no part of the runtime.
  const checking = /^(check-target|judged|broken-table)\.ts: /;
  expect(names.length).toBeGreaterThan(15);
  expect(ofProduct.filter((line) => !checking.test(line))).toEqual([]);
  expect(ofProduct.filter((line) => checking.test(line))).not.toEqual([]);
});
