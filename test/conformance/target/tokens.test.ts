import { describe, expect, it } from 'vitest';
import { createAuthenticator } from '../../../main/auth/authenticator.ts';
import { hmacSigner } from '../../../main/auth/hmac.ts';
import { deriveTokens, signTokens, signTokensWithSecret } from '../../../main/conformance/target/tokens.ts';
import { SECRET, testConfig } from '../../support/server.ts';
import { localToken } from '../../support/tokens.ts';

const authenticatorOf = async (env: Record<string, string> = {}) => {
  const { auth } = await testConfig(env);
  return createAuthenticator(auth, { appId: 'dev_app', origin: 'MOZAIKS_APP_ID' });
};

/** What a real verifier says of each token: the user it names, or why it is refused. */
async function verdicts(tokens: Readonly<Partial<Record<string, string>>>, env?: Record<string, string>) {
  const authenticator = await authenticatorOf(env);
  const judged: Record<string, string> = {};
  for (const [kind, token] of Object.entries(tokens)) {
    const who = await authenticator.authenticate([`Bearer ${token}`]);
    const superadmin = who.ok && who.identity.isSuperadmin ? ', superadmin' : '';
    judged[kind] = who.ok ? `${who.identity.userId}${superadmin}` : who.detail;
  }
  return judged;
}

describe('tokens signed with a secret', () => {
  it('are each refused for the one thing that is wrong with them', async () => {
    const { mode, tokens, caller } = await signTokensWithSecret(SECRET);
    expect(mode).toBe('local');
    expect(caller).toEqual({ userId: 'user-dana', username: 'dana', roles: ['user'] });
    expect(await verdicts(tokens)).toEqual({
      user: 'user-dana',
      superadmin: 'user-sam, superadmin',
      nameless: 'user-without-a-name',
      'odd-roles': 'user-dana',
      'odd-role-entries': 'user-dana',
      tampered: 'Invalid token',
      'alg-none': 'Invalid token',
      expired: 'Token expired',
      'no-expiry': 'Token has no expiry (exp)',
      'no-subject': 'Token has no usable user id',
      // Local mode checks no audience.
      'wrong-audience': 'user-dana',
    });
    const [, payload] = tokens.user?.split('.') ?? [];
    expect(tokens.tampered?.split('.')[1]).toBe(payload);
    expect(tokens['alg-none']?.split('.')[1]).toBe(payload);
  });

  it('name their user by the claims of the runtime that is asked', async () => {
    const env = { MOZAIKS_USER_ID_CLAIM: 'https://id', MOZAIKS_ROLES_CLAIM: 'groups' };
    const { auth } = await testConfig(env);
    const { tokens, caller } = await signTokens(auth, hmacSigner({ secret: SECRET, algorithm: 'HS256' }));
    expect(caller).toMatchObject({ userId: 'user-dana', roles: ['user'] });
    expect(await verdicts(tokens, env)).toMatchObject({
      user: 'user-dana',
      'no-subject': 'Token has no usable user id',
    });
  });

  it('need a secret', () => {
    expect(() => signTokensWithSecret('  ')).toThrow(expect.objectContaining({ code: 'BAD_REQUEST' }));
  });
});

describe('one given token', () => {
  it('gives what needs no key, and the caller that it claims', async () => {
    const token = localToken({ sub: 'ada', email: 'ada.l@example.com', realm_access: { roles: ['a', 'a'] } });
    const { mode, tokens, caller } = deriveTokens(`Authorization: Bearer ${token}`);
    expect(mode).toBeNull();
    expect(caller).toEqual({ userId: 'ada', username: 'ada.l', roles: ['a'] });
    expect(await verdicts(tokens)).toEqual({
      user: 'ada',
      tampered: 'Invalid token',
      'alg-none': 'Invalid token',
    });
  });

  it('tells external mode by its algorithm', () => {
    const [, payload, signature] = localToken().split('.');
    const head = Buffer.from('{"alg":"RS256"}').toString('base64url');
    expect(deriveTokens([head, payload, signature].join('.')).mode).toBe('external');
  });

  it('may be of a kind that nobody else can read', () => {
    expect(deriveTokens('opaque-12345')).toEqual({
      mode: null,
      tokens: { user: 'opaque-12345' },
      caller: null,
    });
  });

  it.each([
    ['two words', 'not a token'],
    ['', 'not a token'],
    [localToken({ exp: 1_700_000_000 }), 'expired at 2023-11-14T22:13:20.000Z'],
  ])('is refused at once where it can serve nothing', (token, words) => {
    expect(() => deriveTokens(token)).toThrow(
      expect.objectContaining({ code: 'BAD_REQUEST', message: expect.stringContaining(words) }),
    );
  });
});
