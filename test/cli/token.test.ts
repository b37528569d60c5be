import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../support/folders.ts';
import { startRuntime } from '../support/runtime.ts';
import { SECRET } from '../support/server.ts';
import { commandLine } from './command-line.ts';

async function token(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { path: cwd, remove } = await temporaryFolder('workbench-token');
  onTestFinished(remove);
  return commandLine(['token', ...args], { env: { JWT_SECRET: SECRET, ...env }, cwd });
}

const json = async (args: readonly string[], env?: Readonly<Record<string, string>>) =>
  JSON.parse((await token([...args, '--json'], env)).out);

describe('token', () => {
  it('prints a token alone, which a runtime with these settings takes for the persona', async () => {
    const app = await startRuntime({ plugins: { echo: 'export const execute = (data) => data;' } });
    const { code, out, err } = await token(['--as', 'admin']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const { json: answer } = await app.execute('echo', {}, { Authorization: `Bearer ${out.trim()}` });
    expect(answer).toMatchObject({ user_id: 'user-ada', _context: { roles: ['user', 'admin'] } });
  });

  it('lays claims over the persona’s, takes null for none, and tells what becomes of them', async () => {
    const made = await json(['--claims', '{"sub":"grace","roles":["editor"],"email":null}']);
    expect(made.claims).not.toHaveProperty('email');
    expect(made).toMatchObject({
      algorithm: 'HS256',
      verified: true,
      refusal: null,
      context: { user_id: 'grace', username: 'dana', roles: ['editor'] },
    });
    const refused = await json(['--claims', '{"exp":null}']);
    expect(refused).toMatchObject({ verified: false, refusal: 'Token has no expiry (exp)', context: null });
  });

  it.each([
    ['90s', 90],
    ['15m', 900],
    ['2h', 7_200],
    ['7d', 604_800],
    ['-1h', -3_600],
  ])('is valid for %s', async (given, seconds) => {
    const before = Math.floor(Date.now() / 1000);
    const { claims } = await json([`--expires-in=${given}`]);
    expect(claims.exp - before).toBeGreaterThanOrEqual(seconds);
    expect(claims.exp - before).toBeLessThan(seconds + 60);
  });

  it('is signed by the development issuer, which need not run', async () => {
    const env = { MOZAIKS_AUTH_MODE: 'external', MOZAIKS_DEV_ISSUER: 'true' };
    const made = await json([], env);
    expect(made).toMatchObject({ algorithm: 'RS256', verified: true });
    expect(made.claims.iss).toContain('http://127.0.0.1:8770');
  });

  it('can’t be made where a provider has the key', async () => {
    const env = {
      MOZAIKS_AUTH_MODE: 'external',
      MOZAIKS_JWKS_URL: 'https://idp.example/keys',
      MOZAIKS_ISSUER: 'https://idp.example',
      MOZAIKS_AUDIENCE: 'api',
    };
    const { code, out, err } = await token([], env);
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toContain('only your identity provider can sign tokens');
  });

  it.each([
    [['--claims', '[]'], 'is not a JSON object'],
    [['--claims', '{"a":'], 'is not valid JSON'],
    [['--expires-in', '5'], 'Give a number with a unit'],
    [['--as', 'anonymous'], 'Allowed choices are'],
    [['--inspect', 'a.b.c', '--claims', '{}'], 'cannot be used with'],
  ])('%j is wrong', async (args, said) => {
    const { code, out, err } = await token(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(said);
  });

  it('reports an invalid setting', async () => {
    const { code, err } = await token([], { JWT_SECRET: 'short' });
    expect(code).toBe(2);
    expect(err).toContain('JWT_SECRET');
    expect(err).not.toContain('short');
  });
});

describe('token --inspect', () => {
  it('shows each check and where each value of the context comes from', async () => {
    const made = (await token(['--as', 'superadmin'])).out.trim();
    const { code, out } = await token(['--inspect', 'env:PASTED'], { PASTED: `Bearer ${made}`.slice(7) });
    expect(code).toBe(0);
    expect(out).toContain('  ok  signature: HS256 verified.');
    expect(out).toContain('"is_superadmin":true');
    expect(out).toContain('  _context.user_id ← JWT claim sub');
    expect(out).not.toContain(made);
  });

  it('fails with the reason and the remedy for one that is refused', async () => {
    const made = (await token([], { JWT_SECRET: `${SECRET}-another` })).out;
    const { path, remove } = await temporaryFolder('workbench-token');
    onTestFinished(remove);
    await writeFile(join(path, 'token.txt'), made);
    const env = { JWT_SECRET: SECRET };
    const { code, out } = await commandLine(['token', '--inspect', '@token.txt'], { env, cwd: path });
    expect(code).toBe(1);
    expect(out).toMatch(/ {2}no {2}signature: .*\n {6}Sign with this runtime’s JWT_SECRET/);
    expect(out).toContain('refused with 401: Invalid token');
  });

  it('shows control characters of claims instead of sending them', async () => {
    const made = (await token(['--claims', '{"sub":"\\u001b[2Jx\\u202e"}'])).out.trim();
    const { out } = await token(['--inspect', made]);
    for (const hidden of ['\u001b', '\u202e']) expect(out).not.toContain(hidden);
  });
});
