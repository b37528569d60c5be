import {
  createHmac,
  generateKeyPairSync,
  type KeyObject,
  type KeyPairKeyObjectResult,
  sign,
} from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import { onTestFinished } from 'vitest';
import { createAuthenticator } from '../../main/auth/authenticator.ts';
import type { AppSetting, ExternalAuthConfig, LocalAuthConfig } from '../../main/config/types.ts';
import type { CleanUp } from '../support/clean-up.ts';

/** Tokens made by hand, without the library that verifies them. */

export const SECRET = 'a-local-secret-of-more-than-32-bytes-0123';
export const APP: AppSetting = { appId: 'dev_app', origin: 'MOZAIKS_APP_ID (default)' };
/** All tests live at this moment; ms since the epoch. */
export const NOW = 1_800_000_000_000;
export const SECONDS = NOW / 1000;

export const local: LocalAuthConfig = {
  mode: 'local',
  secret: SECRET,
  algorithm: 'HS256',
  requireToken: false,
  leewaySeconds: 60,
  claims: { superadminRole: 'superadmin' },
};

export const external = (jwksUrl: string, more: Partial<ExternalAuthConfig> = {}): ExternalAuthConfig => ({
  mode: 'external',
  devIssuer: null,
  jwksUrl,
  issuer: 'https://issuer.test',
  audience: 'workbench',
  algorithms: ['RS256'],
  leewaySeconds: 60,
  claims: { superadminRole: 'superadmin' },
  ...more,
});

export const localAuthenticator = (more: Partial<LocalAuthConfig> = {}) =>
  createAuthenticator({ ...local, ...more }, APP, { now: () => NOW });

export const goodClaims = { sub: 'user-1', exp: SECONDS + 600 };
export const goodExternal = { ...goodClaims, iss: 'https://issuer.test', aud: 'workbench' };

export const encode = (text: string | Buffer) => Buffer.from(text).toString('base64url');

const json = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

/** A compact token; texts are taken as JSON already, so that what JSON.stringify can't say can be said. */
export function hmacToken(
  claims: unknown,
  header: unknown = { alg: 'HS256', typ: 'JWT' },
  { secret = SECRET, hash = 'sha256' }: { secret?: string | Buffer; hash?: string } = {},
): string {
  const signed = `${encode(json(header))}.${encode(json(claims))}`;
  return `${signed}.${createHmac(hash, secret).update(signed).digest('base64url')}`;
}

const pairs = new Map<string, KeyPairKeyObjectResult>();

export interface RsaKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly jwk: Record<string, unknown>;
}

/** The same key for the same id each time, since making one takes long. */
export function rsaKey(kid: string, bits = 2048): RsaKey {
  const pair = pairs.get(`${kid} ${bits}`) ?? generateKeyPairSync('rsa', { modulusLength: bits });
  pairs.set(`${kid} ${bits}`, pair);
  const { privateKey, publicKey } = pair;
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' };
  return { kid, privateKey, publicKey, jwk };
}

export function rsaToken(
  key: RsaKey,
  claims: unknown = goodExternal,
  header: Record<string, unknown> = {},
): string {
  const signed = `${encode(json({ alg: 'RS256', typ: 'JWT', kid: key.kid, ...header }))}.${encode(json(claims))}`;
  return `${signed}.${encode(sign('sha256', Buffer.from(signed), key.privateKey))}`;
}

/** A server whose answer can be exchanged; `requests` counts. Closed with the test, unless `cleanUp` says otherwise. */
export async function serveKeys(
  answer: RequestListener,
  cleanUp: CleanUp = onTestFinished,
): Promise<{
  url: string;
  requests: number;
  answer: RequestListener;
  close: () => Promise<void>;
}> {
  const close = () => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  };
  const served = { url: '', requests: 0, answer, close };
  const server = createServer((request, response) => {
    served.requests += 1;
    served.answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUp(close);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  served.url = `http://127.0.0.1:${address.port}/jwks`;
  return served;
}

export const keySet =
  (...keys: readonly Record<string, unknown>[]): RequestListener =>
  (_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
  };
