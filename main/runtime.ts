import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type AuthSwitch, createAuthSwitch } from './auth/auth-switch.ts';
import type { Config } from './config.ts';
import { createFolderMemory, type FolderMemory } from './config-folders.ts';
import { CONTRACT_VERSION } from './contract/http.ts';
import type { PluginView } from './contract/plugin-view.ts';
import type { RuntimeSnapshot } from './contract/snapshot.ts';
import { createDemo } from './demo/demo.ts';
import type { Desktop } from './inspector/deps.ts';
import { createDownloads } from './inspector/downloads.ts';
import { createHandlers } from './inspector/handlers.ts';
import { createInspector, type Inspector } from './inspector/inspector.ts';
import type { Log } from './log.ts';
import {
  createPluginEngine,
  type EnginePlugin,
  type HostScripts,
  type PluginEngine,
} from './plugins/engine.ts';
import { runningVersions } from './running-versions.ts';
import { createApp, type Readiness } from './server/app.ts';
import { createInspectorRoutes } from './server/inspector-routes.ts';
import { createIssuerServer } from './server/issuer-server.ts';
import { type Listening, listen } from './server/listen.ts';
import { diskSettings } from './traces/disk/disk-keeping.ts';
import { createOpenedFiles } from './traces/opened-files.ts';
import { createRedactor, type Redactor } from './traces/redact.ts';
import { createTraceStore, TRACE_LIMITS, type TraceStore } from './traces/store.ts';

/** The whole runtime without a shell. The window, the headless shell and every test use this one function. */
export interface Runtime {
  readonly config: Config;
  readonly inspector: Inspector;
  readonly traces: TraceStore;
  readonly engine: PluginEngine;
  readonly folders: FolderMemory;
  /** `http://127.0.0.1:8080`; meaningful once it listens. */
  readonly baseUrl: string;
  /**
   * Takes its port; `/ready` answers 503 until `start` is done. A window opens in between, so that it waits for no plugin.
   * @throws {WorkbenchError} CONFLICT when an explicit port is taken.
   */
  listen(): Promise<void>;
  /** Listens, unless it does, then scans the plugins' folder. Rejects as `listen` does. */
  start(): Promise<void>;
  /** Ends the server and every plugin process. Bounded: three seconds at most. */
  stop(): Promise<void>;
  snapshot(): RuntimeSnapshot;
}

/** What the end of calls may take before the traces' files are closed. */
const LAST_TRACES_MS = 1_500;

export interface RuntimeDeps {
  /** The scripts that run in plugins' processes. */
  readonly hostScripts: HostScripts;
  /** The script of the thread that holds the traces' files. */
  readonly traceWorker: string;
  /** The process's own environment; plugins get an allow-list of it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly shell: RuntimeSnapshot['shell'];
  /** What a desktop can do for the UI; null in a browser. */
  readonly desktop: Desktop | null;
  /** Where traces are kept; a store of its own where absent. */
  readonly traces?: TraceStore;
  /** Headless mode only: serves the UI and the Inspector over HTTP. */
  readonly headless: { readonly token: string; readonly uiFolder: string } | null;
}

interface Parts {
  readonly config: Config;
  readonly authSwitch: AuthSwitch;
  readonly engine: PluginEngine;
  readonly traces: TraceStore;
  readonly folders: FolderMemory;
  readonly redactor: Redactor;
  readonly log: Log;
}

/** What changes while a runtime lives. */
interface State {
  phase: 'starting' | 'ready' | 'stopping';
  startedAt: number;
  listening: Listening | null;
}

