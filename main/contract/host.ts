import type { ChildSpanMode, ChildWork } from './child-span.ts';

/**
 * Messages between the runtime and a plugin's process. What comes up from a process is untrusted: guard it
 * with `isHostMessage` (host-guards.ts), ignore unknown call ids, cap sizes.
 */
export type RuntimeMessage =
  | {
      readonly type: 'load';
      /**
       * The compiled bundle on disk (an ES module with an inline source map; for Python, sources by path as
       * JSON).
       */
      readonly bundle: string;
      /**
       * The entry file the bundle was made from: becomes `__filename`, resolves the plugin's own
       * node_modules.
       */
      readonly entry: string;
      /** Python only: the name to import, `plugins.<name>.logic`. */
      readonly module?: string;
      /** Python only: the watched folder, which is the package `plugins`. */
      readonly root?: string;
      /**
       * Python only: before the plugin's code runs, see to it that its calls' child spans are told; default: off. Node
       * knows it from its start.
       */
      readonly childSpans?: ChildSpanMode | undefined;
    }
  | {
      readonly type: 'call';
      readonly id: number;
      /** The object as text, so that each language reads its numbers itself. */
      readonly json: string;
      readonly deadline: number;
      /** For requests that the call sends: W3C Trace Context. */
      readonly traceparent?: string | undefined;
    }
  | { readonly type: 'cancel'; readonly id: number }
  /** The answer to an `ask`: its value as JSON, or why there is none. */
  | { readonly type: 'reply'; readonly id: number; readonly ok: true; readonly value: string }
  | { readonly type: 'reply'; readonly id: number; readonly ok: false; readonly error: string }
  /** For the plugin's subscribers: an event of another plugin, or of the runtime. */
  | ({ readonly type: 'deliver'; readonly id: number } & RelayedEvent)
  /** Listen for debuggers on a free port of 127.0.0.1. */
  | { readonly type: 'inspect' };

/**
 * What rules must know of a database command and its answer, whatever was shortened for the trace: extended JSON.
 */
export interface ChildScope {
  /** The filter, or the `$match` that a pipeline begins with. */
  readonly filter?: unknown;
  /** Of what is inserted: of each document `_id`, `user_id` and `app_id`. */
  readonly documents?: readonly unknown[];
  /** The `_id`s of the first hundred documents that were returned. */
  readonly ids?: readonly unknown[];
}

/** An event on its way from one plugin to the others. */
export interface RelayedEvent {
  readonly event: string;
  /** JSON. */
  readonly data: string;
  /** How many deliveries led to it: a subscriber that publishes adds one, so that a circle ends. */
  readonly depth: number;
}

/** How one subscriber took an event. */
export interface SubscriberEnd {
  /** Of the function. */
  readonly name: string;
  /** 1, or more where it failed and was tried again. */
  readonly attempts: number;
  /** How its last attempt failed; null where it didn't. */
  readonly error: string | null;
}

export const CONSOLE_LEVELS = ['debug', 'log', 'info', 'warn', 'error'] as const;
export type ConsoleLevel = (typeof CONSOLE_LEVELS)[number];

