import { ERROR_STATUS } from '../contract/errors.ts';
import { PLUGIN_STATUSES } from '../contract/plugin-view.ts';

/** The bodies of the contract as JSON Schema (contract §1, §2). */

const string = { type: 'string' };
const boolean = { type: 'boolean' };

function object(properties: Readonly<Record<string, object>>, optional: readonly string[] = []): object {
  return {
    type: 'object',
    properties,
    required: Object.keys(properties).filter((name) => !optional.includes(name)),
  };
}

export const SCHEMAS = {
  Error: object({
    detail: string,
    error_code: {
      type: 'string',
      description: 'A plugin that answers with an error may name a code of its own.',
      examples: Object.keys(ERROR_STATUS),
    },
    status_code: { type: 'integer' },
  }),
  Root: object({ message: string, version: string }),
  Health: object({
    status: { const: 'healthy' },
    app_id: string,
    app_tier: string,
    plugins_loaded: { type: 'integer', minimum: 0, description: 'Plugins that would execute now.' },
  }),
  Ready: object({ status: { const: 'ready' }, app_id: string, app_tier: string }),
  NotReady: object({ status: { const: 'not_ready' }, reason: string, app_id: string }),
  Info: object({
    app_id: string,
    app_tier: string,
    app_name: string,
    port: { type: 'integer' },
    ready: boolean,
  }),
  PluginListEntry: object(
    {
      name: string,
      display_name: string,
      description: string,
      version: string,
      enabled: boolean,
      backend: string,
      status: { enum: PLUGIN_STATUSES },
      error: string,
    },
    ['error'],
  ),
  PluginList: object({
    plugins: { type: 'array', items: { $ref: '#/components/schemas/PluginListEntry' } },
  }),
  Access: object({ plugin: string, access: { const: true } }),
  JsonObject: { type: 'object', additionalProperties: true },
  HostNotFound: object({ error: { const: 'Plugin not found' }, plugin: string }),
  HostFailure: object(
    {
      error: { enum: ['Plugin load failed', 'Plugin execution failed'] },
      details: string,
      plugin: string,
    },
    ['plugin'],
  ),
} as const satisfies Record<string, object>;

export type SchemaName = keyof typeof SCHEMAS;
