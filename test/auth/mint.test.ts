import { expect, it } from 'vitest';
import { createMint } from '../../main/auth/mint.ts';
import type { LocalAuthConfig } from '../../main/config/types.ts';
import { PERSONAS, type PersonaId } from '../../main/contract/run.ts';
import { external, local, localAuthenticator, NOW, SECONDS } from './signing.ts';

const at = { now: () => NOW };
const OUTSIDE = createMint(external('http://127.0.0.1:1/'), null, at);

async function outcome(persona: PersonaId, more: Partial<LocalAuthConfig> = {}) {
  const auth = { ...local, ...more };
  const token = await createMint(auth, null, at).personaToken(persona);
  const answer = await localAuthenticator(more).authenticate(token === null ? [] : [`Bearer ${token}`]);
  if (!answer.ok) return answer.detail;
  const { userId, username, roles, isSuperadmin } = answer.identity;
  return [userId, username, roles.join(), isSuperadmin];
}

it.each<[PersonaId, unknown]>([
  ['anonymous', ['dev-user', 'dev-user', 'user', false]],
  ['user', ['user-dana', 'dana', 'user', false]],
  ['admin', ['user-ada', 'ada', 'user,admin', false]],
  ['superadmin', ['user-sam', 'sam', 'user,superadmin', true]],
  ['expired', 'Token expired'],
  ['wrong-audience', ['user-dana', 'dana', 'user', false]],
  ['no-subject', 'Token has no usable user id'],
])('the persona %s gives %j', async (persona, expected) => {
  expect(await outcome(persona)).toEqual(expected);
});

it('personas follow the configured claims and algorithm', async () => {
  const more = {
    algorithm: 'HS512',
    claims: {
      userId: 'oid',
      username: 'nick',
      roles: 'https://x/roles',
      superadmin: 'su',
      superadminRole: 'root',
    },
  } as const;
  expect(await outcome('superadmin', more)).toEqual(['user-sam', 'sam', 'user,root', true]);
  expect(await outcome('no-subject', more)).toBe('Token has no usable user id');
});

it('views list every persona with the claims it is minted with', () => {
  const views = createMint(local, null, at).personas();
  expect(views.map(({ id }) => id)).toEqual([...PERSONAS]);
  expect(views.every(({ unavailable }) => unavailable === null)).toBe(true);
  const claims = Object.fromEntries(views.map((view) => [view.id, view.claims]));
  expect(claims.user).toMatchObject({ sub: 'user-dana', iat: SECONDS, exp: SECONDS + 3600 });
  expect(claims.expired).toMatchObject({ exp: SECONDS - 3600 });
  expect(claims['no-subject']).not.toHaveProperty('sub');
  expect(claims['wrong-audience']).toMatchObject({ aud: 'another-service' });
  expect(claims.anonymous).toBeNull();
  expect(claims.custom).toBeNull();
  expect(views.find(({ id }) => id === 'wrong-audience')?.description).toContain('checks no audience');
});

it('every persona’s token says when it was issued, in whole seconds before it expires', async () => {
  const mint = createMint(local, null, at);
  for (const { id, claims } of mint.personas()) {
    if (claims === null) continue;
    const { claims: signed } = await localAuthenticator().inspectToken((await mint.personaToken(id)) ?? '');
    const { iat, exp } = signed ?? {};
    expect([id, Number.isSafeInteger(iat), Number(iat) < Number(exp)]).toEqual([id, true, true]);
  }
});

it('external mode mints nothing and says why; anonymous and your own still work', async () => {
  const views = OUTSIDE.personas();
  const usable = views.filter(({ unavailable }) => unavailable === null).map(({ id }) => id);
  expect(usable).toEqual(['anonymous', 'custom']);
  expect(views.find(({ id }) => id === 'user')).toMatchObject({
    claims: expect.objectContaining({ sub: 'user-dana', iss: 'https://issuer.test', aud: 'workbench' }),
    unavailable: expect.stringMatching(/identity provider.*MOZAIKS_DEV_ISSUER=true/),
  });
  expect(await OUTSIDE.personaToken('anonymous')).toBeNull();
  expect(await OUTSIDE.personaToken('custom', ' a.b.c ')).toBe('a.b.c');
  await expect(OUTSIDE.personaToken('user')).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  await expect(OUTSIDE.mint({})).rejects.toMatchObject({ code: 'BAD_REQUEST' });
});

it.each([undefined, '', '  ', 'a\r\nx: y', 'ü'])('your own token can’t be %j', async (token) => {
  await expect(createMint(local, null).personaToken('custom', token)).rejects.toMatchObject({
    code: 'BAD_REQUEST',
    message: expect.stringContaining('paste a token'),
  });
});

it('your own token is sent as it is, right or wrong', async () => {
  expect(await createMint(local, null).personaToken('custom', 'no token at all')).toBe('no token at all');
});

it('claims are signed exactly as given', async () => {
  const claims = { sub: 'x', exp: 'tomorrow', __proto: 1, nested: { a: [null, 1.5] } };
  const report = await localAuthenticator().inspectToken(await createMint(local, null).mint(claims));
  expect(report.claims).toEqual(claims);
  expect(report.header).toEqual({ alg: 'HS256', typ: 'JWT' });
  const failed = report.steps.filter(({ verdict }) => verdict === 'failed').map(({ check }) => check);
  expect(failed).toEqual(['exp']);
});

it('a token minted with real time verifies with real time', async () => {
  const { createAuthenticator } = await import('../../main/auth/authenticator.ts');
  const token = await createMint(local, null).personaToken('user');
  const authenticator = createAuthenticator(local, { appId: 'a', origin: 'b' });
  expect(await authenticator.authenticate([`Bearer ${token}`])).toMatchObject({ ok: true });
});
