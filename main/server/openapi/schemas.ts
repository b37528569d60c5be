import { ERROR_STATUS, type ErrorCode } from '../../contract/errors.ts';
import { PLUGIN_NAME } from '../../contract/plugin-name.ts';
import { PLUGIN_STATUSES } from '../../contract/plugin-view.ts';

/**
 * The bodies of the contract as JSON Schema 2020-12 (CONTRACT.md §1, §2, §4). Answers of the runtime's own are closed: a key too
 * many is as wrong as one too few. Open is only what is the plugin's or the client's, and what the contract lets grow.
 */

const string = { type: 'string' };
const boolean = { type: 'boolean' };
const text = { type: 'string', minLength: 1 };

const pluginName = { type: 'string', pattern: PLUGIN_NAME.source };

/** What a plugin may end a call with; it may name a code of its own instead (CONTRACT.md §4). */
const PLUGIN_CODES = [
  'PLUGIN_ERROR',
  'PLUGIN_EXCEPTION',
  'PLUGIN_TIMEOUT',
  'PLUGIN_CRASHED',
  'PLUGIN_INVALID_RESULT',
  'PLUGIN_LOAD_FAILED',
  'INTERNAL_ERROR',
] as const satisfies readonly ErrorCode[];

function object(properties: Readonly<Record<string, object>>, optional: readonly string[] = []): object {
  return {
    type: 'object',
    properties,
    required: Object.keys(properties).filter((name) => !optional.includes(name)),
    additionalProperties: false,
  };
}

/** An object that may hold more than is named here. */
function open(schema: object): object {
  return { ...schema, additionalProperties: true };
}

function errorOf(code: ErrorCode): object {
  return object({
    detail: text,
    error_code: { type: 'string', const: code },
    status_code: { type: 'integer', const: ERROR_STATUS[code] },
  });
}

const ERRORS = {
  BadRequest: errorOf('BAD_REQUEST'),
  Unauthorized: errorOf('UNAUTHORIZED'),
  Forbidden: errorOf('FORBIDDEN'),
  NotFound: errorOf('NOT_FOUND'),
  MethodNotAllowed: errorOf('METHOD_NOT_ALLOWED'),
  RequestTimeout: errorOf('REQUEST_TIMEOUT'),
  PayloadTooLarge: errorOf('PAYLOAD_TOO_LARGE'),
  HeadersTooLarge: errorOf('HEADERS_TOO_LARGE'),
  InternalError: errorOf('INTERNAL_ERROR'),
  Unavailable: errorOf('NOT_READY'),
  PluginFailure: object({
    detail: { type: 'string', description: "What went wrong; of PLUGIN_ERROR the plugin's own `error`." },
    error_code: {
      description:
        'Which way it went wrong. A plugin that answers with an `error` may name a code of its own.',
      anyOf: [{ type: 'string', enum: PLUGIN_CODES }, text],
    },
    status_code: { type: 'integer', const: 500 },
  }),
};

const RUNTIME = {
  Root: object({ message: string, version: { type: 'string', const: '1.0.0' } }),
  Health: object({
    status: { type: 'string', const: 'healthy' },
    app_id: string,
    app_tier: string,
    plugins_loaded: { type: 'integer', minimum: 0, description: 'Plugins that would execute now.' },
  }),
  Ready: object({ status: { type: 'string', const: 'ready' }, app_id: string, app_tier: string }),
  NotReady: object({
    status: { type: 'string', const: 'not_ready' },
    reason: { ...text, description: 'Why not, in words.' },
    app_id: string,
  }),
  Info: object({
    app_id: string,
    app_tier: string,
    app_name: string,
    port: { type: 'integer', minimum: 1, maximum: 65_535 },
    ready: { ...boolean, description: 'What `/ready` would answer.' },
  }),
  OpenApiDocument: open(
    object({
      openapi: { type: 'string', pattern: '^3\\.1\\.\\d+$' },
      info: { type: 'object' },
      paths: { type: 'object' },
    }),
  ),
};

const PLUGINS = {
  PluginListEntry: object(
    {
      name: pluginName,
      display_name: text,
      description: string,
      version: string,
      enabled: boolean,
      backend: { ...string, description: 'The import path that production would use.' },
      status: { type: 'string', enum: PLUGIN_STATUSES },
      error: { ...text, description: 'Why the newest version does not load, in one line.' },
    },
    ['error'],
  ),
  PluginList: object({
    plugins: { type: 'array', items: { $ref: '#/components/schemas/PluginListEntry' } },
  }),
  Access: object({ plugin: pluginName, access: { type: 'boolean', const: true } }),
};

const EXECUTION = {
  ExecuteRequest: {
    type: 'object',
    description:
      'Any JSON object. `app_id`, `user_id`, `user_jwt` and `_context` in it are replaced, or removed where the runtime sets none.',
    additionalProperties: true,
  },
  PluginInput: open(
    object(
      {
        app_id: string,
        user_id: text,
        user_jwt: { ...text, description: "The caller's bearer token; absent when none was sent." },
        _context: { $ref: '#/components/schemas/PluginContext' },
      },
      ['user_jwt'],
    ),
  ),
  PluginContext: {
    ...open(
      object({
        app_id: string,
        user_id: text,
        username: { type: ['string', 'null'] },
        roles: { type: 'array', items: string, uniqueItems: true },
        is_superadmin: boolean,
      }),
    ),
    description:
      'Who calls, as the runtime found out. May grow keys: nothing may depend on its being closed.',
  },
  PluginAnswer: {
    type: 'object',
    description:
      'The object that the plugin returned. One with a key `error` is a failure and never comes with 200.',
    not: { required: ['error'] },
    additionalProperties: true,
  },
  HostNotFound: object({ error: { type: 'string', const: 'Plugin not found' }, plugin: string }),
  HostFailure: {
    oneOf: [
      object({ error: { type: 'string', const: 'Plugin execution failed' }, details: string }),
      object({
        error: { type: 'string', const: 'Plugin load failed' },
        details: string,
        plugin: pluginName,
      }),
      { $ref: '#/components/schemas/InternalError' },
    ],
  },
};

export const SCHEMAS = { ...RUNTIME, ...PLUGINS, ...EXECUTION, ...ERRORS };

export type SchemaName = keyof typeof SCHEMAS;
