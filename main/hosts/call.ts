import type { ChildWork } from '../contract/child-span.ts';
import type {
  CancelSignal,
  ConsoleLevel,
  EventKind,
  InvalidResult,
  ResultDifference,
  SourcePlace,
} from '../contract/host.ts';
import type { JsonObject } from '../contract/http.ts';
import type { PausableClock } from './pausable-clock.ts';

/** What runs in a process. */
export type HostKind = 'node' | 'python';

/** What a Python version needs to be imported under the name it has in production. */
interface PythonModule {
  /** `plugins.<name>.logic` or `plugins.<name>.backend.logic`. */
  readonly module: string;
  /** The watched folder's real path, which is the package `plugins`. */
  readonly root: string;
}

/** A version on disk, ready to be loaded. */
export interface Bundle {
  readonly kind: HostKind;
  /** The compiled file; for Python a snapshot of the sources, as JSON. */
  readonly file: string;
  /** The author's entry file. */
  readonly entry: string;
  /** Only for Python. */
  readonly python?: PythonModule;
}

/** The files a process has imported, which it knows only afterwards. */
export interface LoadedSources {
  /** Absolute. */
  readonly files: readonly string[];
  /**
   * Of their content as it was read (plugins/version/python-files.ts computes the same for what is on disk).
   */
  readonly hash: string;
}

/** How loading ended. */
export type LoadResult =
  /** `sources` is null where the compiler already knew them. */
  { readonly ok: true; readonly sources: LoadedSources | null } | LoadFailure;

export interface LoadFailure {
  readonly ok: false;
  readonly message: string;
  readonly stack: string | null;
  /** Null where it must be found in the stack. */
  readonly place: SourcePlace | null;
  /** A module is missing: once it is installed, the same version loads. */
  readonly missing?: boolean;
  /** The system could not start a process for it, which says nothing about the version. */
  readonly unstarted?: boolean;
}

/** One call to be made in a plugin's process. */
export interface HostCall {
  /** What the plugin receives, the runtime's keys already injected: the text of a JSON object. */
  readonly json: string;
  /** How much time it has left, whatever the plugin does: by a clock that nobody can set. */
  readonly timeoutMs: number;
  /** For requests that the plugin sends meanwhile: W3C Trace Context. */
  readonly traceparent?: string | undefined;
  /** Aborts when the client went away. */
  readonly signal: CancelSignal;
  /** Measures the time to the deadline; a debugger may pause it. Default: one that never pauses. */
  readonly clock?: PausableClock;
  /**
   * The plugin's code has ended, or its time is up. That may be long after the report of a call whose client
   * has left. May be called twice.
   */
  readonly onEnd?: () => void;
}

/** How a call that reached a process ended (CONTRACT.md §4). */
export type HostOutcome =
  | {
      readonly kind: 'returned';
      readonly value: JsonObject;
      /**
       * The same as the plugin's process wrote it: what the client gets, `1.0` and the order of keys
       * included.
       */
      readonly json: string;
      readonly differs?: readonly ResultDifference[] | undefined;
    }
  /** The result is not a JSON object; `reason` names the path and what was found there. */
  | InvalidResult
  | { readonly kind: 'threw'; readonly message: string; readonly stack: string | null }
  | { readonly kind: 'timeout' }
  /** The process ended during the call. */
  | { readonly kind: 'crashed'; readonly reason: string }
  | { readonly kind: 'aborted' };

/** One line the plugin wrote during a call. */
export interface ConsoleEntry {
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly level: ConsoleLevel;
  readonly text: string;
}

/** What the plugin did during a call through a stub of one of production's modules. */
export interface HostEvent {
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly kind: EventKind;
  readonly name: string;
  /** JSON, or a plain string. */
  readonly detail: string;
  /** The module that the stub replaced. */
  readonly source: string;
}

/** What the plugin did during a call outside its own code. */
export interface HostChild {
  /** Of its start, in milliseconds since the Unix epoch. */
  readonly at: number;
  readonly durationMs: number;
  readonly error: string | null;
  readonly work: ChildWork;
  /** For rules: a `ChildScope` as JSON. */
  readonly scope?: string | undefined;
}

/** The outcome of one call and what it left behind. */
export interface HostReport {
  readonly outcome: HostOutcome;
  readonly console: readonly ConsoleEntry[];
  readonly events: readonly HostEvent[];
  readonly children: readonly HostChild[];
  /** How many there were beyond those. */
  readonly droppedChildren: number;
  /** How long it held the event loop of its process, in milliseconds; 0 where that is short or not known. */
  readonly blockedMs: number;
  /** Environment variables that it, or its module, looked for and that aren't there. */
  readonly absent: readonly string[];
  /** Coroutines that it never awaited, each with the line that dropped it: `send_mail (logic.py, line 12)`. */
  readonly unawaited: readonly string[];
}
