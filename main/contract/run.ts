import type { JsonObject } from './http.ts';
import type { PersonaSubscription } from './persona-subscription.ts';
import type { SampleFunctions } from './sample.ts';
import type { StoredBody } from './trace.ts';

export const PERSONAS = [
  'anonymous',
  'user',
  'admin',
  'superadmin',
  'expired',
  'wrong-audience',
  'no-subject',
  'custom',
] as const;
export type PersonaId = (typeof PERSONAS)[number];

export interface PersonaView {
  readonly id: PersonaId;
  readonly label: string;
  readonly description: string;
  /** Why it can't be used here (external mode has no private key), or null. */
  readonly unavailable: string | null;
  /**
   * The claims its token is or would be minted with, relative times resolved; null for anonymous and custom.
   */
  readonly claims: JsonObject | null;
}

export const RUN_ROUTES = ['execute', 'plugin-host'] as const;
/** `POST /api/execute/{plugin}`, or the plugin host's `POST /api/plugins/{plugin}/execute`. */
export type RunRoute = (typeof RUN_ROUTES)[number];

export interface RunRequest {
  /** Chosen by the caller; names the run for `cancelRun`. */
  readonly runId: string;
  readonly plugin: string;
  /** The request's body as text, sent as it is, valid JSON or not. */
  readonly body: string;
  readonly persona: PersonaId;
  /** Which of the contract's two execute paths (CONTRACT.md §2); default: the first one. */
  readonly route?: RunRoute;
  /** The bearer token for the persona `custom`. */
  readonly token?: string;
  /** Stored for the persona's user before the call; default: what is stored stays. */
  readonly subscription?: PersonaSubscription;
}

export interface HeaderCheck {
  readonly expected: string;
  readonly observed: string | null;
  readonly ok: boolean;
}

/** The answer of a call made over real HTTP. */
export interface RunAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: StoredBody;
  readonly durationMs: number;
  readonly versionHeader: HeaderCheck;
  /**
   * The id of its trace in the store, which holds the trace by now, of a cancelled call too; null when none
   * was recorded.
   */
  readonly traceId: string | null;
  readonly cancelled: boolean;
}

/** What a UI may ask to be called. `null`: no argument or no answer. */
export interface RunFunctions extends SampleFunctions {
  run: { argument: RunRequest; answer: RunAnswer };
  cancelRun: { argument: { runId: string }; answer: null };
  /** The command a shell would need; the token is left out unless asked for. */
  runAsCurl: {
    argument: Omit<RunRequest, 'runId'> & { readonly revealToken: boolean };
    answer: string;
  };
  /** Sends a trace's request again, as the persona given: the original token is not stored. */
  replay: {
    argument: { id: string; file?: string; persona: PersonaId; token?: string; runId: string };
    answer: RunAnswer;
  };
  personas: { argument: null; answer: readonly PersonaView[] };
}
