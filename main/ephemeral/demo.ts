import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
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
import type { Log } from '../system/log.ts';
import { demoFiles, GREETER, GREETINGS, greeterSource, SLEEPER } from './demo-plugins.ts';

/**
 * A second runtime for sample traffic. It is a whole one, with its own folder, secret, port and a short timeout, so that what it
 * shows is what the contract's routes do; only the traces are kept with those of the first.
 */
export interface Demo {
  start(): Promise<DemoView>;
  run(step: DemoStep): Promise<DemoResult>;
  /** Whether a trace of this plugin is one of the demonstration's. */
  isDemoPlugin(plugin: string): boolean;
  /** Sends a call of its own again, to its own runtime. CONFLICT when that has ended. */
  replay(wish: ArgumentOf<'replay'>): Promise<RunAnswer>;
  /** Leaves no process, port or file behind. Nothing to do when none is under way. */
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
const RELOAD_MS = 15_000;
const TRACE_LOOKS = 100;
const TRACE_LOOK_MS = 20;
/** A demonstration that nobody looks at any more ends by itself. */
const FORGOTTEN_MS = 15 * 60_000;

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
  reload: { plugin: GREETER, persona: 'user', body: { action: 'greet' } },
};

/** One demonstration at a time; nothing is made before it is started. */
export function createDemo(createRuntime: (config: Config) => DemoRuntime, log: Log): Demo {
  let session: Promise<Session> | null = null;
  let forgotten: NodeJS.Timeout | undefined;

  const stop = async () => {
    clearTimeout(forgotten);
    const ending = session;
    session = null;
    // One that could not begin has told its caller why, and removed its files itself.
    await (await ending?.catch(() => null))?.end();
  };
  const touch = () => {
    clearTimeout(forgotten);
    const end = () =>
      stop().catch((error: unknown) => log.error('the demonstration did not end cleanly', error));
    forgotten = setTimeout(end, FORGOTTEN_MS);
    forgotten.unref();
  };
  return {
    stop,
    isDemoPlugin: (plugin) => plugin === GREETER || plugin === SLEEPER,
    async replay(wish) {
      if (session === null) {
        throw new WorkbenchError(
          'CONFLICT',
          'This was a call of the demonstration, which has ended: show the contract again',
        );
      }
      touch();
      return (await session).replay(wish);
    },
    async start() {
      await stop();
      touch();
      session = begin(createRuntime);
      return (await session).view;
    },
    async run(step) {
      if (session === null)
        throw new WorkbenchError('NOT_FOUND', 'The demonstration was ended: start it again');
      touch();
      return (await session).run(step);
    },
  };
}

interface Session {
  readonly view: DemoView;
  run(step: DemoStep): Promise<DemoResult>;
  replay(wish: ArgumentOf<'replay'>): Promise<RunAnswer>;
  end(): Promise<void>;
}

async function begin(createRuntime: (config: Config) => DemoRuntime): Promise<Session> {
  const home = await realpath(await mkdtemp(join(tmpdir(), 'mozaiks-demo-')));
  let runtime: DemoRuntime | null = null;
  const end = async () => {
    await runtime?.stop();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const folder = join(home, 'plugins');
    for (const [path, text] of Object.entries(demoFiles())) await save(join(folder, path), text);
    runtime = createRuntime(await demoConfig(home, folder));
    await runtime.start();
    return sessionOf(runtime, folder, end);
  } catch (error) {
    await end();
    const reason = error instanceof Error ? error.message : String(error);
    throw new WorkbenchError('INTERNAL_ERROR', `The demonstration could not begin: ${reason}`, {
      cause: error,
    });
  }
}

/** Nothing of the user's own settings: the same demonstration everywhere. */
function demoConfig(home: string, folder: string): Promise<Config> {
  const env = {
    PORT: '0',
    MOZAIKS_PLUGINS_PATH: folder,
    MOZAIKS_PLUGIN_TIMEOUT_SECONDS: String(TIMEOUT_SECONDS),
    MOZAIKS_APP_ID: 'demo_app',
    APP_NAME: 'Demonstration',
    JWT_SECRET: randomBytes(32).toString('base64url'),
    MOZAIKS_MAX_PLUGIN_PROCESSES: '2',
  };
  return loadConfig({ env, argv: [], cwd: home, configPath: join(home, 'user') });
}

function sessionOf(runtime: DemoRuntime, folder: string, end: () => Promise<void>): Session {
  const { baseUrl, config } = runtime;
  let edits = 0;
  let calls = 0;
  return {
    view: { baseUrl, folder, timeoutMs: config.timeoutMs },
    end,
    replay: (wish) => ask(runtime, 'replay', wish),
    async run(step) {
      const { plugin, persona, body } = CALLS[step];
      let reloadMs: number | null = null;
      if (step === 'reload') {
        edits += 1;
        const source = greeterSource(GREETINGS[edits % GREETINGS.length] ?? GREETINGS[0]);
        const reloaded = nextReload(runtime.engine, GREETER);
        await save(join(folder, GREETER, 'logic.js'), source);
        reloadMs = (await reloaded).latencyMs;
      }
      calls += 1;
      const argument = { runId: `demo-${calls}`, plugin, persona, body: JSON.stringify(body) };
      const answer = await ask(runtime, 'run', argument);
      return { step, plugin, reloadMs, ...(await resultOf(runtime, answer)) };
    },
  };
}

async function ask<N extends 'run' | 'replay'>(
  { inspector }: DemoRuntime,
  name: N,
  argument: ArgumentOf<N>,
): Promise<RunAnswer> {
  const answer = (await inspector.call(name, argument)) as Result<RunAnswer>;
  if (answer.ok) return answer.value;
  throw new WorkbenchError(answer.error.code, answer.error.message);
}

async function resultOf(
  { traces }: DemoRuntime,
  { traceId, status, durationMs }: RunAnswer,
): Promise<Pick<DemoResult, 'traceId' | 'outcome' | 'status' | 'errorCode' | 'durationMs'>> {
  // A trace is recorded when its answer is out, which its reader may be a moment ahead of.
  for (let look = 0; traceId !== null && look < TRACE_LOOKS; look += 1) {
    const trace = traces.get(traceId);
    if (trace !== undefined) {
      return { traceId, outcome: trace.outcome, status, errorCode: trace.errorCode, durationMs };
    }
    await delay(TRACE_LOOK_MS);
  }
  throw new WorkbenchError('INTERNAL_ERROR', 'The call left no trace');
}

/** The plugin's next reload. @throws WorkbenchError INTERNAL_ERROR when it fails, or none comes */
function nextReload(engine: PluginEngine, plugin: string): Promise<ReloadRecord> {
  return new Promise((resolve, reject) => {
    const done = (createConfig: () => void) => {
      clearTimeout(timer);
      undo();
      createConfig();
    };
    const fail = (reason: string) =>
      reject(new WorkbenchError('INTERNAL_ERROR', `The changed file did not go live: ${reason}`));
    const timer = setTimeout(() => done(() => fail('no change was noticed')), RELOAD_MS);
    const undo = engine.on('reload', (record) => {
      if (record.plugin !== plugin) return;
      done(() => (record.ok ? resolve(record) : fail(record.error ?? 'it did not load')));
    });
  });
}

/** As editors do: beside the file, then renamed. */
async function save(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}
