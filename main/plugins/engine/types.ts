import type { ChildSpanMode } from '../../contract/child-span.ts';
import type { CancelSignal } from '../../contract/host.ts';

import type { Json } from '../../contract/http.ts';

import type { PluginView, ReloadRecord, ReloadStats } from '../../contract/plugin-view.ts';
import type { FolderView } from '../../contract/snapshot.ts';
import type { AskHandlers } from '../../hosts/asks.ts';
import type { ConsoleEntry, HostChild, HostEvent, HostOutcome } from '../../hosts/call.ts';
import type { Log } from '../../system/log.ts';
import type { WatchMode } from '../reload/watch-mode.ts';
import type { EngineListeners } from './events.ts';
import type { RelayRecord } from './relay-record.ts';

/** A plugin as the engine knows it; call statistics belong to the trace store. */
export type EnginePlugin = Omit<PluginView, 'stats'>;

export interface PluginCall {
  readonly plugin: string;
  /** What the plugin receives, the runtime's keys already injected: the text of a JSON object. */
  readonly json: string;
  /** Time from `execute` to the end of the call, waiting included. */
  readonly timeoutMs: number;
  /** For requests that the plugin sends meanwhile: W3C Trace Context. */
  readonly traceparent?: string | undefined;
  /** Aborts when the client went away. */
  readonly signal: CancelSignal;
}

/** How an execution ended; each kind is one row of CONTRACT.md §4. */
export type CallResult =
  | HostOutcome
  /** No version of the plugin has ever loaded, or the one that had doesn't load any more. */
  | { readonly kind: 'load-failed'; readonly message: string }
  /** No such plugin, or it is disabled. */
  | { readonly kind: 'unknown' };

/** Why a call was the first in another process than the plugin's last call. */
export type NewProcess = 'reloaded' | 'restarted' | 'parked' | 'killed' | 'crashed';

export interface CallReport {
  readonly result: CallResult;
  /** From `execute` until the call went to the plugin's process; the whole time when it never did. */
  readonly queueMs: number;
  /** From there until the result. */
  readonly runMs: number;
  /** For how much of both the deadline was paused because a debugger was attached; 0 as a rule. */
  readonly pausedMs: number;
  readonly console: readonly ConsoleEntry[];
  /** What it did through stubs of production's modules. */
  readonly events: readonly HostEvent[];
  /** What it did outside its own code, and how many more there were. */
  readonly children: readonly HostChild[];
  readonly droppedChildren: number;
  /** How long it held the event loop of its process, in milliseconds; 0 where that is short or not known. */
  readonly blockedMs: number;
  /** Coroutines that it never awaited, each with the line that dropped it. */
  readonly unawaited: readonly string[];
  /** Content hash of the version that was called; null when none was. */
  readonly version: string | null;
  readonly pid: number | null;
  /** It had to wait for its turn among the plugin's calls. */
  readonly queued?: boolean;
  /** Environment variables that it looked for, and that are set for the runtime but not passed on. */
  readonly withheld?: readonly string[];
  /** Absent when the last call ran in the same process, and for the first call of all. */
  readonly newProcess?: NewProcess | undefined;
}

/**
 * Finds plugins in a folder, compiles and reloads them as they change, and runs their calls in their own
 * processes.
 */
