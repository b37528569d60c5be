import { randomBytes } from 'node:crypto';
import { mkdir, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { loadConfig } from '../config/config.ts';
import type { Config } from '../config/types.ts';
import type { DemoResult, DemoStep, DemoView } from '../contract/demo.ts';
import { type Result, WorkbenchError } from '../contract/errors.ts';
import type { ArgumentOf } from '../contract/inspector.ts';
import type { ReloadRecord } from '../contract/plugin-view.ts';
import type { PersonaId, RunAnswer } from '../contract/run.ts';
import type { Trace } from '../contract/trace.ts';
import type { Inspector } from '../inspector/inspector.ts';
import type { PluginEngine } from '../plugins/engine/types.ts';
import { replaceFile } from '../system/atomic-file.ts';
import { errorMessage } from '../system/errors.ts';
import type { Log } from '../system/log.ts';
import { waitForEvent } from '../system/wait.ts';
import { demoFiles, GREETER, GREETINGS, greeterSource, NOTES, SLEEPER } from './demo-plugins.ts';
import { startEphemeral } from './ephemeral.ts';

/**
 * A second runtime for sample traffic. It is complete, with its own folder, secret, port and a short timeout,
 * so that it shows what the contract's routes do; only its traces are stored with those of the first.
 */
export interface Demo {
  start(): Promise<DemoView>;
  run(step: DemoStep): Promise<DemoResult>;
  /** Whether this plugin belongs to the demonstration. */
  isDemoPlugin(plugin: string): boolean;
  /** Sends one of its calls again, to its own runtime. CONFLICT when that has ended. */
  replay(input: ArgumentOf<'replay'>): Promise<RunAnswer>;
  /** Leaves no process, port or file behind. Does nothing when none is running. */
  stop(): Promise<void>;
}

/** The parts of a runtime that the demonstration uses. */
export interface DemoRuntime {
  readonly config: Config;
  readonly inspector: Inspector;
  readonly engine: PluginEngine;
  readonly traces: { get(id: string): Trace | undefined };
  readonly baseUrl: string;
  start(): Promise<void>;
  stop(): Promise<void>;
}

interface Call {
  readonly plugin: string;
  readonly persona: PersonaId;
  readonly body: unknown;
}

/** Short enough to wait for, long enough for a busy machine to answer everything else. */
const TIMEOUT_SECONDS = 2;
const RELOAD_TIMEOUT_MS = 15_000;
/** An unused demonstration stops by itself. */
const IDLE_TIMEOUT_MS = 15 * 60_000;

const CALLS: Readonly<Record<DemoStep, Call>> = {
  call: { plugin: GREETER, persona: 'user', body: { action: 'greet' } },
  spoof: {
    plugin: GREETER,
    persona: 'user',
    body: {
      action: 'greet',
      user_id: 'user-ada',
      app_id: 'another_app',
      user_jwt: 'made-up',
      _context: { user_id: 'user-ada', roles: ['admin'], is_superadmin: true },
    },
  },
  expired: { plugin: GREETER, persona: 'expired', body: { action: 'greet' } },
  error: { plugin: GREETER, persona: 'user', body: { action: 'refund', amount: 120 } },
  timeout: { plugin: SLEEPER, persona: 'user', body: { seconds: 30 } },
  inside: { plugin: NOTES, persona: 'user', body: { text: 'Water the ferns' } },
  reload: { plugin: GREETER, persona: 'user', body: { action: 'greet' } },
};

/** One demonstration at a time; nothing is created before it is started. */
export function createDemo(createRuntime: (config: Config) => DemoRuntime, log: Log): Demo {
  let session: Promise<Session> | null = null;
  let idle: NodeJS.Timeout | undefined;

  const stop = async () => {
    clearTimeout(idle);
    const running = session;
    session = null;
    // One that could not start has rejected where it was started, and removed its files itself.
    await (await running?.catch(() => null))?.stop();
  };
  const touch = () => {
    clearTimeout(idle);
    const end = () =>
      stop().catch((error: unknown) => log.error('Could not stop the demonstration cleanly', error));
    idle = setTimeout(end, IDLE_TIMEOUT_MS);
    idle.unref();
  };
  return {
    stop,
    isDemoPlugin: (plugin) => [GREETER, SLEEPER, NOTES].includes(plugin),
    async replay(input) {
      if (session === null) {
        throw new WorkbenchError(
          'CONFLICT',
          'This call belongs to a demonstration that has ended: start the demonstration again',
        );
      }
      touch();
      return (await session).replay(input);
    },
    async start() {
      await stop();
      touch();
      session = startSession(createRuntime);
      return (await session).view;
    },
    async run(step) {
      if (session === null)
        throw new WorkbenchError('NOT_FOUND', 'The demonstration has ended: start it again');
      touch();
      return (await session).run(step);
    },
  };
}

interface Session {
  readonly view: DemoView;
  run(step: DemoStep): Promise<DemoResult>;
  replay(input: ArgumentOf<'replay'>): Promise<RunAnswer>;
  stop(): Promise<void>;
}

async function startSession(createRuntime: (config: Config) => DemoRuntime): Promise<Session> {
  try {
    const { runtime, stop } = await startEphemeral({
      purpose: 'demo',
      async create(home) {
        const folder = join(home, 'plugins');
        for (const [path, text] of Object.entries(demoFiles())) await save(join(folder, path), text);
        await offerPackages(home);
        return createRuntime(await demoConfig(home, folder));
      },
    });
    return createSession(runtime, stop);
  } catch (error) {
    const message = `The demonstration could not start: ${errorMessage(error)}`;
    throw new WorkbenchError('INTERNAL_ERROR', message, { cause: error });
  }
}

/** The packages of this product, such as the database's driver, to the plugins below `home`. */
async function offerPackages(home: string): Promise<void> {
  const driver = createRequire(import.meta.url).resolve('mongodb/package.json');
  await symlink(dirname(dirname(driver)), join(home, 'node_modules'), 'junction');
}

/** Ignores the user's own settings: the demonstration is the same everywhere. */
function demoConfig(home: string, folder: string): Promise<Config> {
  const env = {
    PORT: '0',
    MOZAIKS_PLUGINS_PATH: folder,
    MOZAIKS_PLUGIN_TIMEOUT_SECONDS: String(TIMEOUT_SECONDS),
    MOZAIKS_APP_ID: 'demo_app',
    APP_NAME: 'Demonstration',
    JWT_SECRET: randomBytes(32).toString('base64url'),
    MOZAIKS_MAX_PLUGIN_PROCESSES: '3',
  };
  return loadConfig({ env, argv: [], cwd: home, configPath: join(home, 'user') });
}

function createSession(runtime: DemoRuntime, stop: () => Promise<void>): Session {
  const { baseUrl, config } = runtime;
  const folder = config.pluginsPath;
  let edits = 0;
  let calls = 0;
  return {
    view: { baseUrl, folder, timeoutMs: config.timeoutMs },
    stop,
    replay: (input) => callInspector(runtime, 'replay', input),
    async run(step) {
      const { plugin, persona, body } = CALLS[step];
      let reloadMs: number | null = null;
      if (step === 'reload') {
        edits += 1;
        const source = greeterSource(GREETINGS[edits % GREETINGS.length] ?? GREETINGS[0]);
        const reloaded = waitForReload(runtime.engine, GREETER);
        const [{ latencyMs }] = await Promise.all([
          reloaded,
          save(join(folder, GREETER, 'logic.js'), source),
        ]);
        reloadMs = latencyMs;
      }
      calls += 1;
      const argument = { runId: `demo-${calls}`, plugin, persona, body: JSON.stringify(body) };
      const answer = await callInspector(runtime, 'run', argument);
      return { step, plugin, reloadMs, ...toResult(runtime, answer) };
    },
  };
}

async function callInspector<N extends 'run' | 'replay'>(
  { inspector }: DemoRuntime,
  name: N,
  argument: ArgumentOf<N>,
): Promise<RunAnswer> {
  const answer = (await inspector.call(name, argument)) as Result<RunAnswer>;
  if (answer.ok) return answer.value;
  throw new WorkbenchError(answer.error.code, answer.error.message);
}

/** The answer names its trace once that is stored. */
function toResult(
  { traces }: DemoRuntime,
  { traceId, status, durationMs }: RunAnswer,
): Pick<DemoResult, 'traceId' | 'outcome' | 'status' | 'errorCode' | 'durationMs'> {
  const trace = traceId === null ? undefined : traces.get(traceId);
  if (trace === undefined) throw new WorkbenchError('INTERNAL_ERROR', 'The call left no trace');
  return { traceId: trace.id, outcome: trace.outcome, status, errorCode: trace.errorCode, durationMs };
}

/** The plugin's next reload. @throws {WorkbenchError} INTERNAL_ERROR when it fails, or none comes */
async function waitForReload(engine: PluginEngine, plugin: string): Promise<ReloadRecord> {
  const record = await waitForEvent<ReloadRecord>((listener) => engine.on('reload', listener), {
    timeoutMs: RELOAD_TIMEOUT_MS,
    accept: (reload) => reload.plugin === plugin,
  }).catch((error: unknown) => {
    throw reloadFailed('no change was noticed', error);
  });
  if (record.ok) return record;
  throw reloadFailed(record.error ?? 'it did not load');
}

function reloadFailed(reason: string, cause?: unknown): WorkbenchError {
  return new WorkbenchError('INTERNAL_ERROR', `Could not reload the changed plugin: ${reason}`, { cause });
}

async function save(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await replaceFile(path, text);
}
