import type { ClauseSet } from './clause-set.ts';

export const RUNTIME = {
  'health.status': {
    title: 'GET /health says healthy',
    severity: 'must',
    place: 'contract §2',
    rule: 'GET /health answers without a token',
    expected: '200 {"status":"healthy"}',
  },
  'health.app': {
    title: 'GET /health names the app',
    severity: 'must',
    place: 'contract §2',
    rule: 'GET /health has app_id and app_tier',
    expected: 'app_id and app_tier as texts',
  },
  'health.plugins-loaded': {
    title: 'GET /health counts the plugins',
    severity: 'must',
    place: 'contract §2',
    rule: 'plugins_loaded is an integer',
    expected: 'plugins_loaded, an integer ≥ 0',
  },
  'health.counts': {
    title: 'The count is of plugins that would execute now',
    severity: 'should',
    place: 'contract §2',
    rule: 'plugins_loaded = plugins that would execute now',
    expected: 'as many as the list shows enabled and not failed',
  },
  'health.not-loaded': {
    title: 'A plugin that doesn’t load is not counted',
    severity: 'should',
    place: 'contract §2',
    rule: 'plugins_loaded leaves out a plugin that fails to load, at once',
    expected: 'fewer than the list shows enabled',
  },
  'ready.body': {
    title: 'GET /ready answers',
    severity: 'must',
    place: 'contract §2',
    rule: 'GET /ready is 200 once the first scan is done',
    expected: '200 {"status":"ready","app_id","app_tier"}',
  },
  'info.body': {
    title: 'GET /info names what runs',
    severity: 'must',
    place: 'contract §2',
    rule: 'GET /info answers without a token',
    expected: '200 {"app_id","app_tier","app_name","port","ready"}',
  },
  'root.body': {
    title: 'GET / names the version',
    severity: 'must',
    place: 'contract §2',
    rule: 'GET / answers without a token',
    expected: '200 {"message","version":"1.0.0"}',
  },
  'openapi.document': {
    title: 'GET /openapi.json describes the routes',
    severity: 'should',
    place: 'contract §2',
    rule: 'GET /openapi.json is an OpenAPI 3.1 description of all of this',
    expected: '200, "openapi":"3.1…", a path for execute',
  },
} as const satisfies ClauseSet;

export const PLUGINS = {
  'plugins.list': {
    title: 'GET /api/plugins lists the plugins',
    severity: 'must',
    place: 'contract §2',
    rule: 'Each entry has name, display_name, description, version, enabled, backend and status',
    expected: '200 {"plugins":[…]} with those keys',
  },
  'plugins.sorted': {
    title: 'The list is sorted by name',
    severity: 'must',
    place: 'contract §2',
    rule: 'GET /api/plugins is sorted by name',
    expected: 'names in order',
  },
  'plugins.alias': {
    title: 'The older path answers the same bytes',
    severity: 'must',
    place: 'contract §2',
    rule: 'GET /api/available-plugins is GET /api/plugins, byte for byte',
    expected: 'two answers with the same body',
  },
  'plugins.access': {
    title: 'GET /api/check-plugin-access/{name} says yes',
    severity: 'must',
    place: 'contract §2',
    rule: 'Access is true for every name; only a plan denies it',
    expected: '200 {"plugin","access":true}',
  },
  'plugins.access-unknown': {
    title: 'It says so of an unknown name, too',
    severity: 'must',
    place: 'contract §2',
    rule: 'Access is true also for a name that no plugin has',
    expected: '200 {"plugin","access":true}',
  },
  'plugins.registry': {
    title: 'A folder named registry is not a plugin',
    severity: 'must',
    place: 'contract §4',
    rule: 'A folder named `registry` (case-insensitive) is 404 like an unknown name',
    expected: '404 for registry and for Registry',
  },
} as const satisfies ClauseSet;
