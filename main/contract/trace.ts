import type { ChildSpan } from './child-span.ts';
import type { Finding } from './finding.ts';
import type { EventKind } from './host.ts';
import type { Json, JsonObject } from './http.ts';

/** How an execution ended; one word, the same on every screen, in exports and in filters. */
export const OUTCOMES = [
  'ok',
  /** The plugin returned an object with `error`. */
  'plugin_error',
  /** The plugin threw, returned no JSON object, or never loaded. */
  'exception',
  'timeout',
  'crashed',
  /** The runtime refused before running it: 400, 401, 403, 404, 413. */
  'refused',
  /** The client went away first. */
  'aborted',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** The steps of one execution, in order (main/README.md §2). */
export const STEPS = [
  'receive',
  'origin',
  'authenticate',
  'find',
  'body',
  'inject',
  'queue',
  'run',
  'check',
  'respond',
] as const;
export type Step = (typeof STEPS)[number];

export interface Span {
  readonly step: Step;
  /** Milliseconds since the trace's start. */
  readonly startMs: number;
  readonly durationMs: number;
  readonly ok: boolean;
  /** One line: what this step found, e.g. "HS256 verified, expires in 58 min". */
  readonly note?: string;
}

/** Where one injected field came from. */
export interface Provenance {
  /** Path in what the plugin received: `user_id`, `_context.roles`, `user_jwt`. */
  readonly field: string;
  /** Masked where secret. `undefined` never: an absent field has `present: false`. */
  readonly value: Json;
  readonly present: boolean;
  readonly source: 'claim' | 'setting' | 'header' | 'default' | 'identity' | 'file' | 'document';
  /**
   * The claim path, variable, header, file or stored document: `sub`, `MOZAIKS_APP_ID`, `Authorization`,
   * `entitlements.yaml`, `subscriptions`.
   */
  readonly name: string;
  /**
   * The paths of every claim behind the value, one for each; `name` may list several in one string. Absent
   * when no claim is, and in traces of versions without it.
   */
  readonly claims?: readonly string[] | undefined;
  /** A readable sentence: "JWT claim sub", "MOZAIKS_APP_ID (environment)", "default: no claim". */
  readonly label: string;
  /** The contract's rule for this field, paraphrased. */
  readonly rule: string;
}

/** A reserved key the client sent. */
export interface SpoofAttempt {
  readonly key: string;
  /** What the client tried, masked where secret. */
  readonly sent: Json;
  readonly action: 'replaced' | 'removed';
}

/**
 * One step of checking a token, with its verdict; failed ones say the exact reason and the setting to change.
 */
export interface TokenStep {
  readonly check: string;
  readonly verdict: 'passed' | 'failed' | 'skipped';
  readonly detail: string;
  /** Only with a failed verdict. */
  readonly remedy?: TokenRemedy | undefined;
  /**
   * False: skipped because an earlier check failed. Absent otherwise, and in traces of versions without it.
   */
  readonly reached?: false;
}

/** What would change a failed verdict. */
export interface TokenRemedy {
  readonly text: string;
  /** The variable to look at, such as `MOZAIKS_AUDIENCE`; null where no setting would help. */
  readonly setting: string | null;
}

/** A token without its signature: decoded, never the token itself. */
export interface TokenView {
  readonly header: JsonObject | null;
  readonly claims: JsonObject | null;
  readonly steps: readonly TokenStep[];
  readonly verified: boolean;
}

export interface IdentityView {
  readonly kind: 'anonymous' | 'token';
  readonly userId: string;
  /** Null in traces of versions that gave none where no claim named one. */
  readonly username: string | null;
  readonly roles: readonly string[];
  readonly isSuperadmin: boolean;
}

export interface ConsoleLine {
  /** Milliseconds since the trace's start. */
  readonly atMs: number;
  readonly level: 'debug' | 'log' | 'info' | 'warn' | 'error';
  readonly text: string;
}

/** What the plugin did through a stub: in production the real module would have done it. */
export interface TraceEvent {
  /** Milliseconds since the trace's start. */
  readonly atMs: number;
  readonly kind: EventKind;
  /** Of the event, the notification's type, the message's type, the plugin whose settings were saved. */
  readonly name: string;
  /** What went with it: JSON, or text. Masked. */
  readonly detail: string;
  /** The module that the stub replaced, as `mozaiks_infra.event_bus`. */
  readonly source: string;
}

/**
 * A body as stored in a trace or given by a run: parsed when it was JSON and is not long, text otherwise, cut
 * when too long.
 */
export interface StoredBody {
  readonly json?: Json | undefined;
  readonly text?: string | undefined;
  /** Size of the whole body in bytes, also where it was cut. */
  readonly bytes: number;
  readonly truncated: boolean;
}

export interface TraceRequest {
  readonly method: string;
  readonly path: string;
  /** Names in lower case, values masked. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: StoredBody | null;
}

interface TraceResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: StoredBody | null;
}

export interface TraceError {
  readonly code: string;
  readonly message: string;
  /** Stack with positions in the author's source, when the plugin threw. */
  readonly stack?: string | undefined;
}

/** One row of the list. */
export interface TraceSummary {
  /** 16 hex digits, unique in this runtime; the parent-id of the `traceparent` that the response carried. */
  readonly id: string;
  /**
   * 1, 2, 3, … in the order in which traces were stored; it continues after a restart that finds them on
   * disk.
   */
  readonly seq: number;
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly plugin: string;
  readonly outcome: Outcome;
  /** Null when the client left before an answer. */
  readonly status: number | null;
  readonly errorCode: string | null;
  readonly user: string | null;
  readonly spoofed: boolean;
}

/** One execute request from arrival to answer, refused ones too. Secrets are masked before it is made. */
export interface Trace extends TraceSummary {
  /** 32 hex digits: the client's W3C trace id, or a new one. */
  readonly traceId: string;
  readonly timeoutMs: number;
  readonly spans: readonly Span[];
  readonly request: TraceRequest;
  readonly response: TraceResponse | null;
  readonly identity: IdentityView | null;
  readonly token: TokenView | null;
  /** What the plugin received, masked; null when it was never run. */
  readonly received: JsonObject | null;
  /**
   * It received every number as it was sent, as Python does; `received` has them as JavaScript writes them.
   * Absent for other languages, and in traces of versions without it.
   */
  readonly exactNumbers?: true | undefined;
  readonly provenance: readonly Provenance[];
  readonly spoofs: readonly SpoofAttempt[];
  readonly console: readonly ConsoleLine[];
  /** Empty unless the plugin used stubs; at most `HOST_LIMITS.events`. */
  readonly events: readonly TraceEvent[];
  /**
   * What the plugin did outside its own code, in order of start; at most `HOST_LIMITS.children`. Absent when nothing
   * is known of any, and in traces of versions without it.
   */
  readonly children?: readonly ChildSpan[] | undefined;
  /** How many there were beyond those. */
  readonly droppedChildren?: number | undefined;
  /** What rules found. Absent when nothing, and in traces of versions without it. */
  readonly findings?: readonly Finding[] | undefined;
  readonly error: TraceError | null;
  /**
   * Where production would have answered this call otherwise, one line each: what follows "In production: ".
   * Masked. Absent when nothing is known to differ, and in traces of versions without it.
   */
  readonly inProduction?: readonly string[] | undefined;
  /** Content hash of the plugin version that answered; null when none ran. */
  readonly pluginVersion: string | null;
  readonly pid: number | null;
}

/** A trace that no store has numbered yet. */
export type NewTrace = Omit<Trace, 'seq'>;
