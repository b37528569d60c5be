import { join } from 'node:path';
import { expect, it } from 'vitest';
import { load } from '../support/configuration.ts';

const MONGO = 'mongodb://app:pass%2Dphrase@db1:27017,db2:27017/app';

it('holds every variable of the .env files, as the process’s own environment lets them be', async () => {
  const files = {
    '.env': 'STRIPE_KEY=sk_here\nBOTH=here\nEMPTY=',
    'apps/.env': 'BOTH=beside\nFROM_PROCESS=file',
  };
  const env = { FROM_PROCESS: 'process', NOT_IN_A_FILE: 'x' };
  const { pluginVariables } = await load({ files, env, argv: ['--plugins', 'apps/plugins'] });
  expect(pluginVariables).toMatchObject({
    STRIPE_KEY: 'sk_here',
    BOTH: 'beside',
    EMPTY: '',
    FROM_PROCESS: 'process',
  });
  expect(pluginVariables).not.toHaveProperty('NOT_IN_A_FILE');
});

it('holds the settings in effect, set or not', async () => {
  const plain = await load();
  expect(plain.pluginVariables).toMatchObject({
    MOZAIKS_APP_ID: 'dev_app',
    APP_TIER: 'free',
    APP_NAME: 'Mozaiks',
    MOZAIKS_AUTH_MODE: 'local',
    MOZAIKS_PLUGINS_PATH: join(plain.cwd, 'plugins'),
    MOZAIKS_CONFIGS_PATH: join(plain.cwd, 'config'),
    MONETIZATION: '0',
  });
  for (const name of ['ENV', 'DATABASE_URI', 'MONGODB_URI', 'PLUGINS_DB_NAME']) {
    expect(plain.pluginVariables).not.toHaveProperty(name);
  }
  const env = {
    MOZAIKS_APP_ID: 'shop',
    MOZAIKS_AUTH_MODE: 'jwt',
    ENV: 'production',
    MONETIZATION: '1',
    MOZAIKS_CONFIGS_PATH: '/srv/config',
    PLUGINS_DB_NAME: 'Shop',
    MONGODB_URI: MONGO,
  };
  const { pluginVariables } = await load({ env });
  expect(pluginVariables).toMatchObject({ ...env, MOZAIKS_AUTH_MODE: 'local', DATABASE_URI: MONGO });
});

it('keeps two databases apart where both are set', async () => {
  const env = { MONGODB_URI: 'mongodb://b', DATABASE_URI: 'mongodb://a' };
  expect((await load({ env })).pluginVariables).toMatchObject(env);
});

it('names its values as secrets, but not what the settings show', async () => {
  const files = { '.env': `STRIPE_KEY=sk_test_0123\nSHORT=abc\nAPP_NAME=Corner Shop\nENV=production` };
  const env = {
    MOZAIKS_PLUGIN_ENV_KEY: 'meant-for-plugins',
    DATABASE_URI: MONGO,
    AWS_KEY: 'never-passed-on',
  };
  const { secrets } = await load({ files, env });
  expect(secrets).toEqual(
    expect.arrayContaining(['sk_test_0123', 'meant-for-plugins', MONGO, 'pass%2Dphrase']),
  );
  for (const text of ['abc', 'Corner Shop', 'production', 'never-passed-on', 'local']) {
    expect(secrets).not.toContain(text);
  }
});
