import { expect, it } from 'vitest';
import { pluginEnvironment } from '../../main/hosts/environment.ts';

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
