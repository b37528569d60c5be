import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import type { Trace } from '../../main/contract/trace.ts';
import type { DiskSettings } from '../../main/traces/store/disk/disk.ts';
import { traceFolderPath } from '../../main/traces/store/disk/trace-folder.ts';
import type { TraceLimits } from '../../main/traces/store/retention.ts';
import { TRACE_LIMITS, TraceStore } from '../../main/traces/store/store.ts';
import { temporaryFolder } from './folders.ts';
import { threadScripts } from './host-script.ts';
import { OWNER, traceOf } from './trace-fixture.ts';

const MIB = 1024 * 1024;

export { traceOf };

export interface TestStore {
  readonly store: TraceStore;
  /** Where its files are. */
  readonly folder: string;
  readonly configPath: string;
  readonly settings: DiskSettings;
  add(from: number, to: number, more?: Partial<Trace>): void;
  /** Segments on disk, by name. */
  files(): string[];
}

export interface TestStoreOptions {
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
}: TestStoreOptions = {}): Promise<TestStore> {
  const configPath = given.configPath ?? (await userFolder());
  const settings = { configPath, owner: OWNER, script: threadScripts.traces, maxTraces, maxBytes };
  const store = new TraceStore(memory, settings);
  await store.open();
  onTestFinished(() => store.close());
  const folder = traceFolderPath(configPath, OWNER);
  return {
    store,
    folder,
    configPath,
    settings,
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

/** Waits until the traces of earlier runs have been read back. */
export async function readBack({ store }: TestStore): Promise<void> {
  await vi.waitFor(() => {
    if (store.list({ limit: 1 }).reading) throw new Error('still reading earlier traces');
  }, 20_000);
}
