import type { IncomingMessage } from 'node:http';
import { type Answer, type Handled, json, refusal } from './answer.ts';
import { authenticate, execute } from './execute.ts';
import { openApiDocument } from './openapi-document.ts';
import { PLUGINS } from './plugins.ts';
import { APP, type RuntimeState } from './runtime-state.ts';

/** What a route is given: the plugin's name where its path has one. */
interface Visit {
  readonly state: RuntimeState;
  readonly request: IncomingMessage;
  readonly plugin: string;
}

interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  readonly handle: (visit: Visit) => Handled | Promise<Handled>;
}

/** Answers a request as the contract says, but for the headers of every answer (CONTRACT.md §2). */
export async function handle(state: RuntimeState, request: IncomingMessage, path: string): Promise<Handled> {
  const { method = 'GET', headers } = request;
  const routes = routesOf(state).filter((route) => route.path.test(path));
  if (method === 'OPTIONS' && headers['access-control-request-method'] !== undefined)
    return preflight(state, headers);
  const [first] = routes;
  if (first === undefined) return { answer: refusal(404, `Nothing is at ${path}`) };
  const wanted = method === 'HEAD' ? 'GET' : method;
  const route = routes.find((candidate) => candidate.method === wanted);
  if (route === undefined) return { answer: refusal(405, `${method} is not allowed here`, allow(routes)) };
  const plugin = route.path.exec(path)?.[1] ?? '';
  return route.handle({ state, request, plugin });
}

function allow(routes: readonly Route[]): Record<string, string> {
  const methods = routes.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  return { Allow: methods.join(', ') };
}

function preflight({ allowedOrigin }: RuntimeState, { origin }: IncomingMessage['headers']): Handled {
  if (origin !== allowedOrigin) return { answer: refusal(400, 'Disallowed CORS origin') };
  const headers = {
    'Access-Control-Allow-Methods': 'GET, POST',
    'Access-Control-Allow-Headers': 'Authorization, Content-Type',
  };
  return { answer: { status: 204, headers } };
}

/** GET without a token. */
function open(path: RegExp, body: (state: RuntimeState) => object): Route {
  return { method: 'GET', path, handle: ({ state }) => ({ answer: json(200, body(state)) }) };
}

/** GET as a caller whom the runtime accepts. */
function guarded(path: RegExp, answer: (plugin: string) => Answer): Route {
  return {
    method: 'GET',
    path,
    handle({ state, request, plugin }) {
      const caller = authenticate(state, request);
      return { answer: 'refused' in caller ? caller.refused : answer(plugin) };
    },
  };
}

const pluginList = () => json(200, { plugins: PLUGINS.map(({ entry }) => entry) });

const ROUTES: readonly Route[] = [
  open(/^\/$/, () => ({ message: 'A stand-in of a runtime', version: '1.0.0' })),
  open(/^\/health$/, () => ({
    status: 'healthy',
    ...APP,
    plugins_loaded: PLUGINS.filter(({ run }) => run !== null).length,
  })),
  open(/^\/ready$/, () => ({ status: 'ready', ...APP })),
  open(/^\/info$/, ({ port }) => ({ ...APP, app_name: 'Stand-in', port: port(), ready: true })),
  open(/^\/openapi\.json$/, openApiDocument),
  guarded(/^\/api\/plugins$/, pluginList),
  guarded(/^\/api\/available-plugins$/, pluginList),
  guarded(/^\/api\/check-plugin-access\/([^/]+)$/, (plugin) => json(200, { plugin, access: true })),
];

const EXECUTE: Route = {
  method: 'POST',
  path: /^\/api\/execute\/([^/]+)$/,
  handle: ({ state, request, plugin }) =>
    execute(state, request, { plugin, isHostPath: false, hostWords: false }),
};

function hostExecute(hostWords: boolean): Route {
  return {
    method: 'POST',
    path: /^\/api\/plugins\/([^/]+)\/execute$/,
    handle: ({ state, request, plugin }) => execute(state, request, { plugin, isHostPath: true, hostWords }),
  };
}

function routesOf({ rules: { executePath, hostPath } }: RuntimeState): readonly Route[] {
  return [
    ...ROUTES,
    ...(executePath ? [EXECUTE] : []),
    ...(hostPath === 'none' ? [] : [hostExecute(hostPath === 'host-words')]),
  ];
}
