import { errorMessage } from '../../../system/errors.ts';
import type { RetentionBuffer } from '../retention.ts';
import { DiskTraces } from './disk-traces.ts';
import { openTraceFolder, type TraceOwner, traceFolderPath } from './trace-folder.ts';

/** How traces are stored on disk. */
export interface DiskSettings {
  /** The user's own folder. */
  readonly configPath: string;
  readonly owner: TraceOwner;
  /** The script of the thread that holds the files. */
  readonly script: string;
  readonly maxTraces: number;
  /** Of all files together. */
  readonly maxBytes: number;
}

/** A hundred thousand traces, as far as they fit: as many rows as a list can be scrolled through. */
const MAX_TRACES = 100_000;

/** Null when traces are stored in memory only. */
export function diskSettings(
  config: {
    readonly tracesMaxMb: number;
    readonly configPath: string;
    readonly pluginsPath: string;
    readonly app: { readonly appId: string };
  },
  script: string,
): DiskSettings | null {
  if (config.tracesMaxMb === 0) return null;
  return {
    configPath: config.configPath,
    script,
    maxTraces: MAX_TRACES,
    owner: { plugins: config.pluginsPath, app: config.app.appId },
    maxBytes: config.tracesMaxMb * 1024 * 1024,
  };
}

export interface AttachedDisk {
  /** Null while traces are stored in memory only; `notice` says why. */
  readonly traces: DiskTraces | null;
  readonly notice: string | null;
}

/** A folder that was inspected and locked. */
export interface OpenedDisk {
  /** The highest `seq` given so far. */
  readonly lastSeq: number;
  /** Stores the buffer's traces there from now on; what is there already is read in the background. */
  attach(buffer: RetentionBuffer, onChanged: () => void): AttachedDisk;
}

/** Inspects the owner's folder, in some milliseconds. Never rejects. */
export async function openDisk(settings: DiskSettings, owner: TraceOwner): Promise<OpenedDisk> {
  const { configPath, script, maxBytes } = settings;
  const path = traceFolderPath(configPath, owner);
  const inMemory = (notice: string): OpenedDisk => ({
    lastSeq: 0,
    attach: () => ({ traces: null, notice }),
  });
  try {
    const { lock, ...folder } = await openTraceFolder(path, owner);
    if (!lock.taken) return inMemory(describeHolder(lock.pid));
    return {
      lastSeq: folder.lastSeq,
      attach: (buffer, onChanged) => ({
        traces: new DiskTraces(buffer, { folder: { ...folder, lock }, script, maxBytes, onChanged }),
        notice: null,
      }),
    };
  } catch (error) {
    return inMemory(`Traces are stored in memory only: ${path} can’t be used: ${errorMessage(error)}`);
  }
}

function describeHolder(pid: number | null): string {
  const who = pid === null ? 'Another workbench' : `Another workbench (process ${pid})`;
  return `${who} stores the traces of this plugins’ folder on disk. The traces of this one stay in memory until it exits.`;
}
