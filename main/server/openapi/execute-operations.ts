import type { Answer, Example, Operation } from '../route.ts';
import { NO_SUCH_PLUGIN } from './operations.ts';
import { ANY_REQUEST, errorExample, HOST_MISSING, INTERNAL_ERROR, NOT_HTTP } from './responses.ts';

/** The two execute routes, as `/openapi.json` describes them (CONTRACT.md §2, §4). */

const PLUGIN_NAME = { name: 'plugin_name', description: 'The plugin.', example: 'hello' };

export const TOO_LARGE: Answer = {
  description: 'Over `MAX_REQUEST_BODY_BYTES`. The connection is closed after the answer.',
  schema: 'PayloadTooLarge',
  examples: {
    tooLarge: errorExample(
      'PAYLOAD_TOO_LARGE',
      'Over the limit',
      'Request body is over the limit of 1000000 bytes (MAX_REQUEST_BODY_BYTES)',
    ),
  },
};

const BAD_REQUEST: Answer = {
  description:
    'The body is empty, not JSON, nested too deeply, or not a JSON object; or the request was refused before it was read.',
  schema: 'BadRequest',
  examples: {
    noJson: errorExample('BAD_REQUEST', 'Not JSON', 'Invalid JSON payload'),
    noObject: errorExample('BAD_REQUEST', 'JSON, but not an object', 'Request body must be a JSON object'),
    tooDeep: errorExample(
      'BAD_REQUEST',
      'Nested too deeply',
      'Invalid JSON payload: nested deeper than 100 levels',
    ),
    noHost: HOST_MISSING,
    noHttp: NOT_HTTP,
  },
};

const NOT_ENTITLED: Answer = {
  description:
    "This runtime does not serve the Host or the Origin of the request; or, where MONETIZATION is on, the user's plan " +
    'lacks the plugin, or their tier a feature that the action needs.',
  schema: 'NotEntitled',
  examples: {
    ...ANY_REQUEST[403].examples,
    plan: errorExample(
      'FORBIDDEN',
      'The plan lacks the plugin',
      "Access denied: Subscription does not allow 'hello'.",
    ),
    feature: errorExample(
      'FEATURE_GATED',
      'The tier lacks a feature',
      "Feature 'export' not available on free tier",
    ),
  },
};

const LIMIT_EXCEEDED: Answer = {
  description: 'Where MONETIZATION is on: the user has used up a limit that the action takes from.',
  schema: 'LimitExceeded',
  examples: {
    used: errorExample('LIMIT_EXCEEDED', 'Used up', 'Insufficient videos: need 1, have 0'),
  },
};

const STOPPING: Answer = {
  description: 'The runtime is stopping and ended the call.',
  schema: 'Unavailable',
  examples: {
    stopping: errorExample(
      'NOT_READY',
      'A call that the runtime ended',
      'The call was ended: the runtime is stopping',
    ),
  },
};

const PLUGIN_FAILURE: Answer = {
  description:
    'The plugin answered with an error (PLUGIN_ERROR or its own code), threw (PLUGIN_EXCEPTION), ran past the timeout ' +
    '(PLUGIN_TIMEOUT), crashed its process (PLUGIN_CRASHED), returned something other than a JSON object ' +
    '(PLUGIN_INVALID_RESULT), or never loaded (PLUGIN_LOAD_FAILED).',
  schema: 'PluginFailure',
  examples: {
    PLUGIN_ERROR: errorExample(
      'PLUGIN_ERROR',
      'It returned `{"error": …}`',
      'There is no task with the id 7',
    ),
    ownCode: {
      summary: 'It returned `{"error": …, "error_code": …}`',
      value: { detail: 'There is no task with the id 7', error_code: 'TASK_NOT_FOUND', status_code: 500 },
    },
    PLUGIN_EXCEPTION: errorExample(
      'PLUGIN_EXCEPTION',
      'It threw, or its promise rejected',
      'Error executing plugin: division by zero',
    ),
    PLUGIN_TIMEOUT: errorExample(
      'PLUGIN_TIMEOUT',
      'It ran past the timeout',
      'Plugin execution timed out after 30 seconds',
    ),
    PLUGIN_CRASHED: errorExample(
      'PLUGIN_CRASHED',
      'Its process ended during the call',
      "Plugin 'hello' crashed: its process ended by itself with exit code 1",
    ),
    PLUGIN_INVALID_RESULT: errorExample(
      'PLUGIN_INVALID_RESULT',
      'It returned something other than a JSON object',
      'Plugin returned no JSON object: it returned a list, not a JSON object',
    ),
    PLUGIN_LOAD_FAILED: errorExample(
      'PLUGIN_LOAD_FAILED',
      'No version of it ever loaded',
      'Plugin \'hello\' failed to load: SyntaxError: Unexpected "}" (logic.js:3:1)',
    ),
    INTERNAL_ERROR,
  },
};

