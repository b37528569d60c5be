import { basename, dirname, join } from 'node:path';
import { createAuthSwitch, type SwitchableAuth } from '../auth/switchable-auth.ts';
import { createFolderMemory, type FolderMemory } from '../config/recent-folders.ts';
import { pythonSetBy } from '../config/settings/plugins.ts';
import type { Config } from '../config/types.ts';
import { DatabaseClient } from '../database/client/client.ts';
import { databaseSource } from '../database/client/source.ts';
import { databaseFolder } from '../database/local-database.ts';
import { PluginDatabase, type PluginDatabaseOptions } from '../database/plugin-database.ts';
import { createDocumentStore, type DocumentStore, documentsFolder } from '../documents/store.ts';
import { createDocumentAnswers } from '../documents/user-documents.ts';
import { createEntitlementAnswers } from '../entitlements/answers.ts';
import { createEntitlements, type Entitlements } from '../entitlements/entitlements.ts';
import { AskHandlers } from '../hosts/asks.ts';
import { PythonDriver } from '../hosts/python/driver.ts';
import { ownEnvironmentsFolder } from '../hosts/python/own-environment.ts';
import { BusHistory } from '../inspector/bus-history.ts';
import { OtlpExporter } from '../otlp/exporter.ts';
import { createPluginEngine } from '../plugins/engine/switching-engine.ts';
import type { HostScripts, PluginEngine } from '../plugins/engine/types.ts';
import { Mutes, mutesFile } from '../rules/mutes.ts';
import { createIssuerServer } from '../server/issuer-server.ts';
import { createSocketAnswers } from '../sockets/answers.ts';
import { SocketHub } from '../sockets/socket-hub.ts';
import type { Log } from '../system/log.ts';
import { createRedactor, type Redactor } from '../traces/record/redact.ts';
import { diskSettings } from '../traces/store/disk/disk.ts';
import { TRACE_LIMITS, TraceStore } from '../traces/store/store.ts';
import { runningVersions } from './versions.ts';

/** What a runtime is made of. */
export interface Parts {
  readonly config: Config;
  readonly authSwitch: SwitchableAuth;
  readonly engine: PluginEngine;
  /** What plugins' stubs ask is answered by what registers here. */
  readonly asks: AskHandlers;
  readonly documents: DocumentStore;
  /** Null where a setting names another database. */
  readonly database: PluginDatabase | null;
  readonly driver: PythonDriver;
  /** Looks into the plugins' database, for the UI. */
  readonly data: DatabaseClient;
  readonly entitlements: Entitlements;
  /** Who is connected for notifications. */
  readonly sockets: SocketHub;
  /** The last events of the plugins' bus. */
  readonly bus: BusHistory;
  readonly traces: TraceStore;
  /** Collections that hold documents of no user. */
  readonly mutes: Mutes;
  /** Null where no collector is set. */
  readonly otlp: OtlpExporter | null;
  readonly folders: FolderMemory;
  readonly redactor: Redactor;
  /** What it masks by value. */
  readonly secrets: readonly string[];
  readonly log: Log;
}

/** The scripts that run in threads. */
export interface ThreadScripts {
  /** Holds the traces' files. */
  readonly traces: string;
  /** Reads a file of traces that somebody opens. */
  readonly traceFile: string;
  /** Checks another runtime. */
  readonly check: string;
}

/** What the parts need of a shell. */
export interface PartsDeps {
  /** The scripts that run in plugins' processes. */
  readonly hostScripts: HostScripts;
  readonly threadScripts: ThreadScripts;
  /** What runs in the local database's process. */
  readonly databaseScript: string;
  /** The process's own environment; plugins get an allow-list of it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** The only plugins that are loaded; default: all. */
  readonly only?: readonly string[] | undefined;
  /** Where traces are stored; default: a store of its own. */
  readonly traces?: TraceStore;
  /** Headless mode only: what opens the Inspector, a secret like any other. */
  readonly headless: { readonly token: string } | null;
}

