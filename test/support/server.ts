import { onTestFinished } from 'vitest';
import { createAuthenticator } from '../../main/auth/authenticator.ts';
import { loadConfig } from '../../main/config/config.ts';
import type { Config } from '../../main/config/types.ts';
import { createDocumentStore, documentsFolder } from '../../main/documents/store.ts';
import { createEntitlements } from '../../main/entitlements/entitlements.ts';
import type { PluginEngine } from '../../main/plugins/engine/types.ts';
import { createApp, type ServerDeps } from '../../main/server/app.ts';
import {
  type Listening,
  listen,
  SERVER_LIMITS,
  type ServerLimits,
} from '../../main/server/connection/listen.ts';
import { Refusals } from '../../main/server/refusals.ts';
import { SocketHub, type SocketLimits, USUAL_SOCKET_LIMITS } from '../../main/sockets/socket-hub.ts';
import { createRedactor } from '../../main/traces/record/redact.ts';
import { TraceStore } from '../../main/traces/store/store.ts';
import type { CleanUp } from './clean-up.ts';
import { temporaryFolder } from './folders.ts';
import { watchAnswers } from './openapi-witness.ts';
import { type RecordingLog, recordingLog } from './recording-log.ts';

export const SECRET = 'a-secret-for-tests-that-is-long-enough-0123456789';

export interface TestServer {
  readonly port: number;
  readonly baseUrl: string;
  readonly config: Config;
  readonly traces: TraceStore;
  readonly log: RecordingLog;
  readonly listening: Listening;
  readonly sockets: SocketHub;
}

export interface TestServerOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly limits?: Partial<ServerLimits>;
  readonly socketLimits?: Partial<SocketLimits>;
  readonly more?: Partial<Pick<ServerDeps, 'readiness' | 'inspector' | 'authenticator'>>;
}

/** The server alone, on a free port, over any engine. Closed with the test. */
export async function startServer(
  engine: PluginEngine,
  options: TestServerOptions = {},
): Promise<TestServer> {
  const config = await testConfig(options.env);
  const traces = new TraceStore();
  const log = recordingLog();
  const redactor = createRedactor(config.secrets);
  const sockets = new SocketHub(redactor, { ...USUAL_SOCKET_LIMITS, ...options.socketLimits });
  const documents = createDocumentStore(documentsFolder(config));
  let listening: Listening | null = null;
  const app = createApp({
    config,
    engine,
    entitlements: createEntitlements({
      monetization: config.monetization,
      appId: config.app.appId,
      configsPath: config.configsPath,
      pluginsFolder: () => config.pluginsPath,
      documents,
      publish: (event, data) => engine.publish(event, data),
    }),
    documents,
    mutes: { has: () => false },
    traces,
    log,
    authenticator: createAuthenticator(config.auth, {
      appId: config.app.appId,
      origin: 'MOZAIKS_APP_ID (environment)',
    }),
    redactor,
    refusals: new Refusals(redactor),
    sockets,
    readiness: () => ({ ready: true, reason: null }),
    address: () => listening ?? { host: config.host, port: config.port },
    ...options.more,
  });
  listening = await listen(app, config, { ...SERVER_LIMITS, ...options.limits });
  const { port, close } = listening;
  const baseUrl = `http://127.0.0.1:${port}`;
  const unwatch = watchAnswers(() => baseUrl);
  onTestFinished(async () => {
    sockets.stop();
    await close();
    unwatch();
  });
  return { port, baseUrl, config, traces, log, listening, sockets };
}

/** A configuration for tests: any free port, a known secret, no file of the user's. */
export async function testConfig(
  env: Readonly<Record<string, string>> = {},
  argv: readonly string[] = [],
  cleanUp: CleanUp = onTestFinished,
): Promise<Config> {
  const { path, remove } = await temporaryFolder('workbench-config');
  cleanUp(remove);
  return loadConfig({
    env: { PORT: '0', JWT_SECRET: SECRET, MOZAIKS_PLUGINS_PATH: path, ...env },
    argv,
    cwd: path,
    configPath: path,
  });
}
