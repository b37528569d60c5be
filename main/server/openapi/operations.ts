import { CONTRACT_VERSION } from '../../contract/http.ts';
import type { Answer, Operation } from '../route.ts';
import { errorExample } from './responses.ts';

/** The routes that execute nothing, as `/openapi.json` describes them (CONTRACT.md §2). */

const APP = { app_id: 'dev_app', app_tier: 'free' };

export const rootOperation: Operation = {
  id: 'root',
  tag: 'Runtime',
  summary: 'Greeting',
  description: 'Answers as soon as the runtime listens.',
  needsUser: false,
  answers: {
    200: {
      description: 'The runtime listens.',
      schema: 'Root',
      examples: {
        listening: {
          summary: 'Listening',
          value: { message: 'Mozaiks runtime is running', version: CONTRACT_VERSION },
        },
      },
    },
  },
};

export const healthOperation: Operation = {
  id: 'health',
  tag: 'Runtime',
  summary: 'Liveness, and the number of plugins that can execute now',
  description:
    'Healthy as long as it answers. A plugin that fails to load lowers `plugins_loaded` and nothing else.',
  needsUser: false,
  provesOwner: true,
  answers: {
    200: {
      description: 'Healthy.',
      schema: 'Health',
      examples: {
        healthy: { summary: 'Four plugins', value: { status: 'healthy', ...APP, plugins_loaded: 4 } },
        empty: { summary: 'No plugin yet', value: { status: 'healthy', ...APP, plugins_loaded: 0 } },
      },
    },
  },
};

const notReady = (summary: string, reason: string) => ({
  summary,
  value: { status: 'not_ready', reason, app_id: APP.app_id },
});

export const readyOperation: Operation = {
  id: 'ready',
  tag: 'Runtime',
  summary: 'Readiness',
  description: 'Ready once the first scan of the plugins is done, and until the runtime stops.',
  needsUser: false,
  answers: {
    200: {
      description: 'Ready.',
      schema: 'Ready',
      examples: { ready: { summary: 'Ready', value: { status: 'ready', ...APP } } },
    },
    503: {
      description: 'Not ready yet, or stopping.',
      schema: 'NotReady',
      examples: {
        starting: notReady('Not ready yet', 'The first scan of the plugins is not done'),
        stopping: notReady('Stopping', 'The runtime is stopping'),
      },
    },
  },
};

export const infoOperation: Operation = {
  id: 'info',
  tag: 'Runtime',
  summary: 'What runs here',
  description: 'Names and the port; no paths or secrets.',
  needsUser: false,
  answers: {
    200: {
      description: 'The app.',
      schema: 'Info',
      examples: {
        app: { summary: 'The app', value: { ...APP, app_name: 'Mozaiks', port: 8080, ready: true } },
      },
    },
  },
};

export const openapiOperation: Operation = {
  id: 'openapi',
  tag: 'Runtime',
  summary: 'This document',
  description: 'Generated from the same table as the routes.',
  needsUser: false,
  answers: {
    200: {
      description: 'An OpenAPI 3.1 document.',
      schema: 'OpenApiDocument',
      examples: {
        start: {
          summary: 'The first lines',
          value: {
            openapi: '3.1.0',
            info: { title: 'Mozaiks runtime', version: CONTRACT_VERSION },
            paths: {},
          },
        },
      },
    },
  },
};

const hello = {
  name: 'hello',
  display_name: 'Hello',
  description: 'Greets the caller',
  version: '1.0.0',
  enabled: true,
  backend: 'plugins.hello.logic',
  status: 'loaded',
};

const PLUGIN_LIST: Answer = {
  description: 'Every plugin of the watched folder, sorted by name.',
  schema: 'PluginList',
  examples: {
    one: { summary: 'One plugin', value: { plugins: [hello] } },
    troubled: {
      summary: 'One that fails to load, and one that is disabled',
      value: {
        plugins: [
          { ...hello, status: 'failed', error: 'SyntaxError: Unexpected "}" (logic.js:3:1)' },
          {
            name: 'reports',
            display_name: 'Reports',
            description: 'Plugin for reports',
            version: '2.1.0',
            enabled: false,
            backend: 'plugins.reports.backend.logic',
            status: 'disabled',
          },
        ],
      },
    },
    none: { summary: 'An empty folder', value: { plugins: [] } },
  },
};

export const pluginsOperation: Operation = {
  id: 'plugins',
  tag: 'Plugins',
  summary: 'List the plugins',
  description: 'Disabled plugins and plugins that fail to load are listed too, with their status and error.',
  needsUser: true,
  answers: { 200: PLUGIN_LIST },
};

export const availablePluginsOperation: Operation = {
  ...pluginsOperation,
  id: 'availablePlugins',
  summary: 'List the plugins (older path)',
  description: 'The same body as `/api/plugins`, byte for byte.',
};

/** The answer for a plugin that can't be executed by that name (CONTRACT.md §4). */
export const NO_SUCH_PLUGIN: Answer = {
  description: 'Unknown or disabled.',
  schema: 'NotFound',
  examples: {
    unknown: errorExample('NOT_FOUND', 'An unknown name', "Plugin 'helo' not found or disabled"),
  },
};

export const accessOperation: Operation = {
  id: 'checkPluginAccess',
  tag: 'Plugins',
  summary: 'Whether the caller may execute a plugin',
  description: 'Only a plan can deny access: the answer is yes for every name, also one that no plugin has.',
  needsUser: true,
  parameter: { name: 'name', description: 'The plugin.', example: 'hello' },
  answers: {
    200: {
      description: 'Yes or no.',
      schema: 'Access',
      examples: {
        yes: { summary: 'Yes', value: { plugin: 'hello', access: true } },
        no: {
          summary: 'The plan lacks it, with MONETIZATION on',
          value: { plugin: 'hello', access: false },
        },
      },
    },
  },
};
