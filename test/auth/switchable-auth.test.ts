import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createAuthSwitch } from '../../main/auth/switchable-auth.ts';
import { createIssuerServer } from '../../main/server/issuer-server.ts';
import { EXTERNAL, load } from '../support/configuration.ts';
import { temporaryFolder } from '../support/folders.ts';
import { freePort } from '../support/free-port.ts';
import { recordingLog } from '../support/recording-log.ts';
import { APP, SECRET } from './signing.ts';

/** From local mode to the development issuer and back, while requests come in. */

async function startSwitch(env: Record<string, string> = {}) {
  const port = await freePort();
  const folder = await temporaryFolder('switch');
  const config = await load({ env: { JWT_SECRET: SECRET, MOZAIKS_DEV_ISSUER_PORT: String(port), ...env } });
  const log = recordingLog();
  const way = createAuthSwitch({
    configured: config,
    trial: config.trial,
    app: APP,
    keyPath: join(folder.path, 'key.pem'),
    serve: (issuer, servedPort) => createIssuerServer(issuer, { port: servedPort, corsOrigins: [], log }),
  });
  await way.start();
  onTestFinished(async () => {
    await way.stop();
    await folder.remove();
  });
  const ask = async (token: string | null) => {
    const answer = await way.authenticator.authenticate(token === null ? [] : [`Bearer ${token}`]);
    return answer.ok ? answer.identity.userId : answer.detail;
  };
  const isServed = () =>
    fetch(`http://127.0.0.1:${port}/.well-known/jwks.json`).then(
      ({ status }) => status === 200,
      () => false,
    );
  return { way, port, config, ask, isServed };
}

it('each way accepts its own tokens alone, and going back leaves nothing behind', async () => {
  const { way, ask, isServed, port } = await startSwitch();
  const local = await way.mint.personaToken('user');
  expect([await ask(local), await ask(null), await isServed()]).toEqual(['user-dana', 'dev-user', false]);

  await way.useDevIssuer(true);
  const outside = await way.mint.personaToken('user');
  expect(way.current()).toMatchObject({ isTrial: true, auth: { mode: 'external' } });
  expect(way.mint.signs).toEqual({ algorithm: 'RS256' });
  expect([await ask(outside), await ask(local), await ask(null)]).toEqual([
    'user-dana',
    'Invalid token',
    'Not authenticated',
  ]);
  expect(await isServed()).toBe(true);
  const settings = Object.fromEntries(way.current().settings.map(({ name, ...rest }) => [name, rest]));
  expect(settings.MOZAIKS_AUTH_MODE).toMatchObject({ value: 'external', source: 'window' });
  expect(settings.MOZAIKS_ISSUER).toMatchObject({ value: `http://127.0.0.1:${port}` });
  expect(settings).not.toHaveProperty('JWT_SECRET');

  await way.useDevIssuer(false);
  expect([await ask(local), await ask(outside), await isServed()]).toEqual([
    'user-dana',
    'Invalid token',
    false,
  ]);
  expect(way.current()).toMatchObject({ isTrial: false, devIssuer: null });
});

it('a fetch of the keys is reported, whichever way is taken', async () => {
  const { way, ask } = await startSwitch();
  const fetched: (readonly string[] | undefined)[] = [];
  const unsubscribe = way.onKeysFetched(() => fetched.push(way.authenticator.keys()?.kids));
  await ask(await way.mint.personaToken('user'));
  expect(fetched).toEqual([]);
  await way.useDevIssuer(true);
  const kid = way.current().devIssuer?.view().kid;
  await ask(await way.mint.personaToken('user'));
  expect(fetched).toEqual([[kid]]);
  unsubscribe();
  await way.useDevIssuer(false);
  await way.useDevIssuer(true);
  expect(await ask(await way.mint.personaToken('user'))).toBe('user-dana');
  expect(fetched).toHaveLength(1);
});

it('clicks that race end where the last one says', async () => {
  const { way, isServed } = await startSwitch();
  await Promise.all([true, false, true, true, false, true].map((on) => way.useDevIssuer(on)));
  expect([way.current().isTrial, await isServed()]).toEqual([true, true]);
});

it('a taken port changes nothing and says which setting moves it', async () => {
  const first = await startSwitch();
  await first.way.useDevIssuer(true);
  const { way, ask } = await startSwitch({ MOZAIKS_DEV_ISSUER_PORT: String(first.port) });
  await expect(way.useDevIssuer(true)).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringContaining('MOZAIKS_DEV_ISSUER_PORT'),
  });
  expect([way.current().auth.mode, await ask(null)]).toEqual(['local', 'dev-user']);
});

it('settings of a real provider give way for the trial, and are back after it', async () => {
  const { way, config } = await startSwitch(EXTERNAL);
  expect(way.mint.signs.algorithm).toBeNull();
  await way.useDevIssuer(true);
  expect(way.current().auth).toMatchObject({ audience: 'workbench', devIssuer: expect.anything() });
  expect(way.mint.signs.algorithm).toBe('RS256');
  await way.useDevIssuer(false);
  expect(way.current().auth).toBe(config.auth);
});

it('algorithms that leave RS256 out make it impossible, in words', async () => {
  const { way } = await startSwitch({ ...EXTERNAL, MOZAIKS_JWT_ALGORITHMS: 'ES256' });
  await expect(way.useDevIssuer(true)).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringContaining(
      'MOZAIKS_JWT_ALGORITHMS=ES256 (environment): the development issuer signs with RS256',
    ),
  });
});

it('where the settings have the development issuer already, there is nothing to switch', async () => {
  const { way, isServed } = await startSwitch({ MOZAIKS_AUTH_MODE: 'external', MOZAIKS_DEV_ISSUER: 'true' });
  await way.useDevIssuer(true);
  expect([way.current().isTrial, await isServed()]).toEqual([false, true]);
  await way.useDevIssuer(false);
  expect(await isServed()).toBe(true);
});