const greeting: Example = { summary: 'A greeting', value: { message: 'Hello, Ada' } };

export const executeOperation: Operation = {
  id: 'execute',
  tag: 'Execution',
  summary: 'Execute a plugin',
  description:
    'The plugin receives the body plus `app_id`, `user_id`, `user_jwt`, `_entitlements` and `_context`, which a client can never set: see the ' +
    'schema `PluginInput`. The body is parsed as JSON, whatever the Content-Type. Checks are made in this order: ' +
    '401, 404, 413, 400, then 403 and 429 where MONETIZATION is on.',
  needsUser: true,
  parameter: PLUGIN_NAME,
  traceparent: true,
  requestBody: {
    description: 'A JSON object, as the plugin expects it.',
    required: true,
    schema: 'ExecuteRequest',
    examples: {
      greeting: { summary: 'For a plugin that greets', value: { name: 'Ada' } },
      empty: { summary: 'An empty object', value: {} },
    },
  },
  answers: {
    200: {
      description: 'The object that the plugin returned.',
      schema: 'PluginAnswer',
      examples: { greeting, empty: { summary: 'An empty object', value: {} } },
    },
    400: BAD_REQUEST,
    403: NOT_ENTITLED,
    404: NO_SUCH_PLUGIN,
    413: TOO_LARGE,
    429: LIMIT_EXCEEDED,
    500: PLUGIN_FAILURE,
    503: STOPPING,
  },
};

const failed = (summary: string, details: string): Example => ({
  summary,
  value: { error: 'Plugin execution failed', details },
});

const HOST_BAD_REQUEST: Answer = {
  ...BAD_REQUEST,
  description:
    'The body is not JSON, nested too deeply, or not a JSON object; or the request was refused before it was read.',
  examples: {
    noJson: errorExample('BAD_REQUEST', 'Not JSON', 'Invalid JSON body'),
    noObject: errorExample('BAD_REQUEST', 'JSON, but not an object', 'Request body must be a JSON object'),
    tooDeep: errorExample(
      'BAD_REQUEST',
      'Nested too deeply',
      'Invalid JSON body: nested deeper than 100 levels',
    ),
    noHost: HOST_MISSING,
    noHttp: NOT_HTTP,
  },
};

export const hostExecuteOperation: Operation = {
  ...executeOperation,
  id: 'hostExecute',
  summary: "Execute a plugin, by the plugin host's path",
  description:
    'The same engine as `/api/execute/{plugin_name}`, with the shapes and the order of checks of the standalone plugin ' +
    'host: 401, 413, 400, 404.',
  requestBody: {
    description: 'A JSON object; no body counts as `{}`.',
    required: false,
    schema: 'ExecuteRequest',
    examples: {
      empty: { summary: 'As if there were no body', value: {} },
      greeting: { summary: 'For a plugin that greets', value: { name: 'Ada' } },
    },
  },
  answers: {
    ...executeOperation.answers,
    200: {
      description: 'The object that the plugin returned, also one with an `error`.',
      schema: 'HostAnswer',
      examples: {
        greeting,
        error: {
          summary: 'It returned `{"error": …}`',
          value: { error: 'There is no task with the id 7' },
        },
      },
    },
    400: HOST_BAD_REQUEST,
    404: {
      description: 'Unknown or disabled.',
      schema: 'HostNotFound',
      examples: {
        unknown: {
          summary: 'An unknown name',
          value: { error: 'Plugin not found', plugin: 'helo' },
        },
      },
    },
    500: {
      description: 'The plugin failed, or never loaded. `details` says why; this path has no error codes.',
      schema: 'HostFailure',
      examples: {
        exception: failed('It threw', 'division by zero'),
        noObject: {
          summary: 'It returned something other than an object',
          value: { error: 'Plugin returned invalid response', details: 'Expected dict, got list' },
        },
        timeout: failed('It ran past the timeout', 'Plugin execution timed out after 30 seconds'),
        crashed: failed('Its process ended during the call', 'its process ended by itself with exit code 1'),
        loadFailed: {
          summary: 'No version of it ever loaded',
          value: {
            error: 'Plugin load failed',
            details: 'SyntaxError: Unexpected "}" (logic.js:3:1)',
            plugin: 'hello',
          },
        },
        bug: INTERNAL_ERROR,
      },
    },
  },
};
