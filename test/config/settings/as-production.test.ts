import { expect, it } from 'vitest';
import { EXTERNAL, load, problemsOf, settingOf } from '../../support/configuration.ts';

const { MOZAIKS_AUTH_MODE: _mode, ...PROVIDER } = EXTERNAL;
const ON = { ...PROVIDER, MOZAIKS_AS_PRODUCTION: 'true' };

it('is off by default, and listed', async () => {
  const config = await load();
  expect(config).toMatchObject({ asProduction: false, auth: { mode: 'local', leewaySeconds: 60 } });
  expect(settingOf(config, 'MOZAIKS_AS_PRODUCTION')).toMatchObject({ value: 'false', source: 'default' });
  const off = await load({ env: { MOZAIKS_AS_PRODUCTION: 'no' } });
  expect(off.auth.mode).toBe('local');
});

it('is external mode without leeway, and the settings say where that comes from', async () => {
  const config = await load({ env: ON });
  expect(config).toMatchObject({
    asProduction: true,
    auth: { mode: 'external', leewaySeconds: 0 },
    notices: [],
  });
  const place = 'set by MOZAIKS_AS_PRODUCTION (environment)';
  expect(settingOf(config, 'MOZAIKS_AUTH_MODE')).toMatchObject({
    value: 'external',
    source: 'generated',
    origin: `MOZAIKS_AUTH_MODE (${place})`,
  });
  expect(settingOf(config, 'MOZAIKS_JWT_LEEWAY_SECONDS')).toMatchObject({
    value: '0',
    origin: `MOZAIKS_JWT_LEEWAY_SECONDS (${place})`,
  });
  expect(settingOf(config, 'MOZAIKS_AS_PRODUCTION')?.origin).toBe('MOZAIKS_AS_PRODUCTION (environment)');
});

it('comes from the command line and from a .env file, with the development issuer too', async () => {
  const line = await load({ argv: ['--as-production', '--dev-issuer'] });
  expect(line.auth).toMatchObject({ mode: 'external', leewaySeconds: 0, devIssuer: { port: 8770 } });
  expect(settingOf(line, 'MOZAIKS_AUTH_MODE')?.origin).toBe('MOZAIKS_AUTH_MODE (set by --as-production)');
  const file = await load({ env: PROVIDER, files: { '.env': 'MOZAIKS_AS_PRODUCTION=on' } });
  expect(file.auth).toMatchObject({ mode: 'external', leewaySeconds: 0 });
  const over = await load({ env: ON, argv: ['--as-production=false'] });
  expect(over.auth).toMatchObject({ mode: 'local', leewaySeconds: 60 });
});

it('needs a provider, and names the development issuer', async () => {
  const { names, message } = await problemsOf({ argv: ['--as-production'] });
  expect(names).toEqual(['MOZAIKS_JWKS_URL', 'MOZAIKS_ISSUER', 'MOZAIKS_AUDIENCE']);
  expect(message).toContain('MOZAIKS_DEV_ISSUER=true');
});

it('refuses what contradicts it in the same place or a stronger one', async () => {
  const env = { ...ON, MOZAIKS_AUTH_MODE: 'local', MOZAIKS_JWT_LEEWAY_SECONDS: '5' };
  const { message } = await problemsOf({ env });
  expect(message).toContain(
    'MOZAIKS_AUTH_MODE=local (environment): contradicts MOZAIKS_AS_PRODUCTION, which makes it external; remove one of the two',
  );
  expect(message).toContain(
    'MOZAIKS_JWT_LEEWAY_SECONDS=5 (environment): contradicts MOZAIKS_AS_PRODUCTION, which makes it 0; remove one of the two',
  );
  const { names } = await problemsOf({ env: ON, argv: ['--auth-mode', 'local'] });
  expect(names).toEqual(['MOZAIKS_AUTH_MODE']);
});

it('wins over what is set with less weight, and says so; agreement is none of its business', async () => {
  const file = 'MOZAIKS_AUTH_MODE=local\nMOZAIKS_JWT_LEEWAY_SECONDS=30\n';
  const config = await load({ env: PROVIDER, argv: ['--as-production'], files: { '.env': file } });
  expect(config.auth).toMatchObject({ mode: 'external', leewaySeconds: 0 });
  expect(config.notices).toEqual([
    expect.stringMatching(
      /^MOZAIKS_AUTH_MODE=local \(.*\.env\) has no effect: --as-production makes it external\.$/,
    ),
    expect.stringMatching(
      /^MOZAIKS_JWT_LEEWAY_SECONDS=30 \(.*\.env\) has no effect: --as-production makes it 0\.$/,
    ),
  ]);
  const agrees = { ...ON, MOZAIKS_AUTH_MODE: 'oidc', MOZAIKS_JWT_LEEWAY_SECONDS: '00' };
  expect((await load({ env: agrees })).auth.mode).toBe('external');
});

it('is true or false', async () => {
  const { message } = await problemsOf({ env: { MOZAIKS_AS_PRODUCTION: 'maybe' } });
  expect(message).toContain('MOZAIKS_AS_PRODUCTION=maybe (environment): give true or false');
});
