import type { Operation } from '../route.ts';
import { TOO_LARGE } from './execute-operations.ts';
import { ANY_REQUEST, errorExample } from './responses.ts';

/** What the platform's page asks about the app and a plugin's settings, for `/openapi.json` (CONTRACT.md §2). */

const PLUGIN = { name: 'name', description: 'The plugin.', example: 'notes' };

export const appConfigOperation: Operation = {
  id: 'appConfig',
  tag: 'App',
  summary: 'Names and switches of the app',
  description: 'The name is `branding.app_name` of `theme_config.json`, else `APP_NAME`.',
  needsUser: false,
  answers: {
    200: {
      description: 'The app.',
      schema: 'AppConfig',
      examples: {
        app: {
          summary: 'The app',
          value: {
            monetization_enabled: false,
            app_name: 'Mozaiks',
            app_version: '1.0.0',
            env: 'development',
          },
        },
      },
    },
  },
};

export const themeOperation: Operation = {
  id: 'themeConfig',
  tag: 'App',
  summary: 'The theme of the app',
  description: 'What `theme_config.json` in `MOZAIKS_CONFIGS_PATH` holds; an empty object without it.',
  needsUser: false,
  answers: {
    200: {
      description: 'The theme.',
      schema: 'ThemeConfig',
      examples: {
        theme: { summary: 'A theme', value: { default_theme: 'light', branding: { app_name: 'Notes' } } },
        none: { summary: 'No file', value: {} },
      },
    },
  },
};

export const navigationOperation: Operation = {
  id: 'navigation',
  tag: 'App',
  summary: 'The entries of the navigation',
  description:
    'Those of `navigation_config.json`: its `default`, then of its `plugins` those whose `plugin_name` is enabled and ' +
    "included in the user's plan. `/subscriptions` is left out where MONETIZATION is off.",
  needsUser: true,
  answers: {
    200: {
      description: 'The entries.',
      schema: 'Navigation',
      examples: {
        entries: {
          summary: 'A page and a plugin',
          value: {
            navigation: [
              { label: 'Profile', path: '/profile' },
              { label: 'Notes', path: '/plugins/notes', plugin_name: 'notes' },
            ],
          },
        },
        none: { summary: 'No file', value: { navigation: [] } },
      },
    },
  },
};

const NO_ACCESS = {
  ...ANY_REQUEST[403],
  description:
    "This runtime does not serve the Host or the Origin of the request; or the user's plan lacks the plugin.",
  examples: {
    ...ANY_REQUEST[403].examples,
    plan: errorExample('FORBIDDEN', 'The plan lacks the plugin', 'Access denied to plugin settings'),
  },
};

export const pluginSettingsOperation: Operation = {
  id: 'pluginSettings',
  tag: 'App',
  summary: "The user's settings of a plugin",
  description: 'The same that `settings_manager` gives the plugin.',
  needsUser: true,
  parameter: PLUGIN,
  answers: {
    200: {
      description: 'The settings.',
      schema: 'PluginSettings',
      examples: {
        saved: { summary: 'Saved before', value: { view: 'list' } },
        none: { summary: 'Never saved', value: {} },
      },
    },
    403: NO_ACCESS,
  },
};

export const savePluginSettingsOperation: Operation = {
  id: 'savePluginSettings',
  tag: 'App',
  summary: "Save the user's settings of a plugin",
  description:
    'Replaces them, publishes `settings_updated` and `plugin_settings_updated`, and creates a notification.',
  needsUser: true,
  parameter: PLUGIN,
  requestBody: {
    description: 'The settings.',
    required: true,
    schema: 'SaveSettings',
    examples: { list: { summary: 'One setting', value: { view: 'list' } } },
  },
  answers: {
    200: {
      description: 'Saved.',
      schema: 'SettingsSaved',
      examples: {
        saved: { summary: 'Saved', value: { success: true, message: 'Settings saved successfully' } },
      },
    },
    403: NO_ACCESS,
    413: TOO_LARGE,
  },
};
