import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { loadConfig } from '../../main/config/config.ts';
import type { Config } from '../../main/config/types.ts';
import type { Json } from '../../main/contract/http.ts';
import type { Trace } from '../../main/contract/trace.ts';
import type { Desktop } from '../../main/inspector/deps.ts';
import { createRuntime, type Runtime } from '../../main/runtime/runtime.ts';
import type { CleanUp } from './clean-up.ts';
import { temporaryFolder } from './folders.ts';
import { databaseScript, hostScripts, threadScripts } from './host-script.ts';
import { watchAnswers } from './openapi-witness.ts';
import { type RecordingLog, recordingLog } from './recording-log.ts';
import { SECRET } from './server.ts';

/** A plugin's files by their path in its folder; a text alone is `logic.js`. */
export type PluginFiles = string | Readonly<Record<string, string>>;

export interface RuntimeOptions {
  readonly plugins?: Readonly<Record<string, PluginFiles>>;
  readonly env?: Readonly<Record<string, string>>;
  /** What the runtime's own process has beside PATH; may replace that. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The text of the `.env` beside the plugins' folder. */
  readonly envFile?: string;
  /** Serves the UI and the Inspector over HTTP, as the headless shell does. */
  readonly headless?: { readonly token: string; readonly uiFolder: string };
  /** What the window's shell offers; none unless given. */
  readonly desktop?: Desktop;
  /** The user's folder; default: one of its own. */
  readonly configPath?: string;
  /** False leaves the runtime for the test to start. */
  readonly start?: boolean;
  /** `afterAll` where a whole file shares the runtime. */
  readonly cleanUp?: CleanUp;
}

export interface TestRuntime {
  readonly runtime: Runtime;
  readonly config: Config;
  readonly baseUrl: string;
  readonly port: number;
  /** The watched folder. */
  readonly plugins: string;
  readonly log: RecordingLog;
  write(plugin: string, files: PluginFiles): Promise<void>;
  /** POSTs to `/api/execute/<plugin>`; a body that is not a string is sent as JSON. */
  execute(plugin: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** The newest trace. */
  lastTrace(): Trace;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body parsed, or undefined where it is not JSON. */
  readonly json: Json | undefined;
}

/** A whole runtime over real plugins in a folder of its own, on a free port. Stopped with the test. */
export async function startRuntime(options: RuntimeOptions = {}): Promise<TestRuntime> {
  const folder = await temporaryFolder('workbench-runtime');
  const plugins = join(folder.path, 'plugins');
  await mkdir(plugins);
  const write = (plugin: string, files: PluginFiles) => writeFiles(join(plugins, plugin), files);
  for (const [name, files] of Object.entries(options.plugins ?? {})) await write(name, files);
  if (options.envFile !== undefined) await writeFile(join(folder.path, '.env'), options.envFile);
  const config = await loadConfig({
    env: { PORT: '0', JWT_SECRET: SECRET, MOZAIKS_PLUGINS_PATH: plugins, ...options.env },
    argv: [],
    cwd: folder.path,
    configPath: options.configPath ?? join(folder.path, 'user'),
  });
  const cleanUp = options.cleanUp ?? onTestFinished;
  const log = recordingLog(cleanUp);
  const environment = {
    PATH: process.env.PATH,
    ...variablesForPlugins(options.env),
    ...options.environment,
  };
  const runtime = createRuntime(config, {
    hostScripts,
    threadScripts,
    databaseScript,
    environment,
    log,
    shell: 'headless',
    desktop: options.desktop ?? null,
    headless: options.headless ?? null,
  });
  const unwatch = watchAnswers(() => runtime.baseUrl);
  cleanUp(async () => {
    await runtime.stop();
    unwatch();
    await folder.remove();
  });
  if (options.start !== false) await runtime.start();
  const call = async (path: string, init: RequestInit) =>
    readAnswer(await fetch(runtime.baseUrl + path, init));
  return {
    runtime,
    config,
    plugins,
    log,
    write,
    get baseUrl() {
      return runtime.baseUrl;
    },
    get port() {
      return Number(new URL(runtime.baseUrl).port);
    },
    execute: (plugin, body = {}, headers = {}) =>
      call(`/api/execute/${plugin}`, {
        method: 'POST',
        headers,
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    get: (path, headers = {}) => call(path, { headers }),
    lastTrace() {
      const [summary] = runtime.traces.list({ limit: 1 }).traces;
      const trace = summary === undefined ? undefined : runtime.traces.get(summary.id);
      if (trace === undefined) throw new Error('there is no trace yet');
      return trace;
    },
  };
}

function variablesForPlugins(env: RuntimeOptions['env'] = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith('MOZAIKS_PLUGIN_ENV_')));
}

async function writeFiles(folder: string, files: PluginFiles): Promise<void> {
  const entries = Object.entries(typeof files === 'string' ? { 'logic.js': files } : files);
  for (const [path, text] of entries) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parse(text) };
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
