import { join } from 'node:path';
import { createAuthSwitch, type SwitchableAuth } from '../auth/switchable-auth.ts';
import { createFolderMemory, type FolderMemory } from '../config/recent-folders.ts';
import type { Config } from '../config/types.ts';
import { createPluginEngine } from '../plugins/engine/switching-engine.ts';
import type { HostScripts, PluginEngine } from '../plugins/engine/types.ts';
import { createIssuerServer } from '../server/issuer-server.ts';
import type { Log } from '../system/log.ts';
import { createRedactor, type Redactor } from '../traces/record/redact.ts';
import { diskSettings } from '../traces/store/disk/disk.ts';
import { TRACE_LIMITS, TraceStore } from '../traces/store/store.ts';

/** What a runtime is made of. */
export interface Parts {
  readonly config: Config;
  readonly authSwitch: SwitchableAuth;
  readonly engine: PluginEngine;
  readonly traces: TraceStore;
  readonly folders: FolderMemory;
  readonly redactor: Redactor;
  readonly log: Log;
}

/** What the parts need of a shell. */
export interface PartsDeps {
  /** The scripts that run in plugins' processes. */
  readonly hostScripts: HostScripts;
  /** The script of the thread that holds the traces' files. */
  readonly traceWorker: string;
  /** The process's own environment; plugins get an allow-list of it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** The only plugins that are looked at; all unless told. */
  readonly only?: readonly string[] | undefined;
  /** Where traces are kept; a store of its own where absent. */
  readonly traces?: TraceStore;
  /** Headless mode only: what opens the Inspector, a secret like any other. */
  readonly headless: { readonly token: string } | null;
}

/** Makes the parts; nothing runs or listens yet. */
export function createParts(config: Config, deps: PartsDeps): Parts {
  const { hostScripts, environment, log } = deps;
  const { appId, maxConcurrency, maxLiveHosts, pluginMemoryMb: memoryLimitMb } = config;
  const app = { appId, origin: originOf(config, 'MOZAIKS_APP_ID') };
  const limits = { maxConcurrency, maxLiveHosts, memoryLimitMb };
  // As in production, where each app has a database of its own.
  const settings = join(config.configPath, 'plugin-settings', `app-${encodeURIComponent(appId)}`);
  return {
    config,
    log,
    authSwitch: createAuthSwitch({
      ...{ configured: config, trial: config.trial, app },
      keyPath: join(config.configPath, 'dev-issuer-key.pem'),
      serve: (issuer, port) => createIssuerServer(issuer, { port, corsOrigins: config.corsOrigins, log }),
    }),
    engine: createPluginEngine({
      path: config.pluginsPath,
      hostScripts,
      python: config.python,
      watch: config.watch,
      environment: { ...environment, ...timeoutVariables(config), MOZAIKS_STANDINS_PATH: settings },
      log,
      ...limits,
      ...(deps.only === undefined ? {} : { only: deps.only }),
    }),
    folders: createFolderMemory(config.configPath, log),
    traces: deps.traces ?? new TraceStore(TRACE_LIMITS, diskSettings(config, deps.traceWorker)),
    redactor: createRedactor([...config.secrets, ...(deps.headless === null ? [] : [deps.headless.token])]),
  };
}

function originOf(config: Config, name: string): string {
  return config.settings.find((setting) => setting.name === name)?.origin ?? name;
}

/** Under the name it was set by, also where a `.env` did; as another runtime's plugins would find it in production. */
function timeoutVariables({ settings }: Config): Readonly<Record<string, string | undefined>> {
  const [name, older] = ['MOZAIKS_PLUGIN_TIMEOUT_SECONDS', 'PLUGIN_EXEC_TIMEOUT_S'];
  const timeout = settings.find((setting) => setting.name === name);
  const value = timeout?.source === 'default' ? undefined : timeout?.value;
  const byOlder = timeout?.source === 'deprecated-alias';
  return { [name]: byOlder ? undefined : value, [older]: byOlder ? value : undefined };
}