export interface PluginEngine {
  /** Resolves when the first scan is done and eager loads have settled, at the latest after 3 s. */
  start(): Promise<void>;
  /**
   * Resolves when the first scan is really done, or `stop` was called: from then on a plugin that can't run
   * doesn't exist or is disabled. It may come after `start`, which doesn't wait for slow loads.
   */
  readonly scanned: Promise<void>;
  /** Ends every process within 3 s; calls in flight settle as crashed. */
  stop(): Promise<void>;
  /** Sorted by name. */
  list(): readonly EnginePlugin[];
  get(name: string): EnginePlugin | undefined;
  /** Whether a call would be tried at all: the plugin exists and is enabled (else 404, CONTRACT.md §4). */
  canRun(name: string): boolean;
  /** Plugins that would execute now: `plugins_loaded` of CONTRACT.md §2. */
  loadedCount(): number;
  /** Never rejects. */
  execute(call: PluginCall): Promise<CallReport>;
  /**
   * An event of the runtime itself, for every plugin that subscribes to it; parked ones are woken. `trace`: the id of
   * the trace of the call that led to it.
   */
  publish(event: string, data: Json, trace?: string | null): void;
  /** The same, sent by hand: `json` as it was typed, in the name of a plugin or, with null, of the runtime. */
  sendEvent(event: string, json: string, as: string | null): RelayRecord;
  /** Compiles and loads again, also when nothing changed. @throws WorkbenchError NOT_FOUND when unknown */
  reload(name: string): Promise<EnginePlugin>;
  /**
   * Gives the serving version a new process; calls in flight finish on the old one. @throws WorkbenchError
   * NOT_FOUND
   */
  restart(name: string): Promise<EnginePlugin>;
  /**
   * Gives all plugins that have a process, or lack a module, a new one, since what plugins find there has changed:
   * the interpreter or the environment. Never rejects.
   */
  renewProcesses(): Promise<void>;
  /**
   * Holds until the manifest's own `enabled` changes or the runtime ends. @throws WorkbenchError NOT_FOUND
   */
  setEnabled(name: string, enabled: boolean): Promise<EnginePlugin>;
  /**
   * Opens a port on 127.0.0.1 for debuggers, or closes it; while one is attached the plugin's deadlines are
   * paused. A reload keeps the mode and the port; disabling or removing the plugin ends it.
   * @throws WorkbenchError NOT_FOUND; CONFLICT with the reason when it can't be debugged now
   */
  debug(name: string, on: boolean): Promise<EnginePlugin>;
  folder(): FolderView;
  /**
   * Watches another folder from now on; `path` is absolute. Resolves when its plugins serve. Until then those
   * of the present folder do, and calls in flight finish on the versions they began with.
   */
  watchFolder(path: string): Promise<void>;
  lastReload(): ReloadRecord | null;
  /**
   * The plugin's last reloads, newest first, at most `KEPT_RELOADS`. @throws WorkbenchError NOT_FOUND when
   * unknown
   */
  history(name: string): readonly ReloadRecord[];
  /** Over all plugins. */
  reloadStats(): ReloadStats;
  /**
   * `changed`: plugins or the folder. `reload`: a version was loaded, or failed to. `samples`: files of a
   * plugin's samples. Returns `unsubscribe`.
   */
  on<E extends keyof EngineListeners>(event: E, listener: EngineListeners[E]): () => void;
}

export interface HostScripts {
  /** The bundled `node-host.cjs`. */
  readonly node: string;
  /** `python_host.py`, its siblings beside it. */
  readonly python: string;
}

export interface EngineOptions {
  /** The watched folder; absolute. */
  readonly path: string;
  /** The scripts that run in plugins' processes. */
  readonly hostScripts: HostScripts;
  /** A command, a path or the folder of a virtual environment (MOZAIKS_PYTHON). */
  readonly python: string;
  /** Where the workbench's own Python environments are; default: none is used. */
  readonly ownEnvironments?: string | null | undefined;
  /** The runtime's own environment; plugins get an allow-list of it (see hosts/environment.ts). */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What plugins get beside it, at the time their process starts; the path of the watched folder is added. */
  readonly variables?: (() => Readonly<Record<string, string>>) | undefined;
  readonly log: Log;
  /** Calls running at once, per plugin; more wait in order. */
  readonly maxConcurrency: number;
  /** Plugins with a process of their own at once; idle ones are parked, least recently used first. */
  readonly maxLiveHosts: number;
  readonly memoryLimitMb: number;
  /** Default: off. */
  readonly childSpans?: ChildSpanMode | undefined;
  /** Masks secrets in what plugins print outside calls, and in why they failed. */
  readonly mask: (text: string) => string;
  /** What plugins' stubs can ask; default: nothing. */
  readonly asks?: AskHandlers | undefined;
  /** The only plugins that are loaded; default: all of the folder. */
  readonly only?: readonly string[] | undefined;
  /** How changes are noticed; default: `auto`. */
  readonly watch?: WatchMode | undefined;
  readonly now?: () => number;
}
