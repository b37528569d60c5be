import type { ChildWork } from '../../contract/child-span.ts';
import type { Finding } from '../../contract/finding.ts';
import type { JsonObject } from '../../contract/http.ts';
import type {
  ConsoleLine,
  IdentityView,
  Outcome,
  Provenance,
  Span,
  SpoofAttempt,
  TokenView,
  TraceError,
  TraceEvent,
} from '../../contract/trace.ts';
import type { SeenBody } from './body.ts';
import type { Redactor } from './redact.ts';
import type { TraceIds } from './trace-context.ts';

/** What is learnt about one execution while it is answered, unmasked: secrets are still in it. */

export interface Injected {
  /** What the plugin receives. */
  readonly data: JsonObject;
  readonly provenance: readonly Provenance[];
  readonly spoofs: readonly SpoofAttempt[];
  readonly exactNumbers: boolean;
}

export interface Ran {
  /** Times in milliseconds since the Unix epoch. */
  readonly console: readonly {
    readonly at: number;
    readonly level: ConsoleLine['level'];
    readonly text: string;
  }[];
  readonly events: readonly (Omit<TraceEvent, 'atMs'> & { readonly at: number })[];
  readonly children: readonly SeenChild[];
  readonly droppedChildren: number;
  readonly version: string | null;
  readonly pid: number | null;
}

/** Something that the plugin did outside its own code. */
export interface SeenChild {
  /** Of its start, in milliseconds since the Unix epoch. */
  readonly at: number;
  readonly durationMs: number;
  readonly error: string | null;
  readonly work: ChildWork;
  /** For rules: a `ChildScope` (contract/host.ts) as JSON. */
  readonly scope?: string | undefined;
}

/** What rules find in a call. `child` counts the children as they are given: in order of start. */
export type Judge = (children: readonly SeenChild[]) => readonly Finding[];

export interface Ending {
  readonly outcome: Outcome;
  readonly error: TraceError | null;
}

/** The answer as sent. */
export interface SeenAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: SeenBody | null;
}

export interface RecordedRequest {
  /** When it arrived, as `performance.now` has it; default: now. */
  readonly from?: number;
  readonly ids: TraceIds;
  readonly plugin: string;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** In order of arrival: names and values in turn, as Node gives them. */
  readonly rawHeaders: readonly string[];
  readonly timeoutMs: number;
  /** Knows the configured secrets; the request's own credentials are added here. */
  readonly redactor: Redactor;
}

/** What a recorder knows so far, unmasked. */
export interface Facts {
  readonly spans: Span[];
  identity: IdentityView | null;
  token: TokenView | null;
  body: SeenBody | null;
  injected: Injected | null;
  ran: Ran | null;
  /** In the order in which they were learnt. */
  readonly inProduction: Set<string>;
  judge: Judge | null;
  ending: Ending | null;
}
