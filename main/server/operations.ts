import type { Answer, Operation } from './route.ts';

/** What each route is for, as `/openapi.json` tells it (contract §2, §4). */

const APP = { app_id: 'dev_app', app_tier: 'free' };

export const rootOperation: Operation = {
  id: 'root',
  tag: 'Runtime',
  summary: 'Say hello',
  description: 'Answers whenever the runtime listens.',
  needsUser: false,
  answers: {
    200: {
      description: 'The runtime listens.',
      schema: 'Root',
      example: { message: 'Mozaiks runtime is running', version: '1.0.0' },
    },
  },
};

export const healthOperation: Operation = {
  id: 'health',
  tag: 'Runtime',
  summary: 'Liveness, and how many plugins would execute now',
  description:
    'Healthy as long as it answers. A plugin that does not load lowers `plugins_loaded`, nothing else.',
  needsUser: false,
  answers: {
    200: {
      description: 'Healthy.',
      schema: 'Health',
      example: { status: 'healthy', ...APP, plugins_loaded: 4 },
    },
  },
};

export const readyOperation: Operation = {
  id: 'ready',
  tag: 'Runtime',
  summary: 'Readiness',
  description: 'Ready once the first scan of the plugins is done, and until the runtime stops.',
  needsUser: false,
  answers: {
    200: { description: 'Ready.', schema: 'Ready', example: { status: 'ready', ...APP } },
    503: {
      description: 'Not ready yet, or stopping.',
      schema: 'NotReady',
      example: {
        status: 'not_ready',
        reason: 'The first scan of the plugins is not done',
        app_id: APP.app_id,
      },
    },
  },
};

export const infoOperation: Operation = {
  id: 'info',
  tag: 'Runtime',
  summary: 'What runs here',
  description: 'Names and the port; no path and no secret.',
  needsUser: false,
  answers: {
    200: {
      description: 'The app.',
      schema: 'Info',
      example: { ...APP, app_name: 'Mozaiks', port: 8080, ready: true },
    },
  },
};

export const openapiOperation: Operation = {
  id: 'openapi',
  tag: 'Runtime',
  summary: 'This document',
  description: 'Built from the table that the routes are built from.',
  needsUser: false,
  answers: { 200: { description: 'An OpenAPI 3.1 document.', schema: 'JsonObject' } },
};

const PLUGIN_LIST: Answer = {
  description: 'Every plugin of the watched folder, sorted by name.',
  schema: 'PluginList',
  example: {
    plugins: [
      {
        name: 'hello',
        display_name: 'Hello',
        description: 'Greets the caller',
        version: '1.0.0',
        enabled: true,
        backend: 'plugins.hello.logic',
        status: 'loaded',
      },
    ],
  },
};

export const pluginsOperation: Operation = {
  id: 'plugins',
  tag: 'Plugins',
  summary: 'List the plugins',
  description: 'Disabled plugins and plugins that do not load are in the list, with their status and error.',
  needsUser: true,
  answers: { 200: PLUGIN_LIST },
};

export const availablePluginsOperation: Operation = {
  ...pluginsOperation,
  id: 'availablePlugins',
  summary: 'List the plugins (older path)',
  description: 'The same body as `/api/plugins`, byte for byte.',
};

export const accessOperation: Operation = {
  id: 'checkPluginAccess',
  tag: 'Plugins',
  summary: 'Whether the caller may execute a plugin',
  description: 'Every user may execute every plugin that exists and is enabled.',
  needsUser: true,
  parameter: { name: 'name', description: 'The plugin.', example: 'hello' },
  answers: {
    200: { description: 'Yes.', schema: 'Access', example: { plugin: 'hello', access: true } },
    404: {
      description: 'Unknown or disabled.',
      schema: 'Error',
      example: errorExample('NOT_FOUND', 404, "Plugin 'helo' not found or disabled"),
    },
  },
};

const PLUGIN_NAME = { name: 'plugin_name', description: 'The plugin.', example: 'hello' };

const TOO_LARGE: Answer = {
  description: 'Over `MAX_REQUEST_BODY_BYTES`. The connection is closed after the answer.',
  schema: 'Error',
  example: errorExample('PAYLOAD_TOO_LARGE', 413, 'Request body is over the limit of 1000000 bytes'),
};

const BAD_BODY: Answer = {
  description: 'The body is empty, no JSON, nested too deep, or no JSON object.',
  schema: 'Error',
  example: errorExample('BAD_REQUEST', 400, 'Invalid JSON payload'),
};

export const executeOperation: Operation = {
  id: 'execute',
  tag: 'Execution',
  summary: 'Execute a plugin',
  description:
    'The plugin receives the body plus `app_id`, `user_id`, `user_jwt` and `_context`, which a client can never set. ' +
    'The body is parsed as JSON whatever the Content-Type says.',
  needsUser: true,
  parameter: PLUGIN_NAME,
  traceparent: true,
  requestBody: { description: 'A JSON object.', required: true, example: { name: 'Ada' } },
  answers: {
    200: {
      description: 'The object that the plugin returned.',
      schema: 'JsonObject',
      example: { message: 'Hello, Ada' },
    },
    400: BAD_BODY,
    404: {
      description: 'Unknown or disabled.',
      schema: 'Error',
      example: errorExample('NOT_FOUND', 404, "Plugin 'helo' not found or disabled"),
    },
    413: TOO_LARGE,
    500: {
      description:
        'The plugin answered with an error (PLUGIN_ERROR or its own code), threw (PLUGIN_EXCEPTION), ran past the timeout ' +
        '(PLUGIN_TIMEOUT), ended its process (PLUGIN_CRASHED), returned no JSON object (PLUGIN_INVALID_RESULT), or never loaded ' +
        '(PLUGIN_LOAD_FAILED).',
      schema: 'Error',
      example: errorExample('PLUGIN_TIMEOUT', 500, 'Plugin execution timed out after 30 seconds'),
    },
  },
};

export const hostExecuteOperation: Operation = {
  ...executeOperation,
  id: 'hostExecute',
  summary: "Execute a plugin, by the plugin host's path",
  description:
    'The same engine as `/api/execute/{plugin_name}`, with the error shapes of the standalone plugin host.',
  requestBody: { description: 'A JSON object; no body stands for `{}`.', required: false, example: {} },
  answers: {
    ...executeOperation.answers,
    404: {
      description: 'Unknown or disabled.',
      schema: 'HostNotFound',
      example: { error: 'Plugin not found', plugin: 'helo' },
    },
    500: {
      description: 'The plugin failed, or never loaded.',
      schema: 'HostFailure',
      example: { error: 'Plugin execution failed', details: 'division by zero' },
    },
  },
};

function errorExample(code: string, status: number, detail: string): object {
  return { detail, error_code: code, status_code: status };
}
