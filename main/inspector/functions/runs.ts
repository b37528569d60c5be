import { WorkbenchError } from '../../contract/errors.ts';
import { authorizationHeader, CONTRACT_VERSION, HEADERS, type Json } from '../../contract/http.ts';
import type { HeaderCheck, PersonaId, RunAnswer } from '../../contract/run.ts';
import type { StoredBody } from '../../contract/trace.ts';
import { type HttpAnswer, httpCall } from '../../system/http-call.ts';

/** Calls that the UI makes, over real HTTP to this runtime, so that nothing is seen that a client would not get. */
export interface Runs {
  send(call: RunCall): Promise<RunAnswer>;
  /** Ends a call as a client that goes away would. Unknown ids are ignored: the call may have just ended. */
  cancel(runId: string): void;
}

export interface RunCall {
  readonly runId: string;
  readonly path: string;
  readonly body: string;
  readonly persona: PersonaId;
  readonly token?: string;
}

export interface RunsDeps {
  readonly baseUrl: () => string;
  /** The plugin's own limit; null while a debugger may hold it up. */
  readonly limitMs: () => number | null;
  /** Null for a call without a token. Throws BAD_REQUEST when the persona can't be used here. */
  readonly personaToken: (persona: PersonaId, custom: string | undefined) => Promise<string | null>;
}

/** Past the plugin's own timeout the runtime has answered; this only bounds a runtime that doesn't. */
const MARGIN_MS = 15_000;
const DAY_MS = 24 * 60 * 60 * 1000;

export function createRuns({ baseUrl, limitMs, personaToken }: RunsDeps): Runs {
  const active = new Map<string, AbortController>();
  return {
    cancel: (runId) => active.get(runId)?.abort(),
    async send(call) {
      if (active.has(call.runId)) {
        throw new WorkbenchError('CONFLICT', `A run with the id '${call.runId}' is still going`);
      }
      const controller = new AbortController();
      active.set(call.runId, controller);
      try {
        const token = await personaToken(call.persona, call.token);
        return toRunAnswer(
          await httpCall({
            method: 'POST',
            url: `${baseUrl()}${call.path}`,
            headers: {
              'Content-Type': 'application/json',
              ...authorizationHeader(token),
            },
            body: call.body,
            signal: controller.signal,
            timeoutMs: (limitMs() ?? DAY_MS) + MARGIN_MS,
          }),
        );
      } catch (error) {
        if (controller.signal.aborted) return CANCELLED;
        throw error instanceof WorkbenchError ? error : unanswered(error);
      } finally {
        active.delete(call.runId);
      }
    },
  };
}

const CANCELLED: RunAnswer = {
  status: 0,
  headers: {},
  body: { bytes: 0, truncated: false },
  durationMs: 0,
  versionHeader: { expected: CONTRACT_VERSION, observed: null, ok: false },
  traceId: null,
  cancelled: true,
};

function unanswered(error: unknown): WorkbenchError {
  const reason = error instanceof Error ? error.message : String(error);
  return new WorkbenchError('INTERNAL_ERROR', `The runtime did not answer: ${reason}`, { cause: error });
}

function toRunAnswer(answer: HttpAnswer): RunAnswer {
  return {
    status: answer.status,
    headers: answer.headers,
    body: keptBody(answer),
    durationMs: answer.durationMs,
    versionHeader: checkVersion(answer.headers),
    traceId: answer.headers[HEADERS.traceparent]?.split('-')[2] ?? null,
    cancelled: false,
  };
}

function checkVersion(headers: Readonly<Record<string, string>>): HeaderCheck {
  const observed = headers[HEADERS.runtimeVersion.toLowerCase()] ?? null;
  return { expected: CONTRACT_VERSION, observed, ok: observed === CONTRACT_VERSION };
}

/** The window's bridge copies an object part by part, a text in one go: 5 MB take it seconds or milliseconds. */
const MAX_PARSED_BYTES = 256 * 1024;

function keptBody({ body, bytes, truncated }: HttpAnswer): StoredBody {
  if (bytes > MAX_PARSED_BYTES) return { text: body, bytes, truncated };
  try {
    return { json: JSON.parse(body) as Json, bytes, truncated };
  } catch {
    return { text: body, bytes, truncated }; // Not every answer is JSON: it is then shown as it came.
  }
}
