import { ERROR_STATUS, type ErrorCode } from '../../contract/errors.ts';
import { PLUGIN_NAME } from '../../contract/plugin-name.ts';
import { PLUGIN_STATUSES } from '../../contract/plugin-view.ts';
import { SHELL_SCHEMAS } from './shell-schemas.ts';

/**
 * The bodies of the contract as JSON Schema 2020-12 (CONTRACT.md §1, §2, §4). The runtime's own answers are
 * closed: an extra key is as wrong as a missing one. Only what the plugin or the client defines is open, and
 * what the contract allows to grow.
 */

const string = { type: 'string' };
const boolean = { type: 'boolean' };
const nullableString = { type: ['string', 'null'] };
const text = { type: 'string', minLength: 1 };

const pluginName = { type: 'string', pattern: PLUGIN_NAME.source };

/** The codes of a call that a plugin failed; a plugin may return its own code instead (CONTRACT.md §4). */
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

/** An object that may have further keys. */
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
  NotEntitled: { oneOf: [errorOf('FORBIDDEN'), errorOf('FEATURE_GATED')] },
  NotFound: errorOf('NOT_FOUND'),
  MethodNotAllowed: errorOf('METHOD_NOT_ALLOWED'),
  RequestTimeout: errorOf('REQUEST_TIMEOUT'),
  PayloadTooLarge: errorOf('PAYLOAD_TOO_LARGE'),
  Unprocessable: errorOf('UNPROCESSABLE_ENTITY'),
  LimitExceeded: errorOf('LIMIT_EXCEEDED'),
  HeadersTooLarge: errorOf('HEADERS_TOO_LARGE'),
  InternalError: errorOf('INTERNAL_ERROR'),
  Unavailable: errorOf('NOT_READY'),
  PluginFailure: object({
    detail: { type: 'string', description: "What went wrong; for PLUGIN_ERROR the plugin's own `error`." },
    error_code: {
      description: 'The kind of failure. A plugin that returns an `error` may set its own code.',
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
    plugins_loaded: { type: 'integer', minimum: 0, description: 'Plugins that can execute now.' },
  }),
  Ready: object({ status: { type: 'string', const: 'ready' }, app_id: string, app_tier: string }),
  NotReady: object({
    status: { type: 'string', const: 'not_ready' },
    reason: { ...text, description: 'Why it is not ready.' },
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
      error: { ...text, description: 'Why the newest version failed to load, in one line.' },
    },
    ['error'],
  ),
  PluginList: object({
    plugins: { type: 'array', items: { $ref: '#/components/schemas/PluginListEntry' } },
  }),
  SubscriptionSync: {
    ...open(
      object(
        {
          userId: string,
          user_id: string,
          plan: string,
          status: string,
          billingCycle: nullableString,
          nextBillingDate: nullableString,
          trialEndDate: nullableString,
          stripeSubscriptionId: nullableString,
          appId: nullableString,
        },
        [
          'userId',
          'user_id',
          'billingCycle',
          'nextBillingDate',
          'trialEndDate',
          'stripeSubscriptionId',
          'appId',
        ],
      ),
    ),
    anyOf: [{ required: ['userId'] }, { required: ['user_id'] }],
  },
  SubscriptionSynced: object({
    success: { type: 'boolean', const: true },
    user_id: string,
    plan: string,
    status: string,
  }),
  Access: object({ plugin: string, access: boolean }),
};

const EXECUTION = {
  ExecuteRequest: {
    type: 'object',
    description:
      'Any JSON object. `app_id`, `user_id`, `user_jwt`, `_entitlements` and `_context` in it are replaced, or removed when the runtime does not set them.',
    additionalProperties: true,
  },
  PluginInput: open(
    object(
      {
        app_id: string,
        user_id: text,
        user_jwt: { ...text, description: "The caller's bearer token; absent when none was sent." },
        _entitlements: { $ref: '#/components/schemas/PluginEntitlements' },
        _context: { $ref: '#/components/schemas/PluginContext' },
      },
      ['user_jwt'],
    ),
  ),
  PluginEntitlements: {
    ...open(
      object(
        {
          tier: string,
          features: { type: 'object', additionalProperties: boolean },
          limits: { type: 'object', additionalProperties: { type: 'object', required: ['allowed'] } },
          enforce: boolean,
        },
        ['tier', 'features', 'limits', 'enforce'],
      ),
    ),
    description: "What the caller's plan allows. Empty when MONETIZATION is off: nothing is restricted.",
  },
  PluginContext: {
    ...open(
      object({
        app_id: string,
        user_id: text,
        username: text,
        roles: { type: 'array', items: string, uniqueItems: true },
        is_superadmin: boolean,
      }),
    ),
    description:
      'The caller, as the runtime identified them. New keys may be added: do not rely on a closed set.',
  },
  PluginAnswer: {
    type: 'object',
    description:
      'The object that the plugin returned. An object with the key `error` is a failure and never answered with 200.',
    not: { required: ['error'] },
    additionalProperties: true,
  },
  HostAnswer: {
    type: 'object',
    description: 'The object that the plugin returned, as it is.',
    additionalProperties: true,
  },
  HostNotFound: object({ error: { type: 'string', const: 'Plugin not found' }, plugin: string }),
  HostFailure: {
    oneOf: [
      object({ error: { type: 'string', const: 'Plugin execution failed' }, details: string }),
      object({ error: { type: 'string', const: 'Plugin returned invalid response' }, details: string }),
      object({
        error: { type: 'string', const: 'Plugin load failed' },
        details: string,
        plugin: pluginName,
      }),
      { $ref: '#/components/schemas/InternalError' },
    ],
  },
};

export const SCHEMAS = { ...RUNTIME, ...PLUGINS, ...EXECUTION, ...SHELL_SCHEMAS, ...ERRORS };

export type SchemaName = keyof typeof SCHEMAS;
