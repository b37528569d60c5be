import { expect, it } from 'vitest';
import { createAuthenticator } from '../../main/auth/authenticator.ts';
import { APP, external, goodClaims, hmacToken, localAuthenticator, NOW, SECONDS } from './signing.ts';

const token = hmacToken(goodClaims);

it('no token in local mode is the development identity, without a token to pass on', async () => {
  expect(await localAuthenticator().authenticate([])).toEqual({
    ok: true,
    identity: {
      kind: 'anonymous',
      userId: 'dev-user',
      username: 'dev-user',
      roles: ['user'],
      isSuperadmin: false,
    },
    token: null,
    view: null,
    provenance: expect.objectContaining({
      userId: expect.objectContaining({ label: 'development identity: no token was sent' }),
    }),
    differences: ['no-token'],
  });
});

it('no token where one is mandatory', async () => {
  const refused = { ok: false, detail: 'Not authenticated', token: null, view: null };
  expect(await localAuthenticator({ requireToken: true }).authenticate([])).toEqual(refused);
  const outside = createAuthenticator(external('http://127.0.0.1:1/'), APP, { now: () => NOW });
  expect(await outside.authenticate([])).toEqual(refused);
});

it.each(['Bearer', 'bearer', 'BEARER', 'bEaReR'])('the scheme %s is understood', async (scheme) => {
  const answer = await localAuthenticator().authenticate([`${scheme} ${token}`]);
  expect(answer).toMatchObject({ ok: true, token, identity: { kind: 'token', userId: 'user-1' } });
});

it('J9: two Authorization headers, even with the same good token', async () => {
  for (const second of [`Bearer ${token}`, 'Basic eDp5', '']) {
    const answer = await localAuthenticator().authenticate([`Bearer ${token}`, second]);
    expect(answer).toMatchObject({ ok: false, detail: 'Send exactly one Authorization header', token });
  }
});

it.each<[string, string | null]>([
  ['Basic dXNlcjpwYXNz', 'dXNlcjpwYXNz'],
  [token, null],
  ['', null],
  ['Bearer', null],
  ['Bearer ', null],
  [`Bearer ${token} x`, `${token} x`],
  [`Bearer ${token}, Bearer ${token}`, `${token}, Bearer ${token}`],
  [`Token ${token}`, token],
  [`Bearer\t${token}`, token],
])('J9: the header "%s" is refused', async (header, sent) => {
  const answer = await localAuthenticator().authenticate([header]);
  expect(answer).toMatchObject({
    ok: false,
    detail: 'The Authorization header must be "Bearer <token>"',
    view: null,
  });
  if (sent !== null) expect(answer.token).toBe(sent);
});

it('a refused token is handed back for masking, with the steps', async () => {
  const expired = hmacToken({ ...goodClaims, exp: SECONDS - 3600 });
  expect(await localAuthenticator().authenticate([`Bearer ${expired}`])).toMatchObject({
    ok: false,
    detail: 'Token expired',
    token: expired,
    view: { verified: false, claims: { sub: 'user-1' } },
  });
});

it('inspectToken shows the context a token would give, and where it comes from', async () => {
  const report = await localAuthenticator().inspectToken(
    ` Authorization: Bearer ${hmacToken({ ...goodClaims, email: 'dana@example.com', roles: 'a b' })}\n`,
  );
  expect(report).toMatchObject({
    decodeError: null,
    verified: true,
    identity: { userId: 'user-1', username: 'dana', roles: ['a', 'b'] },
    context: {
      app_id: 'dev_app',
      user_id: 'user-1',
      username: 'dana',
      roles: ['a', 'b'],
      is_superadmin: false,
    },
  });
  const labels = Object.fromEntries(report.provenance.map(({ field, label }) => [field, label]));
  expect(labels).toMatchObject({
    app_id: 'MOZAIKS_APP_ID (default)',
    user_id: 'JWT claim sub',
    '_context.username': 'JWT claim email, the part before @',
    '_context.roles': 'JWT claim roles',
    '_context.is_superadmin': 'default: no claim, no role',
  });
});

it('inspectToken never answers with the token', async () => {
  expect(JSON.stringify(await localAuthenticator().inspectToken(token))).not.toContain(token);
});

it('inspectToken says why a string is not a token, and why a token is refused', async () => {
  const authenticator = localAuthenticator();
  const nonsense = await authenticator.inspectToken('what is this?');
  expect(nonsense).toMatchObject({
    header: null,
    claims: null,
    verified: false,
    identity: null,
    context: null,
  });
  expect(nonsense.decodeError).toBe('A token has 3 parts between dots; this one has 1.');
  const expired = await authenticator.inspectToken(hmacToken({ ...goodClaims, exp: SECONDS - 3600 }));
  expect(expired).toMatchObject({ decodeError: null, verified: false, claims: { sub: 'user-1' } });
  expect(expired.steps.find(({ check }) => check === 'exp')).toEqual({
    check: 'exp',
    verdict: 'failed',
    detail:
      'Expired 60 min ago: exp is 2027-01-15 07:00:00 UTC, the clock here says 2027-01-15 08:00:00 UTC; 60 s of difference are allowed.',
    remedy: { setting: null, text: expect.stringContaining('Take a new token') },
  });
});

it('says what a caller must send at present', () => {
  const outside = createAuthenticator(external('http://127.0.0.1:1/'), APP, { now: () => NOW });
  expect(
    [localAuthenticator(), localAuthenticator({ requireToken: true }), outside].map((one) => one.demand()),
  ).toEqual([
    { mode: 'local', isMandatory: false, algorithms: ['HS256'] },
    { mode: 'local', isMandatory: true, algorithms: ['HS256'] },
    { mode: 'external', isMandatory: true, algorithms: ['RS256'] },
  ]);
});

it('a report holds the provenance of an accepted token alone, with a word in the token’s place', async () => {
  const authenticator = localAuthenticator();
  const { provenance } = await authenticator.inspectToken(token);
  expect(provenance.map(({ field }) => field)).toEqual([
    'app_id',
    'user_id',
    'user_jwt',
    '_context.app_id',
    '_context.user_id',
    '_context.username',
    '_context.roles',
    '_context.is_superadmin',
  ]);
  expect(provenance.find(({ field }) => field === 'user_jwt')?.value).toBe('(the token)');
  expect((await authenticator.inspectToken('nonsense')).provenance).toEqual([]);
  expect(await authenticator.previewClaims(goodClaims)).toMatchObject({
    decodeError: null,
    identity: { userId: 'user-1' },
  });
});

it('in local mode there are no keys to show and nothing to say', () => {
  const authenticator = localAuthenticator();
  expect([authenticator.keys(), authenticator.notices()]).toEqual([null, []]);
});
