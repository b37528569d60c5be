import { mkdir, mkdtemp, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { Json, JsonObject } from '../../main/contract/http.ts';
import type { ReloadRecord } from '../../main/contract/plugin-view.ts';
import { createPluginEngine } from '../../main/plugins/engine/switching-engine.ts';
import type { CallReport, EngineOptions, PluginEngine } from '../../main/plugins/engine/types.ts';
import { createLog } from '../../main/system/log.ts';
import { createRedactor } from '../../main/traces/record/redact.ts';
import { hostScripts } from '../support/host-script.ts';
import { returned } from '../support/returned.ts';

let counter = 0;

/** A plugins folder of its own, removed when the test ends. */
export async function makeFolder(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'workbench-plugins-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) await save(join(folder, path), text);
  return folder;
}

/** Saves as editors do: writes beside the file, then renames, so that no reader meets half a file. */
export async function save(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  counter += 1;
  const beside = `${path}.${counter}~`;
  await writeFile(beside, text);
  await rename(beside, path);
}

export interface Bench {
  readonly engine: PluginEngine;
  readonly folder: string;
  readonly logged: string[];
  readonly reloads: ReloadRecord[];
  /** Calls a plugin; default timeout: 10 s. */
  call(plugin: string, data?: JsonObject, timeoutMs?: number, signal?: AbortSignal): Promise<CallReport>;
  /** The value a call returned; fails with the whole report when it didn't return. */
  value(plugin: string, data?: JsonObject): Promise<JsonObject>;
  /** Saves `text` as `<folder>/<path>`. */
  write(path: string, text: string): Promise<void>;
}

/** A started engine over a folder with these files; stopped when the test ends. */
export async function bench(
  files: Readonly<Record<string, string>>,
  options: Partial<EngineOptions> = {},
): Promise<Bench> {
  const folder = options.path ?? (await makeFolder(files));
  const logged: string[] = [];
  const reloads: ReloadRecord[] = [];
  const engine = createPluginEngine({
    path: folder,
    hostScripts,
    python: 'python3',
    environment: process.env,
    log: createLog({ write: (line) => logged.push(line) }),
    maxConcurrency: 8,
    maxLiveHosts: 8,
    memoryLimitMb: 512,
    mask: createRedactor([]).text,
    ...options,
  });
  engine.on('reload', (record) => reloads.push(record));
  onTestFinished(() => engine.stop());
  await engine.start();
  const call: Bench['call'] = (
    plugin,
    data = {},
    timeoutMs = 10_000,
    signal = new AbortController().signal,
  ) => engine.execute({ plugin, json: JSON.stringify(data), timeoutMs, signal });
  return {
    engine,
    folder,
    logged,
    reloads,
    call,
    value: async (plugin, data) => {
      const report = await call(plugin, data);
      if (report.result.kind === 'returned') return report.result.value;
      throw new Error(`${plugin} did not return: ${JSON.stringify(report.result)}`);
    },
    write: (path, text) => save(join(folder, path), text),
  };
}

/** Whether a process exists; a zombie counts as gone. */
export async function isRunning(pid: number): Promise<boolean> {
  try {
    return !/^State:\s+Z/m.test(await readFile(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** A plugin's source that answers with this `v`. */
export const answering = (v: unknown) => `export const execute = () => ({ v: ${JSON.stringify(v)} });\n`;

/** Waits until the plugin answers with this `v`. */
export async function live({ call }: Bench, v: Json, plugin = 'p', timeout = 30_000): Promise<void> {
  await eventually(async () => (await call(plugin)).result, { timeout }).toEqual(returned({ v }));
}

/** `expect.poll` with a deadline that a machine busy with other tests still meets. */
export function eventually<T>(read: () => T, { timeout = 30_000 }: { timeout?: number } = {}) {
  return expect.poll(read, { timeout, interval: 20 });
}