/** What a plugin did through one of the host's stubs of production's modules. */
export const EVENT_KINDS = ['published', 'delivered', 'notified', 'sent', 'saved'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/**
 * Limits on what one call may send up; beyond them one marker line, or an invalid result (CONTRACT.md §4).
 */
export const HOST_LIMITS = {
  consoleLines: 1_000,
  consoleBytes: 256 * 1024,
  /** Of the result as JSON in UTF-8. */
  resultBytes: 5 * 1024 * 1024,
  /** Files that one version may be made of. */
  sourceFiles: 10_000,
  /** Of a message or a stack, in characters. */
  textLength: 64 * 1024,
  /** Events of one call; what comes after them is dropped. */
  events: 200,
  /** Of an event's detail, in characters. */
  eventDetail: 4 * 1024,
  /** Of an event's name and of its module's, in characters. */
  eventName: 200,
  /** Child spans of one call; what comes after them is only counted. */
  children: 200,
  /** Of each text of a child span, in characters. */
  childText: 4 * 1024,
  /** Of what rules need to know of a child span, as JSON in characters. */
  childScope: 16 * 1024,
  /** Of what goes with a question or a published event, as JSON in characters. */
  messageData: 1024 * 1024,
  /** Questions of one process that wait for an answer. */
  openAsks: 1_000,
  /** Events that one process has been given and not yet dealt with. */
  openDeliveries: 1_000,
  /** Names of events that one process subscribes to. */
  subscriptions: 1_000,
  /** Functions that one message names for an event. */
  subscribers: 50,
  /** Of a subscriber's error, in characters. */
  subscriberError: 1_000,
  /** Variables that one call looked for in vain. */
  absentVariables: 200,
  /** Coroutines that one call never awaited. */
  unawaited: 20,
  /** Deliveries that lead to each other. */
  eventDepth: 16,
} as const;

/** A place in a plugin's source. */
export interface SourcePlace {
  /** Relative to the plugin's folder, with `/`. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/**
 * How production would have taken a result otherwise (CONTRACT.md §7). `awaited`: a plain function's
 * awaitable. `pydantic-1`: it holds a model of pydantic 1.
 */
export const RESULT_DIFFERENCES = ['awaited', 'pydantic-1'] as const;
export type ResultDifference = (typeof RESULT_DIFFERENCES)[number];

export interface InvalidResult {
  readonly kind: 'invalid';
  readonly reason: string;
  /** Of what is not an object, in Python's words; absent where an object can't be serialized. */
  readonly typeName?: string;
  /** Of what is not an object: what production answers with; null if that can't be encoded, absent if long. */
  readonly json?: string | null | undefined;
}

/** How a call settled inside the process. `json` is the serialized result object. */
export type HostResult =
  | {
      readonly kind: 'returned';
      readonly json: string;
      readonly differs?: readonly ResultDifference[] | undefined;
    }
  | InvalidResult
  | { readonly kind: 'threw'; readonly message: string; readonly stack: string }
  /** It ended because it was told to. */
  | { readonly kind: 'cancelled' };

export type HostMessage =
  /** The process is ready for a `load`. */
  | { readonly type: 'up' }
  | {
      readonly type: 'loaded';
      readonly handler: 'execute' | 'run' | 'default';
      /** Python only: the author's files that were imported; absolute. */
      readonly files?: readonly string[];
      /** Of their content as it was read. */
      readonly hash?: string;
    }
  /** Python only: a call has imported more, and these are all files now. */
  | { readonly type: 'files'; readonly files: readonly string[]; readonly hash: string }
  | {
      readonly type: 'load-failed';
      readonly message: string;
      readonly stack: string;
      /** Null or absent where the stack has to tell. */
      readonly place?: SourcePlace | null;
      /** Python only: a module was missing, which may be installed by the next call. */
      readonly missing?: boolean;
    }
  | {
      readonly type: 'console';
      /** The call it was written in; null outside of any. */
      readonly id: number | null;
      readonly level: ConsoleLevel;
      readonly text: string;
      readonly at: number;
    }
  | {
      readonly type: 'event';
      /** The call it was made in; null outside of any. */
      readonly id: number | null;
      readonly at: number;
      readonly kind: EventKind;
      /** Of the event, the notification's type, the message's type, the plugin whose settings were saved. */
      readonly name: string;
      /** What went with it: JSON, or text. */
      readonly detail: string;
      /** The module that the plugin imported and a stub replaced, as `mozaiks_infra.event_bus`. */
      readonly source: string;
    }
  | {
      /** What the plugin did outside its own code has ended. */
      readonly type: 'child';
      /** The call it was done in; null outside of any. */
      readonly id: number | null;
      /** Of its start, in milliseconds since the Unix epoch. */
      readonly at: number;
      readonly durationMs: number;
      readonly error: string | null;
      readonly work: ChildWork;
      /** For rules, not for the trace: a `ChildScope` as JSON. Absent where no rule needs it. */
      readonly scope?: string | undefined;
    }
  /** A stub asks the runtime for what production would ask its database, or its own modules. */
  | {
      readonly type: 'ask';
      readonly id: number;
      /** The call it is asked in; null outside of any. */
      readonly call: number | null;
      readonly name: string;
      /** JSON. */
      readonly argument: string;
    }
  /** The events that have subscribers in this process now. */
  | {
      readonly type: 'subscribed';
      readonly events: readonly string[];
      /** The names of the functions that get each, in the same order. */
      readonly subscribers?: readonly (readonly string[])[];
    }
  /** An event for the subscribers of other plugins; this process's own already have it. */
  | ({
      readonly type: 'publish';
      readonly call: number | null;
      readonly source: string;
      /** Where this process has subscribers of its own: a `delivered` with it follows. */
      readonly own?: number;
    } & RelayedEvent)
  /** The subscribers of a `deliver` have ended. */
  | {
      readonly type: 'delivered';
      readonly id: number;
      /** It is not of a `deliver`, but of an event that this process published. */
      readonly own?: true;
      readonly subscribers?: readonly SubscriberEnd[];
    }
  /** The cancellation of a call has reached the plugin: its event loop isn't blocked. */
  | { readonly type: 'cancelling'; readonly id: number }
  | {
      readonly type: 'result';
      readonly id: number;
      readonly result: HostResult;
      /** Python only: how long the call held the event loop; absent below 50 ms. */
      readonly blockedMs?: number;
      /** Python only: environment variables that it, or its module, looked for and that aren't there. */
      readonly absent?: readonly string[];
      /** Python only: coroutines that it never awaited, each with the line that dropped it. */
      readonly unawaited?: readonly string[];
    }
  | {
      /** It listens for debuggers. */
      readonly type: 'inspecting';
      readonly port: number;
      /** Of its WebSocket; empty where there is none. */
      readonly path: string;
      /** Python only: what each connection to the port must begin with. */
      readonly token?: string;
    }
  | { readonly type: 'not-inspecting'; readonly reason: string }
  /** An uncaught error: the process ends right after this. */
  | { readonly type: 'dying'; readonly reason: string };

/**
 * What a call needs of an `AbortSignal`, which is one of these. A real one can be transferred to threads;
 * making it for each request would cost more than all that is done with it.
 */
export interface CancelSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void, options?: { readonly once: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}
