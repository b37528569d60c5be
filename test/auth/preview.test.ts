import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Authenticator, createAuthenticator } from '../../main/auth/authenticator.ts';
import { createMint } from '../../main/auth/mint.ts';
import type { JsonObject } from '../../main/contract/http.ts';
import {
  APP,
  external,
  goodClaims,
  goodExternal,
  keySet,
  local,
  localAuthenticator,
  NOW,
  rsaKey,
  rsaToken,
  SECONDS,
  serveKeys,
} from './signing.ts';

/** Claims judged before anyone signs them: the same words and the same context as the signed token gets. */

const CLAIMS: readonly [string, JsonObject][] = [
  ['good ones', { ...goodExternal, roles: ['user', 'admin'], email: 'dana@example.com' }],
  ['expired', { ...goodExternal, exp: SECONDS - 3600 }],
  ['no exp', { sub: 'u' }],
  ['no subject', { iss: 'https://issuer.test', aud: 'workbench', exp: SECONDS + 60 }],
  ['another audience', { ...goodExternal, aud: 'x' }],
  ['iat as text, which only the library objects to', { ...goodExternal, iat: 'today' }],
  ['roles of a wrong type', { ...goodExternal, roles: 7 }],
  ['too much for a token', { ...goodExternal, more: 'x'.repeat(9000) }],
];
const ABOUT_CLAIMS = (check: string) => !['shape', 'algorithm', 'key', 'signature'].includes(check);

it.each(CLAIMS)('%s, in local mode', async (_what, claims) => {
  const authenticator = localAuthenticator();
  const token = await createMint(local, null).mint(claims);
  await compare(await authenticator.previewClaims(claims), await authenticator.inspectToken(token));
});

describe('in external mode, without the provider’s key', () => {
  const key = rsaKey('a');
  let keys: Awaited<ReturnType<typeof serveKeys>>;
  let authenticator: Authenticator;
  beforeAll(async () => {
    keys = await serveKeys(keySet(key.jwk), afterAll);
    authenticator = createAuthenticator(external(keys.url), APP, { now: () => NOW });
  });

  it.each(CLAIMS)('%s', async (_what, claims) => {
    const before = keys.requests;
    const preview = await authenticator.previewClaims(claims);
    expect(keys.requests).toBe(before);
    await compare(preview, await authenticator.inspectToken(rsaToken(key, claims)));
  });
});

type Report = Awaited<ReturnType<ReturnType<typeof localAuthenticator>['previewClaims']>>;

async function compare(preview: Report, inspected: Report): Promise<void> {
  const judged = ({ steps }: Report) => steps.filter(({ check }) => ABOUT_CLAIMS(check));
  const { verified, identity, context, provenance } = inspected;
  expect(preview).toMatchObject({ verified, identity, context, provenance });
  expect(judged(preview)).toEqual(judged(inspected));
}

it('a preview holds no token, and no key of its own is trusted', async () => {
  const report = await localAuthenticator().previewClaims(goodClaims);
  expect(JSON.stringify(report)).not.toContain('eyJ');
  expect(report.steps.map(({ check }) => check)).not.toContain('signature');
});

it('claims too large for a token are told so', async () => {
  const report = await localAuthenticator().previewClaims({ ...goodClaims, x: 'x'.repeat(9000) });
  expect(report.steps.find(({ verdict }) => verdict === 'failed')).toMatchObject({
    check: 'shape',
    detail: expect.stringMatching(/has \d+ bytes; at most 8192/),
  });
});
