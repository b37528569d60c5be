import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Trace } from '../../main/contract/trace.ts';
import type { DiskSettings } from '../../main/traces/disk/disk-keeping.ts';
import { traceFolderPath } from '../../main/traces/disk/trace-folder.ts';
import type { TraceLimits } from '../../main/traces/shelf.ts';
import { createTraceStore, TRACE_LIMITS, type TraceStore } from '../../main/traces/store.ts';
import { temporaryFolder } from './folders.ts';
import { traceWorker } from './host-script.ts';

const OWNER = { plugins: '/work/plugins', app: 'dev_app' };
const MIB = 1024 * 1024;

/** A trace like a runtime's, with an id of its own. */
export function traceOf(number: number, more: Partial<Trace> = {}): Trace {
  return {
    ...{
      id: number.toString(16).padStart(16, '0'),
      traceId: 'a'.repeat(32),
      seq: 0,
      startedAt: 1_800_000_000_000,
    },
    ...{
      durationMs: 10,
      plugin: 'hello',
      outcome: 'ok',
      status: 200,
      errorCode: null,
      user: 'ada',
      spoofed: false,
    },
    ...{ timeoutMs: 30_000, spans: [], response: null, identity: null, token: null, received: null },
    request: {
      ...{ method: 'POST', path: '/api/execute/hello', headers: {} },
      body: { json: { order: `order-${number}`, name: 'Zoë' }, bytes: 40, truncated: false },
    },
    ...{ provenance: [], spoofs: [], console: [], events: [], error: null, pluginVersion: null, pid: null },
    ...more,
  };
}

export interface KeptStore {
  readonly store: TraceStore;
  /** Where its files are. */
  readonly folder: string;
  readonly configPath: string;
  readonly settings: DiskSettings;
  add(from: number, to: number, more?: Partial<Trace>): void;
  /** Segments on disk, by name. */
  files(): string[];
}

export interface KeptStoreOptions {
  readonly configPath?: string;
  readonly maxTraces?: number;
  readonly maxBytes?: number;
  readonly memory?: TraceLimits;
}

/** A folder of the user's, removed with the test. */
export async function userFolder(): Promise<string> {
  const { path, remove } = await temporaryFolder('workbench-traces');
  onTestFinished(remove);
  return path;
}

/** A store on disk, opened; closed with the test unless the test has. */
export async function openStore({
  memory = TRACE_LIMITS,
  maxTraces = 100_000,
  maxBytes = 64 * MIB,
  ...given
}: KeptStoreOptions = {}): Promise<KeptStore> {
  const configPath = given.configPath ?? (await userFolder());
  const settings = { configPath, owner: OWNER, script: traceWorker, maxTraces, maxBytes };
  const store = createTraceStore(memory, settings);
  await store.open();
  onTestFinished(() => store.close());
  const folder = traceFolderPath(configPath, OWNER);
  return {
    ...{ store, folder, configPath, settings },
    add(from, to, more = {}) {
      for (let number = from; number <= to; number += 1) store.add(traceOf(number, more));
    },
    files: () =>
      readdirSync(folder)
        .filter((name) => name.endsWith('.jsonl'))
        .sort()
        .map((name) => join(folder, name)),
  };
}