export function createRuntime(config: Config, deps: RuntimeDeps): Runtime {
  const parts = createParts(config, deps);
  const { authSwitch, engine, traces, folders, log } = parts;
  const { authenticator, mint } = authSwitch;
  const state: State = { phase: 'starting', startedAt: Date.now(), listening: null };
  const baseUrl = () => urlOf(state.listening ?? { host: config.host, port: config.port });
  const snapshot = () => takeSnapshot(parts, state, deps.shell, baseUrl());
  const demo = createDemo(
    (own) => createRuntime(own, { ...deps, desktop: null, headless: null, traces }),
    log,
  );
  const downloads = createDownloads();
  const handlers = createHandlers({
    ...{ ...parts, authenticator, mint, baseUrl, snapshot, demo, downloads, desktop: deps.desktop },
    openedFiles: createOpenedFiles(parts.redactor),
    withStats: (plugin) => withStats(traces, plugin),
    onAuthChanged: () => inspector.events.snapshotChanged(),
    onCheckProgress: (progress) => inspector.events.checkProgressed(progress),
  });
  const inspector = createInspector(handlers, { snapshot, counts: () => traces.counts() }, log);
  const app = createApp({
    ...{ ...parts, authenticator },
    readiness: () => readiness(state),
    address: () => state.listening ?? { host: config.host, port: config.port },
    ...(deps.headless === null
      ? {}
      : { inspector: createInspectorRoutes(inspector, { ...deps.headless, downloads }) }),
  });
  const takePort = async () => {
    if (state.listening !== null) return;
    // The issuer first: what its keys verify may arrive as soon as the runtime's own port is open.
    await authSwitch.start();
    if (deps.traces === undefined) await traces.open();
    state.listening = await listen(app, config);
    if (state.listening.notice !== null) log.warn(state.listening.notice);
  };
  const undo = [
    engine.on('changed', () => inspector.events.snapshotChanged()),
    engine.on('reload', (record) => inspector.events.reloaded(record)),
    engine.on('samples', (plugin) => inspector.events.samplesChanged(plugin)),
    traces.onAdded((summary) => inspector.events.traceAdded(summary)),
    traces.onChanged(() => inspector.events.snapshotChanged()),
  ];
  return {
    ...{ config, inspector, traces, engine, folders, snapshot },
    get baseUrl() {
      return baseUrl();
    },
    listen: takePort,
    async start() {
      await takePort();
      await engine.start();
      if (state.phase === 'starting') state.phase = 'ready';
      inspector.events.snapshotChanged();
    },
    async stop() {
      state.phase = 'stopping';
      for (const release of undo) release();
      inspector.events.stop();
      const ended = Promise.all([engine.stop(), state.listening?.close(), authSwitch.stop(), demo.stop()]);
      // Calls that end now leave their traces; those of calls that won't end are not waited for.
      if (deps.traces === undefined) {
        await Promise.race([ended, delay(LAST_TRACES_MS)]);
        await traces.close();
      }
      await ended;
    },
  };
}

function createParts(config: Config, deps: RuntimeDeps): Parts {
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
      environment: { ...environment, MOZAIKS_STANDINS_PATH: settings },
      log,
      ...limits,
    }),
    folders: createFolderMemory(config.configPath, log),
    traces: deps.traces ?? createTraceStore(TRACE_LIMITS, diskSettings(config, deps.traceWorker)),
    redactor: createRedactor(config.secrets),
  };
}

/** A client that works in local mode meets 401 now; whoever wonders reads why. */
const TRIAL_NOTICE =
  'External mode with the development issuer, chosen while running: every call needs one of its tokens. The Tokens screen leads back.';

function originOf(config: Config, name: string): string {
  return config.settings.find((setting) => setting.name === name)?.origin ?? name;
}

function readiness({ phase }: State): Readiness {
  if (phase === 'ready') return { ready: true, reason: null };
  const reason =
    phase === 'starting' ? 'The first scan of the plugins is not done' : 'The runtime is stopping';
  return { ready: false, reason };
}

function urlOf({ host, port }: { host: string; port: number }): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function takeSnapshot(
  parts: Parts,
  state: State,
  shell: RuntimeSnapshot['shell'],
  baseUrl: string,
): RuntimeSnapshot {
  const { config, engine, traces, authSwitch } = parts;
  const { auth, devIssuer, isTrial } = authSwitch.current();
  const at = Date.now();
  const { ready, reason } = readiness(state);
  const portNotice = state.listening?.notice;
  return {
    ...{ at, baseUrl, ready, shell, startedAt: state.startedAt, notReadyReason: reason },
    health: {
      status: 'healthy',
      app_id: config.appId,
      app_tier: config.appTier,
      plugins_loaded: engine.loadedCount(),
    },
    appName: config.appName,
    authMode: auth.mode,
    tokenRequired: auth.mode === 'external' || auth.requireToken,
    timeoutMs: config.timeoutMs,
    folder: engine.folder(),
    plugins: engine.list().map((plugin) => withStats(traces, plugin)),
    lastReload: engine.lastReload(),
    reloads: engine.reloadStats(),
    activity: traces.activity(at),
    notices: [
      ...[...config.notices, portNotice, isTrial ? TRIAL_NOTICE : null, devIssuer?.notice()].filter(isText),
      ...authSwitch.authenticator.notices(),
      ...traces.notices(),
    ],
    versions: runningVersions(),
    contractVersion: CONTRACT_VERSION,
  };
}

function isText(notice: string | null | undefined): notice is string {
  return typeof notice === 'string';
}

function withStats(traces: TraceStore, plugin: EnginePlugin): PluginView {
  return { ...plugin, stats: traces.pluginStats(plugin.name) };
}
