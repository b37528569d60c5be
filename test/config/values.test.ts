import { expect, it } from 'vitest';
import { EXTERNAL, load, problemsOf } from '../support/configuration.ts';

it.each<[string, string, string[]]>([
  ['PORT', '--port', ['-1', '65536', '80.5', '0x50', '1e3', 'http']],
  ['MOZAIKS_PLUGIN_TIMEOUT_SECONDS', '', ['0', '-1', 'NaN', 'Infinity', '1e3', '30s', '2147484', '0.0']],
  ['PLUGIN_EXEC_TIMEOUT_S', '', ['zero']],
  ['MAX_REQUEST_BODY_BYTES', '', ['0', '1MB', '999999999999']],
  ['PLUGIN_EXEC_MAX_CONCURRENCY', '', ['0', 'many']],
  ['MOZAIKS_MAX_PLUGIN_PROCESSES', '', ['0']],
  ['MOZAIKS_PLUGIN_MEMORY_MB', '', ['1']],
  ['MOZAIKS_TRACES_MAX_MB', '', ['-1', '15', 'lots', '1000001']],
  ['MOZAIKS_WATCH', '', ['Polling', 'never']],
  ['HOST', '--host', ['a b', 'http://x', '999.1.1.1', '-x', '0.0.0.0', '::', '192.168.1.4', 'my-machine']],
  ['ALLOWED_HOSTS', '', ['*', '*.test', 'http://a.test', 'a.test/x', 'a.test:99999', ',']],
  [
    'FRONTEND_URL',
    '',
    ['*', 'null', 'http://a.test/', 'http://a.test/x', 'HTTP://a.test', 'http://a.test:80'],
  ],
  [
    'FRONTEND_URL',
    '',
    ['ftp://a.test', 'localhost:5173', 'http://u:p@a.test', 'http://*.a.test', 'file:///x'],
  ],
  [
    'ADDITIONAL_CORS_ORIGINS',
    '',
    ['https://a.test,*', 'https://a.test,null', 'https://a.test https://b.test'],
  ],
  ['MOZAIKS_AUTH_MODE', '', ['none', 'off', '__proto__']],
  ['MOZAIKS_REQUIRE_TOKEN', '', ['maybe']],
  ['JWT_ALGORITHM', '', ['none', 'RS256', 'hs256']],
  ['JWT_SECRET', '', ['too short', '']],
  ['MOZAIKS_APP_ID', '', ['a\u0000b', 'x'.repeat(257)]],
])('%s refuses nonsense', async (name, option, values) => {
  for (const value of values) {
    const found = await problemsOf({ env: { [name]: value } });
    expect(found.names, value).toEqual([name]);
    if (option === '') continue;
    const given = await problemsOf({ argv: [`${option}=${value}`] });
    expect(given.problems[0]?.name, value).toMatch(new RegExp(`^(${option}|${name})$`));
  }
});

it.each<[string, string[]]>([
  ['MOZAIKS_JWKS_URL', ['', 'file:///etc/passwd', 'http://u:p@127.0.0.1/', 'jwks']],
  ['MOZAIKS_ISSUER', ['', ' ']],
  ['MOZAIKS_AUDIENCE', ['']],
  ['MOZAIKS_JWT_ALGORITHMS', ['none', 'HS256', 'RS256,HS256', 'RS256,none', 'rs256']],
])('external mode refuses a bad %s', async (name, values) => {
  for (const value of values) {
    expect((await problemsOf({ env: { ...EXTERNAL, [name]: value } })).names, value).toContain(name);
  }
});

it.each([
  ['a PEM', '-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END PUBLIC KEY-----'],
  ['a PEM in one line', '-----BEGIN RSA PRIVATE KEY-----\\nMIIBIjANBgkqhkiG9w0BAQEFAAOC\\n'],
  ['a JWK', '{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}'],
  ['31 bytes', 'abcdefghijklmnopqrstuvwxyz01234'],
  ['J14: one letter', 'a'.repeat(64)],
  ['J14: seven letters', 'abcdefg'.repeat(10)],
])('a secret that is %s stops the start, and is not shown', async (_what, secret) => {
  const { message, names } = await problemsOf({ env: { JWT_SECRET: secret } });
  expect(names).toEqual(['JWT_SECRET']);
  expect(message).not.toContain(secret);
  expect(message).toContain('JWT_SECRET');
});

it.each([
  ['HS384', 48],
  ['HS512', 64],
])('J14: a secret for %s has at least %i bytes', async (algorithm, least) => {
  const secret = 'abcdefghijklmnopqrstuvwxyz0123456789'.repeat(2).slice(0, least);
  const { auth } = await load({ env: { JWT_ALGORITHM: algorithm, JWT_SECRET: secret } });
  expect(auth).toMatchObject({ algorithm, secret });
  const { message } = await problemsOf({ env: { JWT_ALGORITHM: algorithm, JWT_SECRET: secret.slice(1) } });
  expect(message).toContain(`${least - 1} bytes long; ${algorithm} takes at least ${least} random bytes`);
});
