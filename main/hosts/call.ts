import type { ConsoleLevel, EventKind } from '../contract/host.ts';
import type { JsonObject } from '../contract/http.ts';

/** A compiled version, ready to be loaded. */
export interface Bundle {
  /** The compiled file on disk. */
  readonly file: string;
  /** The author's entry file. */
  readonly entry: string;
}

/** How loading it ended. */
export type LoadResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly message: string; readonly stack: string | null };

/** One call as a plugin's process is asked to make it. */
export interface HostCall {
  /** What the plugin receives, the runtime's keys already injected. */
  readonly data: JsonObject;
  /** When the call ends whatever the plugin does; ms since the Unix epoch. */
  readonly deadline: number;
  /** Aborts when the client went away. */
  readonly signal: AbortSignal;
}

/** How a call that reached a process ended (contract §4). */
export type HostOutcome =
  | { readonly kind: 'returned'; readonly value: JsonObject }
  /** The result is no JSON object; `reason` names the path and what stood there. */
  | { readonly kind: 'invalid'; readonly reason: string }
  | { readonly kind: 'threw'; readonly message: string; readonly stack: string | null }
  | { readonly kind: 'timeout' }
  /** The process ended under the call. */
  | { readonly kind: 'crashed'; readonly reason: string }
  | { readonly kind: 'aborted' };

/** One line the plugin wrote during a call. */
export interface ConsoleEntry {
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly level: ConsoleLevel;
  readonly text: string;
}

/** What the plugin did during a call through a stand-in for one of production's modules. */
export interface HostEvent {
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly kind: EventKind;
  readonly name: string;
  /** JSON, or text. */
  readonly detail: string;
  /** The module that was stood in for. */
  readonly source: string;
}

/** What one call leaves behind. */
export interface HostReport {
  readonly outcome: HostOutcome;
  readonly console: readonly ConsoleEntry[];
  readonly events: readonly HostEvent[];
}
