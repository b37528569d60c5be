import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';
import { expect, it, onTestFinished } from 'vitest';
import { createAuthenticator } from '../../main/auth/authenticator.ts';
import { createDevIssuer } from '../../main/auth/dev-issuer.ts';
import { loadConfig } from '../../main/config/config.ts';
import { temporaryFolder } from '../support/folders.ts';
import { APP } from './signing.ts';

/** External mode against a real OpenID provider: its discovery, its keys, its access tokens. */

const AUDIENCE = 'https://workbench.test';

const signingKey = (kid: string) => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' };
};

interface Discovery {
  readonly issuer: string;
  readonly jwks_uri: string;
  readonly token_endpoint: string;
}

/** A provider whose clients get JWT access tokens for the audience they ask for. Closed with the test. */
async function startProvider(): Promise<Discovery> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const issuer = `http://127.0.0.1:${address.port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'plugin-tester',
        client_secret: 'only-for-this-test',
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
      },
    ],
    jwks: { keys: [signingKey('provider-key')] },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context: unknown, audience: string) => ({
          scope: 'plugins',
          audience,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    extraTokenClaims: () => ({
      preferred_username: 'dana',
      realm_access: { roles: ['user'] },
      resource_access: { workbench: { roles: ['SuperAdmin'] } },
    }),
  });
  server.on('request', provider.callback());
  const discovery = await fetch(`${issuer}/.well-known/openid-configuration`);
  return (await discovery.json()) as Discovery;
}

async function askToken(provider: Discovery, resource: string): Promise<string> {
  const response = await fetch(provider.token_endpoint, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('plugin-tester:only-for-this-test')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'plugins', resource }),
  });
  const body = (await response.json()) as { access_token?: string };
  if (body.access_token === undefined) throw new Error(JSON.stringify(body));
  return body.access_token;
}

async function authenticatorFor(provider: Discovery, more: Record<string, string> = {}) {
  const env = {
    MOZAIKS_AUTH_MODE: 'oidc',
    MOZAIKS_JWKS_URL: provider.jwks_uri,
    MOZAIKS_ISSUER: provider.issuer,
    MOZAIKS_AUDIENCE: AUDIENCE,
    ...more,
  };
  const config = await loadConfig({ env, argv: [], cwd: '/nowhere', configPath: '/nowhere' });
  return createAuthenticator(config.auth, APP);
}

it('a provider’s access token gives its identity, and only for our audience', async () => {
  const provider = await startProvider();
  const token = await askToken(provider, AUDIENCE);
  const authenticator = await authenticatorFor(provider);
  expect(await authenticator.authenticate([`Bearer ${token}`])).toMatchObject({
    ok: true,
    token,
    identity: {
      kind: 'token',
      userId: 'plugin-tester',
      username: 'dana',
      roles: ['user', 'SuperAdmin'],
      isSuperadmin: true,
    },
    provenance: { roles: { name: 'realm_access.roles, resource_access.workbench.roles' } },
    view: { verified: true, header: { alg: 'RS256', kid: 'provider-key' } },
  });
  expect(authenticator.notices()).toEqual([]);

  const foreign = await askToken(provider, 'https://another.test');
  expect(await authenticator.authenticate([`Bearer ${foreign}`])).toMatchObject({
    ok: false,
    detail: 'Invalid token audience',
  });
  expect(await authenticator.authenticate([])).toMatchObject({ ok: false, detail: 'Not authenticated' });
});

it('another provider’s token is refused, though its key has the same name', async () => {
  const [ours, theirs] = [await startProvider(), await startProvider()];
  const authenticator = await authenticatorFor(ours);
  const answer = await authenticator.authenticate([`Bearer ${await askToken(theirs, AUDIENCE)}`]);
  expect(answer).toMatchObject({ ok: false, detail: 'Invalid token' });
});

it('the issuer is enforced, the claims follow the settings', async () => {
  const provider = await startProvider();
  const token = await askToken(provider, AUDIENCE);
  const strict = await authenticatorFor(provider, { MOZAIKS_ISSUER: `${provider.issuer}/` });
  expect(await strict.authenticate([`Bearer ${token}`])).toMatchObject({
    ok: false,
    detail: 'Invalid token issuer',
  });
  const mapped = await authenticatorFor(provider, {
    MOZAIKS_USER_ID_CLAIM: 'preferred_username',
    MOZAIKS_ROLES_CLAIM: 'realm_access.roles',
  });
  expect(await mapped.authenticate([`Bearer ${token}`])).toMatchObject({
    ok: true,
    identity: { userId: 'dana', roles: ['user'], isSuperadmin: false },
  });
});

it('the development issuer’s documents say what this provider’s say to a verifier', async () => {
  const folder = await temporaryFolder('issuer');
  onTestFinished(folder.remove);
  const issuer = createDevIssuer('http://127.0.0.1:1', `${folder.path}/key.pem`);
  await issuer.load();
  const provider = await startProvider();
  const [theirs] = ((await (await fetch(provider.jwks_uri)).json()) as { keys: object[] }).keys;
  const [ours] = issuer.keySet().keys;
  expect(Object.keys(ours ?? {}).sort()).toEqual(Object.keys(theirs ?? {}).sort());
  expect(ours).toMatchObject({ kty: 'RSA', alg: 'RS256', use: 'sig' });
  const discovery = issuer.discovery();
  expect(String(discovery.jwks_uri)).toMatch(/^http:\/\/127\.0\.0\.1:1\//);
  const needed = ['issuer', 'jwks_uri', 'subject_types_supported', 'id_token_signing_alg_values_supported'];
  expect(Object.keys(provider)).toEqual(expect.arrayContaining(needed));
  expect(Object.keys(discovery)).toEqual(expect.arrayContaining(needed));
});
