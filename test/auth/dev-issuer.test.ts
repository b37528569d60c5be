import { createHmac, createPublicKey, type JsonWebKey } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createAuthenticator } from '../../main/auth/authenticator.ts';
import { createDevIssuer, loadIssuerKey } from '../../main/auth/dev-issuer.ts';
import { createMint } from '../../main/auth/mint.ts';
import { createIssuerServer } from '../../main/server/issuer-server.ts';
import { temporaryFolder } from '../support/folders.ts';
import { freePort } from '../support/free-port.ts';
import { rawConnection } from '../support/raw-socket.ts';
import { recordingLog } from '../support/recording-log.ts';
import { APP, encode, external, rsaKey } from './signing.ts';

/** The development issuer over real HTTP, judged by the same verifier as any provider. */

const JWKS = '/.well-known/jwks.json';
const DISCOVERY = '/.well-known/openid-configuration';
const ORIGIN = 'http://localhost:5173';

async function keyFile(): Promise<string> {
  const folder = await temporaryFolder('dev-issuer');
  onTestFinished(folder.remove);
  return join(folder.path, 'user', 'dev-issuer-key.pem');
}

/** Made once, since making one takes long: for the tests that don't say where the key is. */
const { privateKey } = rsaKey('of the issuer');

async function existingKey(): Promise<string> {
  const path = await keyFile();
  await mkdir(dirname(path));
  await writeFile(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  return path;
}

async function startIssuer(path?: string) {
  const keyPath = path ?? (await existingKey());
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const issuer = createDevIssuer(url, keyPath);
  const server = createIssuerServer(issuer, { port, corsOrigins: [ORIGIN], log: recordingLog() });
  await server.start();
  onTestFinished(() => server.stop());
  const clock = { now: Date.now() };
  const auth = { ...external(`${url}${JWKS}`), issuer: url, devIssuer: { port } };
  const authenticator = createAuthenticator(auth, APP, { now: () => clock.now });
  const mint = createMint(auth, issuer, { now: () => clock.now });
  const ask = async (token: string | null) => {
    const answer = await authenticator.authenticate(token === null ? [] : [`Bearer ${token}`]);
    return answer.ok ? answer.identity.userId : answer.detail;
  };
  return { issuer, server, url, port, keyPath, clock, auth, authenticator, mint, ask };
}

interface KeySet {
  readonly keys: readonly (JsonWebKey & { kid: string })[];
}
const fetchKeys = async (url: string): Promise<KeySet> => (await fetch(url + JWKS)).json() as Promise<KeySet>;

it('its personas meet in external mode what a provider’s users meet', async () => {
  const { mint, ask } = await startIssuer();
  const outcomes = [];
  for (const { id, unavailable } of mint.personas()) {
    expect(unavailable).toBeNull();
    if (id !== 'custom') outcomes.push([id, await ask(await mint.personaToken(id))]);
  }
  expect(outcomes).toEqual([
    ['anonymous', 'Not authenticated'],
    ['user', 'user-dana'],
    ['admin', 'user-ada'],
    ['superadmin', 'user-sam'],
    ['expired', 'Token expired'],
    ['wrong-audience', 'Invalid token audience'],
    ['no-subject', 'Token has no usable user id'],
  ]);
});

it('the key set holds the public half alone, the discovery document leads to it', async () => {
  const { url, issuer } = await startIssuer();
  const { keys } = await fetchKeys(url);
  expect(keys).toHaveLength(1);
  expect(Object.keys(keys[0] ?? {}).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
  expect(keys[0]).toMatchObject({ kty: 'RSA', alg: 'RS256', use: 'sig', kid: issuer.view().kid });
  const discovery = await fetch(url + DISCOVERY);
  expect(discovery.headers.get('content-type')).toContain('application/json');
  expect(await discovery.json()).toMatchObject({
    issuer: url,
    jwks_uri: url + JWKS,
    id_token_signing_alg_values_supported: ['RS256'],
  });
});

it('J2: HS256 signed with its public key, in any writing, is refused', async () => {
  const { url, ask, mint, issuer } = await startIssuer();
  const [jwk] = (await fetchKeys(url)).keys;
  if (jwk === undefined) throw new Error('no key');
  const pem = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  const claims = mint.personas().find(({ id }) => id === 'user')?.claims;
  for (const secret of [String(pem), String(pem).trim(), JSON.stringify(jwk), String(jwk.n)]) {
    const header = { alg: 'HS256', typ: 'JWT', kid: issuer.view().kid };
    const signed = `${encode(JSON.stringify(header))}.${encode(JSON.stringify(claims))}`;
    const signature = createHmac('sha256', secret).update(signed).digest('base64url');
    expect(await ask(`${signed}.${signature}`)).toBe('Invalid token');
  }
});

it('J11: after a rotation the new key works within 10 s, then the old one no more', async () => {
  const { url, clock, mint, ask, issuer } = await startIssuer();
  const old = await mint.personaToken('user');
  expect(await ask(old)).toBe('user-dana');
  const before = issuer.view().kid;
  await Promise.all([issuer.rotate(), issuer.rotate()]);
  const after = issuer.view().kid;
  expect(after).not.toBe(before);
  expect((await fetchKeys(url)).keys.map(({ kid }) => kid)).toEqual([after]);
  clock.now += 1_000;
  expect(await ask(await mint.personaToken('user'))).toBe('Invalid token');
  clock.now += 9_000;
  expect(await ask(await mint.personaToken('user'))).toBe('user-dana');
  expect(await ask(old)).toBe('Invalid token');
});

it('the key is made once, stored for the user alone, and survives a restart', async () => {
  const first = await startIssuer(await keyFile());
  expect((await stat(first.keyPath)).mode & 0o777).toBe(0o600);
  expect(await readFile(first.keyPath, 'utf8')).toContain('BEGIN PRIVATE KEY');
  const second = await startIssuer(first.keyPath);
  expect(second.issuer.view()).toMatchObject({ kid: first.issuer.view().kid, keptIn: first.keyPath });
  await second.issuer.rotate();
  expect((await stat(first.keyPath)).mode & 0o777).toBe(0o600);
  expect(await readdir(join(first.keyPath, '..'))).toEqual(['dev-issuer-key.pem']);
  expect((await startIssuer(first.keyPath)).issuer.view().kid).toBe(second.issuer.view().kid);
});

it('starts that race share one key', async () => {
  const path = await keyFile();
  const keys = await Promise.all(Array.from({ length: 4 }, () => loadIssuerKey(path)));
  expect(new Set(keys.map(({ publicJwk }) => publicJwk.kid)).size).toBe(1);
});

it('a key file that others could read is made private again, and said', async () => {
  const path = await existingKey();
  await chmod(path, 0o644);
  expect((await loadIssuerKey(path)).notice).toContain('644');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

it('a damaged key file stops the start without quoting it', async () => {
  const path = await existingKey();
  await writeFile(path, '-----BEGIN PRIVATE KEY-----\nc2VjcmV0LXBhcnQ=\n-----END PRIVATE KEY-----\n');
  const failure = await startIssuer(path).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'CONFLICT', message: expect.stringContaining(`delete that file`) });
  expect(String((failure as Error).stack)).not.toContain('c2VjcmV0');
  expect(failure).not.toHaveProperty('cause');
});

it('nothing that it shows holds the private key', async () => {
  const { issuer, url, keyPath, authenticator, mint } = await startIssuer();
  const secret = (await readFile(keyPath, 'utf8')).split('\n').slice(1, -2).join('').slice(60, 120);
  const report = await authenticator.inspectToken((await mint.personaToken('user')) ?? '');
  const shown = JSON.stringify([issuer.view(), issuer.discovery(), issuer.keySet(), report, mint.personas()]);
  const served = await (await fetch(url + JWKS)).text();
  for (const text of [shown, served]) {
    expect(text).not.toContain(secret);
    expect(text).not.toMatch(/"(d|p|q|dp|dq|qi)":/);
  }
});

it('it is served to this machine’s programs and listed origins alone', async () => {
  const { url, port } = await startIssuer();
  const status = async (head: string) => {
    const connection = await rawConnection(port);
    connection.write(`${head}\r\n\r\n`);
    return (await connection.answer()).status;
  };
  expect(await status(`GET ${JWKS} HTTP/1.1\r\nHost: 127.0.0.1:${port}`)).toBe(200);
  expect(await status(`GET ${JWKS} HTTP/1.1\r\nHost: evil.test:${port}`)).toBe(403);
  expect(await status(`GET ${JWKS} HTTP/1.1\r\nX-Nothing: 1`)).toBe(400);
  const foreign = await fetch(url + JWKS, { headers: { origin: 'https://evil.test' } });
  expect([foreign.status, foreign.headers.get('access-control-allow-origin')]).toEqual([403, null]);
  const listed = await fetch(url + JWKS, { headers: { origin: ORIGIN } });
  expect([listed.status, listed.headers.get('access-control-allow-origin')]).toEqual([200, ORIGIN]);
});

it('it issues no tokens over HTTP, and takes nothing', async () => {
  const { url } = await startIssuer();
  for (const path of ['/token', '/', '/api/plugins', '/.well-known/__proto__']) {
    const answer = await fetch(url + path, { method: 'POST', body: 'grant_type=client_credentials' });
    expect(answer.status).toBe(404);
    expect(answer.headers.get('x-mozaiks-runtime-version')).toBe('1.0.0');
  }
  const answer = await fetch(url + JWKS, { method: 'POST', body: '{}' });
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});

it('a port that is taken is named with its setting', async () => {
  const { port, keyPath } = await startIssuer();
  const issuer = createDevIssuer(`http://127.0.0.1:${port}`, keyPath);
  const second = createIssuerServer(issuer, { port, corsOrigins: [], log: recordingLog() });
  await expect(second.start()).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringMatching(/is taken on 127\.0\.0\.1.*MOZAIKS_DEV_ISSUER_PORT/),
  });
});
