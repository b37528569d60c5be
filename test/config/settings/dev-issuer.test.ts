import { expect, it } from 'vitest';
import { EXTERNAL, load, problemsOf, settingOf } from '../../support/configuration.ts';

const DEV = { MOZAIKS_AUTH_MODE: 'external', MOZAIKS_DEV_ISSUER: 'true' };

it('is off unless asked for, and listed as such in both modes', async () => {
  for (const env of [{}, EXTERNAL]) {
    const config = await load({ env });
    expect(settingOf(config, 'MOZAIKS_DEV_ISSUER')).toMatchObject({ value: 'false', source: 'default' });
    expect(config.auth.mode === 'external' && config.auth.devIssuer).toBe(env === EXTERNAL ? null : false);
  }
});

it('sets what external mode needs, and the settings say so', async () => {
  const config = await load({ env: DEV });
  expect(config.auth).toMatchObject({
    mode: 'external',
    devIssuer: { port: 8770 },
    issuer: 'http://127.0.0.1:8770',
    jwksUrl: 'http://127.0.0.1:8770/.well-known/jwks.json',
    audience: 'mozaiks-workbench',
    algorithms: ['RS256'],
  });
  expect(settingOf(config, 'MOZAIKS_ISSUER')).toMatchObject({
    value: 'http://127.0.0.1:8770',
    source: 'generated',
    origin: 'development issuer (MOZAIKS_DEV_ISSUER)',
  });
  expect(settingOf(config, 'MOZAIKS_JWKS_URL')?.source).toBe('generated');
  expect(settingOf(config, 'MOZAIKS_AUDIENCE')?.source).toBe('default');
  expect(settingOf(config, 'MOZAIKS_DEV_ISSUER')).toMatchObject({ value: 'true', source: 'environment' });
});

it('comes from the command line and from a .env file too', async () => {
  for (const argv of [
    ['--auth-mode', 'external', '--dev-issuer'],
    ['--dev-issuer', '--auth-mode=external'],
    ['--auth-mode', 'oidc', '--dev-issuer=yes'],
  ]) {
    const config = await load({ argv });
    expect(config.auth).toMatchObject({ mode: 'external', devIssuer: { port: 8770 } });
    expect(settingOf(config, 'MOZAIKS_DEV_ISSUER')?.origin).toBe('--dev-issuer (command line)');
  }
  const file = 'MOZAIKS_AUTH_MODE=external\nMOZAIKS_DEV_ISSUER=true\nMOZAIKS_DEV_ISSUER_PORT=8801\n';
  const config = await load({ files: { '.env': file } });
  expect(config.auth).toMatchObject({ issuer: 'http://127.0.0.1:8801' });
  expect(settingOf(config, 'MOZAIKS_DEV_ISSUER')?.source).toBe('env-file');
});

it('keeps an audience that was chosen', async () => {
  const config = await load({
    env: { ...DEV, MOZAIKS_AUDIENCE: 'plugins', MOZAIKS_JWT_ALGORITHMS: 'ES256,RS256' },
  });
  expect(config.auth).toMatchObject({ audience: 'plugins', algorithms: ['ES256', 'RS256'] });
});

it('its own address given by hand is no conflict', async () => {
  const config = await load({ env: { ...DEV, MOZAIKS_ISSUER: 'http://127.0.0.1:8770' } });
  expect(settingOf(config, 'MOZAIKS_ISSUER')?.source).toBe('environment');
});

it('another provider beside it is refused, each variable with its remedy', async () => {
  const { names, message } = await problemsOf({
    env: { ...EXTERNAL, ...DEV, MOZAIKS_JWT_ALGORITHMS: 'ES256' },
  });
  expect(names).toEqual(['MOZAIKS_JWKS_URL', 'MOZAIKS_ISSUER', 'MOZAIKS_JWT_ALGORITHMS']);
  expect(message).toContain(
    'MOZAIKS_ISSUER=http://127.0.0.1:9 (environment): conflicts with MOZAIKS_DEV_ISSUER, whose value here is http://127.0.0.1:8770; remove one of the two',
  );
  expect(message).toContain('the development issuer signs with RS256; add it');
});

it.each(['0', '65536', 'any', '-1'])('the port can’t be %s', async (port) => {
  const { names } = await problemsOf({ env: { ...DEV, MOZAIKS_DEV_ISSUER_PORT: port } });
  expect(names).toEqual(['MOZAIKS_DEV_ISSUER_PORT']);
});

it('in local mode it does nothing, and that is said', async () => {
  const config = await load({ env: { MOZAIKS_DEV_ISSUER: 'true' } });
  expect(config.auth.mode).toBe('local');
  expect(config.notices.join()).toMatch(
    /MOZAIKS_DEV_ISSUER has no effect in local mode: set MOZAIKS_AUTH_MODE/,
  );
});

it('external mode without a provider names it as the way to try', async () => {
  const { message } = await problemsOf({ env: { MOZAIKS_AUTH_MODE: 'external' } });
  expect(message).toContain('MOZAIKS_DEV_ISSUER=true');
});
