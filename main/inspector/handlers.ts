import { resolve } from 'node:path';
import type { Authenticator } from '../auth/authenticator.ts';
import { mintToken, personaToken, personaViews } from '../auth/tokens.ts';
import type { Config } from '../config.ts';
import { checkContract } from '../conformance/runner.ts';
import { WorkbenchError } from '../contract/errors.ts';
import { ROUTES } from '../contract/http.ts';
import type { PluginView, RuntimeSnapshot } from '../contract/inspector.ts';
import type { Trace } from '../contract/trace.ts';
import type { EnginePlugin, PluginEngine } from '../plugins/engine.ts';
import { toCurl } from '../traces/export.ts';
import type { Redactor } from '../traces/redact.ts';
import type { TraceStore } from '../traces/store.ts';
import { checkContext } from './check-context.ts';
import { createAndFind } from './create-plugin.ts';
import type { InspectorHandlers } from './inspector.ts';
import { isSafeLink } from './links.ts';
import { createRuns } from './runs.ts';

/** What a desktop can do for the UI and a browser can't. */
export interface Desktop {
  openPath(path: string): Promise<void>;
  openLink(url: string): Promise<void>;
}

export interface HandlerDeps {
  readonly config: Config;
  readonly authenticator: Authenticator;
  readonly engine: PluginEngine;
  readonly traces: TraceStore;
  readonly redactor: Redactor;
  readonly baseUrl: () => string;
  readonly snapshot: () => RuntimeSnapshot;
  readonly withStats: (plugin: EnginePlugin) => PluginView;
  readonly desktop: Desktop | null;
}

/** The Inspector's functions over one runtime: each a few lines over a part that knows its business. */
export function createHandlers(deps: HandlerDeps): InspectorHandlers {
  const { config, authenticator, engine, traces, withStats } = deps;
  const runs = createRuns({
    baseUrl: deps.baseUrl,
    // A person at a breakpoint takes the time he needs.
    limitMs: () => (engine.list().some(({ debug }) => debug !== null) ? null : config.timeoutMs),
    personaToken: (persona, custom) => personaToken(config.auth, persona, custom),
  });
  return {
    snapshot: () => deps.snapshot(),
    settings: () => config.settings,
    reloadPlugin: async ({ name }) => withStats(await engine.reload(name)),
    restartPlugin: async ({ name }) => withStats(await engine.restart(name)),
    setPluginEnabled: async ({ name, enabled }) => withStats(await engine.setEnabled(name, enabled)),
    createPlugin: (wish) => createAndFind(deps, wish),
    debugPlugin: async ({ name, on }) => withStats(await engine.debug(name, on)),
    openPluginFolder: ({ name }) => openPluginFolder(deps, name),
    run: ({ plugin, ...call }) => runs.send({ ...call, path: executePath(plugin) }),
    cancelRun({ runId }) {
      runs.cancel(runId);
      return null;
    },
    runAsCurl: async ({ plugin, body, persona, token, revealToken }) =>
      toCurl({
        method: 'POST',
        url: `${deps.baseUrl()}${executePath(plugin)}`,
        headers: { 'content-type': 'application/json' },
        body,
        token: await personaToken(config.auth, persona, token),
        revealToken,
      }),
    traces: (query) => traces.list(query),
    trace: ({ id }) => keptTrace(traces, id),
    clearTraces() {
      traces.clear();
      return null;
    },
    replay: ({ id, ...call }) => runs.send({ ...call, ...recordedRequest(keptTrace(traces, id)) }),
    checkContract: async () =>
      checkContract(deps.baseUrl(), await checkContext(config, engine, authenticator), deps.redactor),
    personas: () => personaViews(config.auth, Date.now()),
    mintToken: async ({ claims }) => ({ token: await mintToken(config.auth, claims) }),
    inspectToken: ({ token }) => authenticator.inspectToken(token),
    openLink: ({ url }) => openLink(deps, url),
  };
}

function executePath(plugin: string): string {
  return ROUTES.execute.replace(':plugin_name', encodeURIComponent(plugin));
}

function keptTrace(traces: TraceStore, id: string): Trace {
  const trace = traces.get(id);
  if (trace !== undefined) return trace;
  throw new WorkbenchError('NOT_FOUND', `Trace '${id}' is not kept any more; the oldest are dropped first`);
}

/** What a replay sends: the path and body as recorded, without the caller's token, which is never kept. */
function recordedRequest({ request }: Trace): { path: string; body: string } {
  const { body } = request;
  if (body?.truncated) {
    throw new WorkbenchError(
      'BAD_REQUEST',
      `The body of ${body.bytes} bytes was kept only in part and can't be sent again`,
    );
  }
  const text = body?.json === undefined ? (body?.text ?? '') : JSON.stringify(body.json);
  return { path: request.path, body: text };
}

async function openPluginFolder(
  { config, engine, desktop }: HandlerDeps,
  name: string | null,
): Promise<null> {
  if (name !== null && engine.get(name) === undefined) {
    throw new WorkbenchError('NOT_FOUND', `Plugin '${name}' is not in the watched folder`);
  }
  const path = name === null ? config.pluginsPath : resolve(config.pluginsPath, name);
  if (desktop === null) {
    throw new WorkbenchError('BAD_REQUEST', `A browser can't open folders; this one is ${path}`);
  }
  await desktop.openPath(path);
  return null;
}

async function openLink({ baseUrl, desktop }: HandlerDeps, url: string): Promise<null> {
  if (!isSafeLink(url, baseUrl())) {
    throw new WorkbenchError('FORBIDDEN', `Only https: links and this server's own are opened, not ${url}`);
  }
  if (desktop === null) throw new WorkbenchError('BAD_REQUEST', `Open it in this browser: ${url}`);
  await desktop.openLink(url);
  return null;
}
