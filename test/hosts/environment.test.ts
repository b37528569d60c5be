import { expect, it } from 'vitest';
import { pluginEnvironment, withheldNames } from '../../main/hosts/environment.ts';

it('lets only known names through', () => {
  const seen = pluginEnvironment({
    PATH: '/bin',
    LC_ALL: 'C',
    TZ: 'UTC',
    JWT_SECRET: 's',
    NODE_OPTIONS: '--inspect',
    ELECTRON_RUN_AS_NODE: '1',
    DATABASE_URL: 'postgres://',
    MOZAIKS_APP_ID: 'app',
    MOZAIKS_PLUGIN_TIMEOUT_SECONDS: '5',
    HOME: undefined,
  });
  expect(seen).toEqual({ PATH: '/bin', LC_ALL: 'C', TZ: 'UTC', MOZAIKS_PLUGIN_TIMEOUT_SECONDS: '5' });
});

it('passes what is meant for plugins under both names, but nothing that changes how a process starts', () => {
  const seen = pluginEnvironment({
    MOZAIKS_PLUGIN_ENV_KEY: 'k',
    MOZAIKS_PLUGIN_ENV_NODE_OPTIONS: '-r x',
    MOZAIKS_PLUGIN_ENV_ELECTRON_RUN_AS_NODE: '0',
    MOZAIKS_PLUGIN_ENV_JWT_SECRET: 's',
    MOZAIKS_PLUGIN_ENV_LD_PRELOAD: 'x',
    MOZAIKS_PLUGIN_ENV_: 'nameless',
  });
  expect(seen).toEqual({ KEY: 'k', MOZAIKS_PLUGIN_ENV_KEY: 'k' });
});

it('adds the variables for plugins; the process’s own win where they are allowed', () => {
  const seen = pluginEnvironment(
    { PATH: '/bin', STRIPE_KEY: 'of the process', MOZAIKS_PLUGIN_TIMEOUT_SECONDS: '5' },
    { PATH: '/of/the/file', STRIPE_KEY: 'sk', EMPTY: '', MOZAIKS_PLUGIN_ENV_KEY: 'k' },
  );
  expect(seen).toEqual({
    PATH: '/bin',
    STRIPE_KEY: 'sk',
    EMPTY: '',
    KEY: 'k',
    MOZAIKS_PLUGIN_ENV_KEY: 'k',
    MOZAIKS_PLUGIN_TIMEOUT_SECONDS: '5',
  });
});

it.each([
  'JWT_SECRET',
  'JWT_SECRET_KEY',
  'INTERNAL_API_KEY',
  'MOZAIKS_API_KEY',
  'MOZAIKS_APP_ADMIN_KEY',
  'MOZAIKS_EXECUTION_TOKEN_SECRET',
  'MOZAIKS_EXECUTION_TOKEN_TTL',
  'NODE_OPTIONS',
  'ELECTRON_RUN_AS_NODE',
  'node_options',
  'NODE_CHANNEL_FD',
  'LD_PRELOAD',
  'DYLD_INSERT_LIBRARIES',
])('P6: never passes %s on, whoever sets it', (name) => {
  const variables = { [name]: 'x', [`MOZAIKS_PLUGIN_ENV_${name}`]: 'x' };
  expect(pluginEnvironment(variables, variables)).toEqual({});
});

it('names what is set and not passed on, wherever it is set', () => {
  const environment = {
    PATH: '/bin',
    SHOP_KEY: 'k',
    MOZAIKS_PLUGIN_ENV_KEY: 'k',
    IN_BOTH: 'x',
    HOME: undefined,
    UNSET: undefined,
  };
  const withheld = withheldNames(environment, { JWT_SECRET_KEY: 'x', STRIPE_KEY: 'sk', IN_BOTH: 'x' });
  expect([...withheld]).toEqual(['SHOP_KEY', 'JWT_SECRET_KEY']);
});