/** Makes the parts; nothing runs or listens yet. `port`: the runtime's own, null until it listens. */
export function createParts(config: Config, deps: PartsDeps, port: () => number | null): Parts {
  const { hostScripts, environment, log } = deps;
  const { app, configPath } = config;
  const secrets = deps.headless === null ? [...config.secrets] : [...config.secrets, deps.headless.token];
  const documents = createDocumentStore(documentsFolder(config));
  const asks = new AskHandlers();
  const redactor = createRedactor(secrets);
  const sockets = new SocketHub(redactor);
  const database = createDatabase(config, deps, {
    // Known only once the runtime listens.
    onPassword: (password) => {
      secrets.push(password);
      redactor.learn(password);
    },
    onMoved: () => engine.renewProcesses(),
  });
  const setBy = pythonSetBy(config.settings);
  const environments = ownEnvironmentsFolder(configPath);
  const engine = createPluginEngine({
    path: config.pluginsPath,
    hostScripts,
    python: config.python,
    ownEnvironments: setBy === null ? environments : null,
    watch: config.watch,
    environment: { ...environment, ...timeoutVariables(config) },
    variables: () => ({ ...config.pluginVariables, ...portVariable(port()), ...database?.variables() }),
    log,
    maxConcurrency: config.maxConcurrency,
    maxLiveHosts: config.maxLiveHosts,
    memoryLimitMb: config.pluginMemoryMb,
    childSpans: config.childSpans,
    mask: redactor.text,
    asks,
    only: deps.only,
  });
  const traces = deps.traces ?? new TraceStore(TRACE_LIMITS, diskSettings(config, deps.threadScripts.traces));
  const bus = new BusHistory(redactor);
  engine.on('bus', (record) => bus.note(record));
  const publish: PluginEngine['publish'] = (event, data) => engine.publish(event, data);
  const answers = [
    ...Object.entries(createDocumentAnswers(documents)),
    ...Object.entries(createSocketAnswers(sockets)),
    ...Object.entries(createEntitlementAnswers({ appId: app.appId, documents, publish })),
  ];
  for (const [name, answer] of answers) asks.register(name, answer);
  return {
    config,
    log,
    asks,
    documents,
    database,
    driver: new PythonDriver({
      python: config.python,
      setBy,
      folder: environments,
      scripts: dirname(hostScripts.python),
      environment,
      log,
      mask: redactor.text,
      onMoved: () => engine.renewProcesses(),
    }),
    data: new DatabaseClient({
      source: () => databaseSource(config.pluginVariables, database),
      maskKnown: redactor.known,
      mask: redactor.text,
    }),
    sockets,
    entitlements: createEntitlements({
      monetization: config.monetization,
      appId: app.appId,
      configsPath: config.configsPath,
      pluginsFolder: () => engine.folder().path,
      documents,
      publish,
    }),
    authSwitch: createAuthSwitch({
      configured: config,
      trial: config.trial,
      app,
      keyPath: join(configPath, 'dev-issuer-key.pem'),
      serve: (issuer, port) => createIssuerServer(issuer, { port, corsOrigins: config.corsOrigins, log }),
    }),
    engine,
    folders: createFolderMemory(configPath, log),
    mutes: new Mutes(mutesFile(config)),
    traces,
    bus,
    otlp: createExporter(config, traces, log),
    redactor,
    secrets,
  };
}

function createExporter({ otlp, app }: Config, traces: TraceStore, log: Log): OtlpExporter | null {
  if (otlp === null) return null;
  const target = { ...otlp, appId: app.appId, version: runningVersions().Workbench ?? '' };
  const exporter = new OtlpExporter(target, log);
  traces.onAdded(({ trace }) => exporter.add(trace));
  return exporter;
}

function createDatabase(
  config: Config,
  { databaseScript, environment, log }: PartsDeps,
  on: Pick<PluginDatabaseOptions, 'onPassword' | 'onMoved'>,
): PluginDatabase | null {
  if (config.pluginVariables.DATABASE_URI !== undefined) return null;
  const folder = databaseFolder(config);
  return new PluginDatabase({
    localFolder: folder,
    mongodbFolder: join(config.configPath, 'mongodb'),
    appFolder: basename(folder),
    databaseScript,
    downloadScript: join(dirname(databaseScript), 'mongodb-download.cjs'),
    environment,
    log,
    ...on,
  });
}

/** The server's port, which may be another one than was set: plugins share the server's environment in production. */
function portVariable(port: number | null): Readonly<Record<string, string>> {
  return port === null ? {} : { PORT: String(port) };
}

/** Under the name that set it, also where a `.env` file did: as plugins find it in production. */
function timeoutVariables({ settings }: Config): Readonly<Record<string, string | undefined>> {
  const [name, older] = ['MOZAIKS_PLUGIN_TIMEOUT_SECONDS', 'PLUGIN_EXEC_TIMEOUT_S'];
  const timeout = settings.find((setting) => setting.name === name);
  const value = timeout?.source === 'default' ? undefined : timeout?.value;
  const byOlder = timeout?.source === 'deprecated-alias';
  return { [name]: byOlder ? undefined : value, [older]: byOlder ? value : undefined };
}
