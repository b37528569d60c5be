import type { SwitchableAuth } from '../auth/switchable-auth.ts';
import type { FolderMemory } from '../config/recent-folders.ts';
import type { Config } from '../config/types.ts';
import type { RuntimeSnapshot } from '../contract/snapshot.ts';
import { createDemo } from '../ephemeral/demo.ts';
import { createOwnTargets } from '../ephemeral/own-target.ts';
import type { Desktop } from '../inspector/deps.ts';
import { createDownloads } from '../inspector/downloads.ts';
import { createHandlers } from '../inspector/handlers.ts';
import { createInspector, type Inspector } from '../inspector/inspector.ts';
import type { PluginEngine } from '../plugins/engine/types.ts';
import { createApp } from '../server/app.ts';
import { listen, SERVER_LIMITS, type ServerLimits } from '../server/connection/listen.ts';
import { Refusals } from '../server/refusals.ts';
import { createInspectorRoutes } from '../server/routes/inspector.ts';
import { socketState, TestConnector } from '../sockets/test-connection.ts';
import { waitAtMost } from '../system/wait.ts';
import { createTraceReader } from '../traces/files/file-task.ts';
import { createOpenedFiles } from '../traces/files/opened-files.ts';
import type { TraceStore } from '../traces/store/store.ts';
import { createParts, type Parts, type PartsDeps } from './parts.ts';
import { readiness, type State, takeSnapshot, urlOf, withStats } from './snapshot.ts';

/** The whole runtime without a shell. The window, the headless shell and every test use this one function. */
export interface Runtime {
  readonly config: Config;
  readonly inspector: Inspector;
  readonly traces: TraceStore;
  readonly engine: PluginEngine;
  readonly folders: FolderMemory;
  readonly authSwitch: SwitchableAuth;
  /** `http://127.0.0.1:8080`; meaningful once it listens. */
  readonly baseUrl: string;
  /** Which database of the workbench's plugins have, known once it listens; null where it is another, or none. */
  readonly ownDatabase: 'local' | 'mongodb' | null;
  /**
   * Takes its port; `/ready` answers 503 until `start` is done. A window opens in between, so it needs no
   * plugin to be loaded.
   * @throws {WorkbenchError} CONFLICT when an explicit port is taken.
   */
  listen(): Promise<void>;
  /** Listens, unless it does, then scans the plugins' folder. Rejects as `listen` does. */
  start(): Promise<void>;
  /** Ends the server and every plugin process. Bounded: three seconds at most. */
  stop(): Promise<void>;
  snapshot(): RuntimeSnapshot;
}

/** The last timer of `stop`: what hangs longer is left to the end of the process. */
const STOP_LIMIT_MS = 2_400;
/** How long calls may take to end before the traces' files are closed. */
const LAST_TRACES_MS = 1_500;
/** How long an OpenTelemetry collector may take for what it hasn't got yet. */
const LAST_SPANS_MS = 700;

export interface RuntimeDeps extends PartsDeps {
  readonly shell: RuntimeSnapshot['shell'];
  /** What a desktop can do for the UI; null in a browser. */
  readonly desktop: Desktop | null;
  /** Headless mode only: serves the UI and the Inspector over HTTP. */
  readonly headless: { readonly token: string; readonly uiFolder: string } | null;
  /** Other limits than the usual ones. */
  readonly serverLimits?: Partial<ServerLimits> | undefined;
}

