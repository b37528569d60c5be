import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { createAuthenticator } from '../../main/auth/authenticator.ts';
import { APP, external, goodExternal, keySet, NOW, rsaKey, rsaToken, serveKeys } from './signing.ts';

/** One key pair is enough for most; making them costs. */
const key = rsaKey('first');
const other = rsaKey('second');

const MINUTE = 60_000;

async function start(answer: Parameters<typeof serveKeys>[0]) {
  const keys = await serveKeys(answer);
  const clock = { now: NOW };
  const authenticator = createAuthenticator(external(keys.url), APP, { now: () => clock.now });
  /** Claims of the clock's moment, so that time may pass. */
  const claims = () => ({ ...goodExternal, exp: Math.floor(clock.now / 1000) + 600 });
  const ask = async (token: string) => {
    const answer = await authenticator.authenticate([`Bearer ${token}`]);
    return answer.ok ? 'accepted' : answer.detail;
  };
  const reason = async (token: string) => {
    const { steps } = await authenticator.inspectToken(token);
    return steps.find(({ verdict }) => verdict === 'failed')?.detail ?? '';
  };
  return { keys, clock, authenticator, ask, reason, claims };
}

const UNAVAILABLE = "Signing keys can't be fetched from the identity provider";

it('keys are fetched once, no matter who asks first', async () => {
  const { keys, ask } = await start(keySet(key.jwk));
  expect(keys.requests).toBe(0);
  const answers = await Promise.all(Array.from({ length: 50 }, () => ask(rsaToken(key))));
  expect(new Set(answers)).toEqual(new Set(['accepted']));
  expect(keys.requests).toBe(1);
});

it('a fetch that takes longer than the cooldown is still the only one', async () => {
  const waiting: (() => void)[] = [];
  const { keys, clock, ask, claims } = await start((request, response) => {
    waiting.push(() => keySet(key.jwk)(request, response));
  });
  const first = ask(rsaToken(key));
  await expect.poll(() => waiting.length).toBe(1);
  clock.now += 20_000;
  const second = ask(rsaToken(key, claims()));
  for (const release of waiting) release();
  expect(await Promise.all([first, second])).toEqual(['accepted', 'accepted']);
  expect(keys.requests).toBe(1);
});

it('J10: 200 tokens with random kids cost one fetch at most, and all are refused', async () => {
  const { keys, clock, ask } = await start(keySet(key.jwk));
  const forged = () => rsaToken(other, goodExternal, { kid: randomUUID() });
  const cold = await Promise.all(Array.from({ length: 200 }, () => ask(forged())));
  expect(new Set(cold)).toEqual(new Set(['Invalid token']));
  expect(keys.requests).toBe(1);
  clock.now += 10_000;
  for (let sent = 0; sent < 200; sent += 1) {
    clock.now += 5;
    expect(await ask(forged())).toBe('Invalid token');
  }
  expect(keys.requests).toBe(2);
});

it('J11: a rotated key is accepted within 10 s, the old one refused after the refresh', async () => {
  const { keys, clock, ask, claims } = await start(keySet(key.jwk));
  expect(await ask(rsaToken(key))).toBe('accepted');
  keys.answer = keySet(other.jwk);
  clock.now += 1000;
  expect(await ask(rsaToken(other, claims()))).toBe('Invalid token');
  clock.now += 9000;
  expect(await ask(rsaToken(other, claims()))).toBe('accepted');
  expect(await ask(rsaToken(key, claims()))).toBe('Invalid token');
  expect(keys.requests).toBe(2);
});

it('a withdrawn key is refused after ten minutes even if nobody shows a new one', async () => {
  const { keys, clock, ask, claims } = await start(keySet(key.jwk));
  expect(await ask(rsaToken(key))).toBe('accepted');
  keys.answer = keySet(other.jwk);
  clock.now += 9 * MINUTE;
  expect(await ask(rsaToken(key, claims()))).toBe('accepted');
  expect(keys.requests).toBe(1);
  clock.now += MINUTE;
  expect(await ask(rsaToken(key, claims()))).toBe('Invalid token');
});

it.each<[string, Parameters<typeof serveKeys>[0], string]>([
  ['500', (_request, response) => void response.writeHead(500).end('{"keys":[]}'), 'HTTP 500'],
  ['HTML', (_request, response) => void response.end('<html>'), 'the answer is not JSON'],
  ['no set', (_request, response) => void response.end('{"keys":{}}'), 'not a key set'],
  ['null', (_request, response) => void response.end('null'), 'not a key set'],
  ['101 keys', keySet(...Array.from({ length: 101 }, () => key.jwk)), 'more than 100 keys'],
  ['a cut answer', (request, response) => void response.write('{', () => request.socket.destroy()), ''],
])('J12: a key set that is %s refuses with the reason', async (_what, answer, why) => {
  const { keys, authenticator, ask, reason } = await start(answer);
  expect(await ask(rsaToken(key))).toBe(UNAVAILABLE);
  expect(await reason(rsaToken(key))).toContain(why);
  expect(authenticator.notices().join()).toContain(why);
  expect(keys.requests).toBe(1);
});

