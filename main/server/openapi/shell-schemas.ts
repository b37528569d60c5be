/** The bodies of what the platform's page asks, as JSON Schema (CONTRACT.md §2). */

const string = { type: 'string' };
const boolean = { type: 'boolean' };
const count = { type: 'integer', minimum: 0 };
const anyObject = { type: 'object', additionalProperties: true };

function closed(properties: Readonly<Record<string, object>>): object {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

export const SHELL_SCHEMAS = {
  AppConfig: closed({
    monetization_enabled: boolean,
    app_name: string,
    app_version: { type: 'string', const: '1.0.0' },
    env: string,
  }),
  Navigation: closed({ navigation: { type: 'array', items: anyObject } }),
  ThemeConfig: { ...anyObject, description: 'What `theme_config.json` holds.' },
  PluginSettings: { description: 'What was saved last; an empty object before that.' },
  SaveSettings: { ...anyObject, description: 'Replaces all settings of the plugin.' },
  SettingsSaved: closed({ success: { type: 'boolean', const: true }, message: string }),
  Notification: {
    type: 'object',
    properties: { id: string, user_id: string, type: string, created_at: string, read: boolean },
    required: ['id', 'read'],
    additionalProperties: true,
  },
  NotificationList: closed({
    notifications: { type: 'array', items: { $ref: '#/components/schemas/Notification' } },
    count: { ...count, description: 'Of this answer.' },
    unread_count: { ...count, description: 'Of all notifications of the user.' },
    unread_only: boolean,
    timestamp: string,
  }),
  Message: closed({ message: string }),
};
