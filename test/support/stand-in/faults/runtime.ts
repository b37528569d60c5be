import { type Answer, json, refusal, withFields } from '../answer.ts';
import { PLUGINS } from '../plugins.ts';
import { type FaultsOf, onAnswer, onGet } from './fault.ts';

/** What the runtime says of itself and of its plugins, a word of it wrong. */

type Entries = readonly Readonly<Record<string, unknown>>[];

/** The list with its entries changed. */
function withEntries(answer: Answer, change: (entries: Entries) => Entries): Answer {
  const { plugins } = answer.body as { plugins: Entries };
  return withFields(answer, { plugins: change(plugins) });
}

const counted = (statuses: readonly string[]) =>
  PLUGINS.filter(({ entry }) => statuses.includes(entry.status)).length;

const isList = (path: string) => path === '/api/plugins' || path === '/api/available-plugins';

const isAccess = (path: string) => path.startsWith('/api/check-plugin-access/');

/** Whether the answer is about a plugin that exists. */
function isListed({ status, body }: Answer): boolean {
  const { plugin } = (body ?? {}) as { plugin?: unknown };
  return status === 200 && PLUGINS.some(({ entry }) => entry.name === plugin);
}

export const RUNTIME_FAULTS: FaultsOf<'health' | 'ready' | 'info' | 'root' | 'openapi' | 'plugins'> = {
  'health.status': onAnswer('says "ok" instead of "healthy"', onGet('/health'), (answer) =>
    withFields(answer, { status: 'ok' }),
  ),
  'health.app': onAnswer('does not say its tier on /health', onGet('/health'), (answer) =>
    withFields(answer, { app_tier: undefined }),
  ),
  'health.plugins-loaded': onAnswer('has no plugins_loaded on /health', onGet('/health'), (answer) =>
    withFields(answer, { plugins_loaded: undefined }),
  ),
  'health.counts': onAnswer('counts only plugins that have a process', onGet('/health'), (answer) =>
    withFields(answer, { plugins_loaded: counted(['loaded']) }),
  ),
  'health.not-loaded': onAnswer('counts plugins that don’t load', onGet('/health'), (answer) =>
    withFields(answer, { plugins_loaded: counted(['loaded', 'parked', 'failed']) }),
  ),
  'ready.body': onAnswer('says {"ready":true} on /ready', onGet('/ready'), () => json(200, { ready: true })),
  'info.body': onAnswer('does not name its app on /info', onGet('/info'), (answer) =>
    withFields(answer, { app_name: undefined }),
  ),
  'root.body': onAnswer('names the version of its own code at /', onGet('/'), (answer) =>
    withFields(answer, { version: '0.9.0' }),
  ),
  'openapi.document': onAnswer('describes itself in Swagger 2.0', onGet('/openapi.json'), (answer) =>
    withFields(answer, { openapi: undefined, swagger: '2.0' }),
  ),
  'plugins.list': onAnswer(
    'leaves `backend` out of the list',
    ({ status }, { path }) => status === 200 && isList(path),
    (answer) => withEntries(answer, (entries) => entries.map(({ backend: _, ...entry }) => entry)),
  ),
  'plugins.sorted': onAnswer(
    'lists plugins as the disk does, in no order',
    ({ status }, { path }) => status === 200 && isList(path),
    (answer) => withEntries(answer, (entries) => entries.toReversed()),
  ),
  'plugins.alias': onAnswer(
    'lists names alone at the older path',
    onGet('/api/available-plugins'),
    (answer) => withEntries(answer, (entries) => entries.map(({ name }) => ({ name }))),
  ),
  'plugins.access': onAnswer(
    'says `has_access` instead of `access`',
    (answer, { path }) => isAccess(path) && isListed(answer),
    (answer) => withFields(answer, { access: undefined, has_access: true }),
  ),
  'plugins.access-unknown': onAnswer(
    'answers 404 where it is asked for access to no plugin',
    (answer, { path }) => isAccess(path) && answer.status === 200 && !isListed(answer),
    ({ headers }) => refusal(404, 'Plugin not found', headers),
  ),
  'plugins.registry': {
    says: 'runs what lies in a folder named registry',
    rules: { runsRegistry: true },
  },
};
