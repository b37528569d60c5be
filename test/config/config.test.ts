import { join } from 'node:path';
import { expect, it } from 'vitest';
import { processSources } from '../../main/config/config.ts';
import { EXTERNAL, load, problemsOf, settingOf } from '../support/configuration.ts';

const SECRET = 'a-secret-of-more-than-thirty-two-bytes!';

it('has the defaults of contract §5', async () => {
  const config = await load();
  expect(config).toMatchObject({
    app: { appId: 'dev_app', origin: 'MOZAIKS_APP_ID (default)' },
    appTier: 'free',
    appName: 'Mozaiks',
    host: '127.0.0.1',
    port: 8080,
    portExplicit: false,
    allowedHosts: [],
    pluginsPath: join(config.cwd, 'plugins'),
    timeoutMs: 30_000,
    maxConcurrency: 8,
    maxBodyBytes: 1_000_000,
    maxLiveHosts: 8,
    pluginMemoryMb: 512,
    python: 'python3',
    watch: 'auto',
    corsOrigins: ['http://localhost:5173'],
    auth: {
      mode: 'local',
      algorithm: 'HS256',
      requireToken: false,
      leewaySeconds: 60,
      claims: { superadminRole: 'superadmin' },
    },
    notices: [],
  });
  expect(Object.isFrozen(config.auth)).toBe(true);
});

it('takes the interpreter of Python plugins, and shows it', async () => {
  const config = await load({ env: { MOZAIKS_PYTHON: '/srv/venv' } });
  expect(config.python).toBe('/srv/venv');
  expect(settingOf(config, 'MOZAIKS_PYTHON')).toMatchObject({ value: '/srv/venv', source: 'environment' });
});

it('command line beats environment, which beats the .env beside the plugins, which beats the one here', async () => {
  const files = {
    '.env': 'MOZAIKS_PLUGINS_PATH=apps/plugins\nPORT=1\nHOST=127.0.0.4\nAPP_TIER=here\nAPP_NAME=here',
    'apps/.env': 'PORT=2\nHOST=127.0.0.3\nAPP_TIER=beside',
  };
  const config = await load({ files, env: { PORT: '3', HOST: '127.0.0.2' }, argv: ['--port=4'] });
  expect(config).toMatchObject({ port: 4, host: '127.0.0.2', appTier: 'beside', appName: 'here' });
  expect(config.pluginsPath).toBe(join(config.cwd, 'apps/plugins'));
  expect(settingOf(config, 'PORT')).toMatchObject({ value: '4', origin: '--port (command line)' });
  expect(settingOf(config, 'HOST')).toMatchObject({ source: 'environment', origin: 'HOST (environment)' });
  expect(settingOf(config, 'APP_TIER')).toMatchObject({
    source: 'env-file',
    origin: `APP_TIER (${join(config.cwd, 'apps/.env')})`,
  });
  expect(settingOf(config, 'MOZAIKS_APP_ID')).toMatchObject({
    source: 'default',
    origin: 'MOZAIKS_APP_ID (default)',
  });
});

it('a .env beside the plugins can’t move the plugins’ folder, and says so', async () => {
  const files = { 'apps/.env': 'MOZAIKS_PLUGINS_PATH=/elsewhere' };
  const config = await load({ files, argv: ['--plugins', 'apps/plugins'] });
  expect(config.pluginsPath).toBe(join(config.cwd, 'apps/plugins'));
  expect(config.notices.join()).toContain('MOZAIKS_PLUGINS_PATH');
});

it('an empty variable counts as unset', async () => {
  const config = await load({ env: { PORT: ' ', MOZAIKS_APP_ID: '' }, files: { '.env': 'PORT=9000' } });
  expect(config).toMatchObject({ port: 9000, app: { appId: 'dev_app' } });
});

it('the older timeout name works only while the new one is set nowhere', async () => {
  const alias = await load({ env: { PLUGIN_EXEC_TIMEOUT_S: '7' } });
  expect(alias.timeoutMs).toBe(7000);
  expect(settingOf(alias, 'MOZAIKS_PLUGIN_TIMEOUT_SECONDS')).toMatchObject({
    value: '7',
    source: 'deprecated-alias',
  });
  expect(alias.notices.join()).toContain('set MOZAIKS_PLUGIN_TIMEOUT_SECONDS=7 instead');
  const files = { '.env': 'MOZAIKS_PLUGIN_TIMEOUT_SECONDS=0.5' };
  const both = await load({ env: { PLUGIN_EXEC_TIMEOUT_S: '7' }, files });
  expect(both.timeoutMs).toBe(500);
  expect(both.notices.join()).toContain('no effect');
});

it.each([
  ['local', 'local'],
  ['JWT', 'local'],
  ['external', 'external'],
  ['oidc', 'external'],
  ['platform', 'external'],
])('auth mode %s is %s', async (given, mode) => {
  const config = await load({ env: { ...EXTERNAL, MOZAIKS_AUTH_MODE: given } });
  expect(config.auth.mode).toBe(mode);
  expect(settingOf(config, 'MOZAIKS_AUTH_MODE')?.value).toBe(mode);
});