it.each<[string, Record<string, unknown>[]]>([
  ['nothing', []],
  ['a symmetric key', [{ kty: 'oct', k: 'c2VjcmV0', kid: 'first', alg: 'RS256' }]],
  ['a private key', [{ ...key.privateKey.export({ format: 'jwk' }), kid: 'first' }]],
  ['an encryption key', [{ ...key.jwk, use: 'enc' }]],
  ['no keys at all', [5, null, 'x'] as unknown as Record<string, unknown>[]],
])('a key set of %s withdraws the keys held before', async (_what, jwks) => {
  const { keys, clock, ask, reason, claims } = await start(keySet(key.jwk));
  expect(await ask(rsaToken(key))).toBe('accepted');
  keys.answer = keySet(...jwks);
  clock.now += 10 * MINUTE;
  expect(await ask(rsaToken(key, claims()))).toBe('Invalid token');
  expect(await reason(rsaToken(key, claims()))).toContain('no public signature key');
});

it('J12: a redirect is not followed', async () => {
  const target = await serveKeys(keySet(key.jwk));
  const { ask, reason } = await start((_request, response) => {
    response.writeHead(302, { location: target.url }).end();
  });
  expect(await ask(rsaToken(key))).toBe(UNAVAILABLE);
  expect(await reason(rsaToken(key))).toContain('redirects are not followed');
  expect(target.requests).toBe(0);
});

it('J12: 50 MB are cut off early', async () => {
  let sent = 0;
  const chunk = Buffer.alloc(64 * 1024, 'x');
  const { ask, reason } = await start((_request, response) => {
    const pour = () => {
      while (sent < 50 * 1024 * 1024 && !response.destroyed) {
        sent += chunk.length;
        if (!response.write(chunk)) {
          response.once('drain', pour);
          return;
        }
      }
      response.end();
    };
    pour();
  });
  expect(await ask(rsaToken(key))).toBe(UNAVAILABLE);
  expect(await reason(rsaToken(key))).toContain('larger than 256 KiB');
  expect(sent).toBeLessThan(25 * 1024 * 1024);
});

it('J12: nobody listens', async () => {
  const { keys, ask, reason } = await start(keySet(key.jwk));
  await keys.close();
  expect(await ask(rsaToken(key))).toBe(UNAVAILABLE);
  expect(await reason(rsaToken(key))).toContain('ECONNREFUSED');
});

it('J12: a server that never answers is given up after 5 s', async () => {
  const { ask, reason } = await start(() => {});
  expect(await ask(rsaToken(key))).toBe(UNAVAILABLE);
  expect(await reason(rsaToken(key))).toContain('no answer within 5 s');
});

it('J12: while it fails there is a fetch every 10 s at most; then it heals', async () => {
  const { keys, clock, authenticator, ask, claims } = await start((_request, response) => {
    response.writeHead(500).end();
  });
  for (let step = 0; step < 25; step += 1) {
    expect(await ask(rsaToken(key, claims()))).toBe(UNAVAILABLE);
    clock.now += 1000;
  }
  expect(keys.requests).toBe(3);
  keys.answer = keySet(key.jwk);
  clock.now += 10_000;
  expect(await ask(rsaToken(key, claims()))).toBe('accepted');
  expect(authenticator.notices()).toEqual([]);
});

it('keys held stay usable for 24 h while fetches fail, with a notice', async () => {
  const { keys, clock, authenticator, ask, claims } = await start(keySet(key.jwk));
  expect(await ask(rsaToken(key))).toBe('accepted');
  keys.answer = (_request, response) => void response.writeHead(503).end();
  clock.now += 12 * MINUTE;
  expect(await ask(rsaToken(key, claims()))).toBe('accepted');
  expect(authenticator.notices().join()).toMatch(
    /fetched 12 min ago: the last fetch from .* failed \(HTTP 503\)/,
  );
  clock.now = NOW + 24 * 60 * MINUTE;
  expect(await ask(rsaToken(key, claims()))).toBe('accepted');
  clock.now += MINUTE;
  expect(await ask(rsaToken(key, claims()))).toBe(UNAVAILABLE);
});

it('a provider that hangs doesn’t slow requests that held keys can answer', async () => {
  const { keys, clock, authenticator, ask, claims } = await start(keySet(key.jwk));
  expect(await ask(rsaToken(key))).toBe('accepted');
  keys.answer = (_request, response) => void response.writeHead(503).end();
  clock.now += 11 * MINUTE;
  expect(await ask(rsaToken(key, claims()))).toBe('accepted');
  const hanging: (() => void)[] = [];
  keys.answer = (_request, response) => void hanging.push(() => response.end());
  clock.now += MINUTE;
  expect(await ask(rsaToken(key, claims()))).toBe('accepted');
  await expect.poll(() => hanging.length).toBe(1);
  // Had the answer waited for the fetch, that one's failure would stand here.
  expect(authenticator.notices().join()).toContain('HTTP 503');
  for (const release of hanging) release();
});

it('a token without kid works while one key fits, not while several do', async () => {
  const { keys, clock, ask, reason, claims } = await start(keySet(key.jwk));
  const nameless = () => rsaToken(key, claims(), { kid: undefined });
  expect(await ask(nameless())).toBe('accepted');
  keys.answer = keySet(key.jwk, other.jwk);
  clock.now += 11 * MINUTE;
  expect(await ask(nameless())).toBe('Invalid token');
  expect(await reason(nameless())).toContain('several keys fit');
});

it('a key for another algorithm or a weak one never verifies', async () => {
  const weak = rsaKey('weak', 1024);
  const { ask } = await start(keySet(weak.jwk, { ...key.jwk, alg: 'RS512' }));
  expect(await ask(rsaToken(weak))).toBe('Invalid token');
  expect(await ask(rsaToken(key))).toBe('Invalid token');
});
