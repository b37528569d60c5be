import type { JsonObject } from '../../main/contract/http.ts';
import type {
  CallReport,
  CallResult,
  EnginePlugin,
  PluginCall,
  PluginEngine,
} from '../../main/plugins/engine/types.ts';
import { returned } from './returned.ts';

const NO_RELOADS = { count: 0, failed: 0, p50Ms: null, p95Ms: null, maxMs: null };

/** What a stub plugin does with a call; a function of the data, or a result to give as it is. */
export type StubPlugin = (call: PluginCall) => CallResult | Promise<CallResult>;

/**
 * An engine without processes, for tests of what comes before and after it. `calls` holds what reached a
 * plugin.
 */
export function stubEngine(
  plugins: Readonly<Record<string, StubPlugin>>,
): PluginEngine & { readonly calls: PluginCall[] } {
  const calls: PluginCall[] = [];
  const has = (name: string) => Object.hasOwn(plugins, name);
  const unused = () => Promise.reject(new Error('the stub engine does not reload'));
  return {
    calls,
    start: async () => {},
    stop: async () => {},
    scanned: Promise.resolve(),
    list: () => Object.keys(plugins).sort().map(stubView),
    get: (name) => (has(name) ? stubView(name) : undefined),
    canRun: has,
    loadedCount: () => Object.keys(plugins).length,
    async execute(call): Promise<CallReport> {
      calls.push(call);
      const plugin = plugins[call.plugin];
      const result: CallResult = plugin === undefined ? { kind: 'unknown' } : await plugin(call);
      return {
        result,
        queueMs: 0.5,
        runMs: 1,
        pausedMs: 0,
        console: [],
        events: [],
        children: [],
        droppedChildren: 0,
        blockedMs: 0,
        unawaited: [],
        version: 'abcdef012345',
        pid: 4711,
      };
    },
    publish: () => {},
    sendEvent: () => {
      throw new Error('the stub engine has no subscribers');
    },
    reload: unused,
    restart: unused,
    renewProcesses: unused,
    setEnabled: unused,
    debug: unused,
    watchFolder: unused,
    folder: () => ({ path: '/plugins', state: 'watching', notice: null }),
    lastReload: () => null,
    history: () => [],
    reloadStats: () => NO_RELOADS,
    on: () => () => {},
  };
}

/** Answers with what the plugin received. */
export const echo: StubPlugin = ({ json }) => returned({ received: JSON.parse(json) } as JsonObject);

function stubView(name: string): EnginePlugin {
  return {
    name,
    displayName: name,
    description: `Plugin for ${name}`,
    version: '1.0.0',
    enabled: true,
    backend: `plugins.${name}.logic`,
    language: 'javascript',
    status: 'loaded',
    serving: true,
    contentHash: 'abcdef012345',
    loadedAt: 0,
    failure: null,
    notice: null,
    pid: 4711,
    lastReload: null,
    reloads: NO_RELOADS,
    entry: `${name}/logic.js`,
    debug: null,
  };
}