export function createRuntime(config: Config, deps: RuntimeDeps): Runtime {
  const state: State = { phase: 'starting', startedAt: Date.now(), listening: null };
  const parts = createParts(config, deps, () => state.listening?.port ?? null);
  const { authSwitch, engine, traces, folders, log } = parts;
  const { authenticator } = authSwitch;
  const baseUrl = () => urlOf(state.listening ?? { host: config.host, port: config.port });
  const refusals = new Refusals(parts.redactor, () => inspector.events.snapshotChanged());
  const snapshot = () => takeSnapshot({ ...parts, refusals }, state, deps.shell, baseUrl());
  const test = new TestConnector({
    sockets: parts.sockets,
    baseUrl,
    personaToken: (persona, custom) => authSwitch.mint.personaToken(persona, custom),
    onChanged: () => inspector.events.socketsChanged(),
  });
  const { demo, ownTargets } = createEphemeralRuntimes(parts, deps, baseUrl);
  const downloads = createDownloads();
  const handlers = createHandlers({
    ...parts,
    refusals: () => refusals.view(),
    baseUrl,
    snapshot,
    demo,
    downloads,
    desktop: deps.desktop,
    test,
    ownTarget: ownTargets.open,
    checkScript: deps.threadScripts.check,
    openedFiles: createOpenedFiles(
      parts.redactor,
      createTraceReader(deps.threadScripts.traceFile, parts.secrets),
    ),
    withStats: (plugin) => withStats(parts, plugin),
    onAuthChanged: () => inspector.events.snapshotChanged(),
    onCheckProgress: (progress) => inspector.events.checkProgressed(progress),
  });
  const inspector = createInspector(
    handlers,
    {
      snapshot,
      counts: () => traces.counts(),
      sockets: () => socketState(parts.sockets, test),
      busEvents: (seqs) => parts.bus.events(seqs),
    },
    log,
  );
  const app = createApp({
    ...parts,
    authenticator,
    refusals,
    readiness: () => readiness(state),
    address: () => state.listening ?? { host: config.host, port: config.port },
    inspector:
      deps.headless === null ? undefined : createInspectorRoutes(inspector, { ...deps.headless, downloads }),
  });
  const takePort = async () => {
    if (state.listening !== null) return;
    // The issuer first: what its keys verify may arrive as soon as the runtime's own port is open.
    await authSwitch.start();
    const onChange = () => inspector.events.snapshotChanged();
    await Promise.all([parts.database?.open(onChange), parts.driver.open(onChange), parts.mutes.open()]);
    if (deps.traces === undefined) await traces.open();
    state.listening = await listen(app, config, { ...SERVER_LIMITS, ...deps.serverLimits });
    if (state.listening.notice !== null) log.warn(state.listening.notice);
  };
  const subscriptions = forwardEvents(parts, inspector.events);
  return {
    config,
    inspector,
    traces,
    engine,
    folders,
    authSwitch,
    snapshot,
    get baseUrl() {
      return baseUrl();
    },
    get ownDatabase() {
      return parts.database?.problem === null ? parts.database.kind : null;
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
      for (const unsubscribe of subscriptions) unsubscribe();
      inspector.events.stop();
      test.stop();
      parts.sockets.stop();
      const others = [
        authSwitch.stop(),
        demo.stop(),
        ownTargets.stop(),
        parts.database?.stop(),
        parts.driver.stop(),
        parts.data.stop(),
      ];
      const ended = Promise.all([engine.stop(), state.listening?.close(), ...others]);
      const closed = finishTraces(parts, ended, deps.traces === undefined);
      if (await waitAtMost(Promise.all([ended, closed]), STOP_LIMIT_MS)) return;
      log.warn('Not everything could be stopped in time');
    },
  };
}

/** Calls that end now leave their traces; those of calls that won't end are not waited for. */
async function finishTraces(
  { traces, otlp }: Parts,
  ended: Promise<unknown>,
  isOwner: boolean,
): Promise<void> {
  await waitAtMost(ended, LAST_TRACES_MS);
  await Promise.all([isOwner ? traces.close() : null, otlp?.stop(LAST_SPANS_MS)]);
}

/** What starts runtimes of its own: the demo, and the checks of the contract. */
function createEphemeralRuntimes(parts: Parts, deps: RuntimeDeps, baseUrl: () => string) {
  const { config, engine, authSwitch, traces, log } = parts;
  const demo = createDemo(
    (own) => createRuntime(own, { ...deps, desktop: null, headless: null, traces }),
    log,
  );
  const { traces: _shared, ...alone } = deps;
  const ownTargets = createOwnTargets(
    {
      config,
      engine,
      authSwitch,
      get baseUrl() {
        return baseUrl();
      },
    },
    (own) => createRuntime(own, { ...alone, desktop: null, headless: null }),
  );
  return { demo, ownTargets };
}

/** Reports what happens in the parts to the UIs; returns one `unsubscribe` for each source. */
function forwardEvents(
  { engine, traces, mutes, otlp, authSwitch, sockets, bus }: Parts,
  events: Inspector['events'],
): readonly (() => void)[] {
  return [
    engine.on('changed', () => events.snapshotChanged()),
    engine.on('reload', (record) => events.reloaded(record)),
    engine.on('samples', (plugin) => events.samplesChanged(plugin)),
    bus.onChanged((seq) => events.busChanged(seq)),
    traces.onAdded(({ summary }) => events.traceAdded(summary)),
    traces.onChanged(() => events.snapshotChanged()),
    mutes.onChanged(() => events.snapshotChanged()),
    otlp?.onChanged(() => events.snapshotChanged()) ?? (() => {}),
    authSwitch.onKeysFetched(() => events.snapshotChanged()),
    sockets.on({
      changed: () => events.socketsChanged(),
      sent: (message) => events.socketMessageSent(message),
    }),
  ];
}