it('external mode takes its keys from the provider alone', async () => {
  const config = await load({
    env: {
      ...EXTERNAL,
      MOZAIKS_JWT_ALGORITHMS: 'RS256, ES256',
      MOZAIKS_ROLES_CLAIM: 'a.b',
      JWT_SECRET: SECRET,
    },
  });
  expect(config.auth).toEqual({
    mode: 'external',
    devIssuer: null,
    jwksUrl: 'http://127.0.0.1:9/jwks',
    issuer: 'http://127.0.0.1:9',
    audience: 'workbench',
    algorithms: ['RS256', 'ES256'],
    leewaySeconds: 60,
    claims: { roles: 'a.b', superadminRole: 'superadmin', superadminRoleIsSet: false },
  });
  expect(config.secrets).toEqual([SECRET]);
  expect(JSON.stringify(config.settings)).not.toContain(SECRET);
});

it('origins and hosts are lists without duplicates', async () => {
  const config = await load({
    env: {
      ADDITIONAL_CORS_ORIGINS: 'https://a.test, http://localhost:5173,,https://a.test:8443',
      ALLOWED_HOSTS: 'Workbench.test:8080,[::1]:80',
    },
  });
  expect(config.corsOrigins).toEqual(['http://localhost:5173', 'https://a.test', 'https://a.test:8443']);
  expect(config.allowedHosts).toEqual(['workbench.test:8080', '[::1]:80']);
});

it('one message lists every bad variable with value, place and remedy', async () => {
  const { message, names } = await problemsOf({
    env: { PORT: 'http', JWT_SECRET: 'hunter2-hunter2', FRONTEND_URL: '*' },
    files: { '.env': 'MAX_REQUEST_BODY_BYTES=lots' },
    argv: ['--verbose', '--host', 'localhost', '--host=127.0.0.1', '--plugins'],
  });
  expect(names).toEqual([
    '--verbose',
    '--host',
    '--plugins',
    'PORT',
    'FRONTEND_URL',
    'MAX_REQUEST_BODY_BYTES',
    'JWT_SECRET',
  ]);
  expect(message).toMatch(/^Invalid settings:/);
  expect(message).toContain('  PORT=http (environment): give a whole number from 0 to 65535');
  expect(message).toMatch(/MAX_REQUEST_BODY_BYTES=lots \(\/.*\.env\): give/);
  expect(message).not.toContain('hunter2');
});

it('an address beyond this machine needs allowed hosts and a mandatory token', async () => {
  const wide = { HOST: '0.0.0.0', ALLOWED_HOSTS: 'workbench.test:8080' };
  expect((await problemsOf({ env: wide })).names).toEqual(['HOST']);
  expect((await problemsOf({ env: { HOST: '0.0.0.0', MOZAIKS_REQUIRE_TOKEN: 'true' } })).names).toEqual([
    'HOST',
  ]);
  expect((await load({ env: { ...wide, MOZAIKS_REQUIRE_TOKEN: 'true' } })).host).toBe('0.0.0.0');
  expect((await load({ env: { ...EXTERNAL, ...wide } })).host).toBe('0.0.0.0');
});

it('localhost means the address, and loopback addresses need nothing', async () => {
  expect((await load({ argv: ['--host', 'localhost'] })).host).toBe('127.0.0.1');
  expect((await load({ env: { HOST: '[::1]' } })).host).toBe('::1');
});

it('port 0 is explicit and allowed', async () => {
  expect(await load({ argv: ['--port', '0'] })).toMatchObject({ port: 0, portExplicit: true });
});

it('a .env that can’t be read is a problem', async () => {
  const { names } = await problemsOf({ files: { '.env/file': '' } });
  expect(names[0]).toMatch(/\.env$/);
});

it('a secret is used exactly as given, masked in the settings', async () => {
  const config = await load({ env: { JWT_SECRET: ` ${SECRET}` } });
  expect(config.auth).toMatchObject({ secret: ` ${SECRET}` });
  expect(config.secrets).toContain(` ${SECRET}`);
  expect(settingOf(config, 'JWT_SECRET')).toMatchObject({ secret: true, source: 'environment' });
  expect(JSON.stringify([config.settings, config.notices])).not.toContain(SECRET);
});

it('the start script’s word about Electron is a notice, no setting', async () => {
  const config = await load({ env: { MOZAIKS_WORKBENCH_ELECTRON_NOTICE: 'This Electron is old.' } });
  expect(config.notices).toEqual(['This Electron is old.']);
  expect(settingOf(config, 'MOZAIKS_WORKBENCH_ELECTRON_NOTICE')).toBeUndefined();
});

it('processSources reads the process', () => {
  const sources = processSources(['--port', '1']);
  expect(sources).toMatchObject({ argv: ['--port', '1'], cwd: process.cwd() });
  expect(sources.env.PATH).toBe(process.env.PATH);
  expect(sources.configPath).toMatch(/mozaiks-workbench$/);
});
