import { setTimeout as delay } from 'node:timers/promises';
import { WorkbenchError } from '../../contract/errors.ts';
import { authorizationHeader, CONTRACT_VERSION, HEADERS, type Json } from '../../contract/http.ts';
import { hasOnlyPlainNumbers } from '../../contract/json-members.ts';
import type { HeaderCheck, PersonaId, RunAnswer } from '../../contract/run.ts';
import type { StoredBody } from '../../contract/trace.ts';
import { errorMessage } from '../../system/errors.ts';
import { CALL_MARGIN_MS, type HttpAnswer, httpCall, UNLIMITED_MS } from '../../system/http-call.ts';
import { formatTraceparent, newTraceIds, spanIdOf } from '../../traces/record/trace-context.ts';
import type { TraceStore } from '../../traces/store/store.ts';

/**
 * Calls that the UI makes, over real HTTP to this runtime, so that nothing is seen that a client would not
 * get.
 */
export interface Runs {
  send(call: RunCall): Promise<RunAnswer>;
  /** Ends a call as a client that goes away would. Unknown ids are ignored: the call may have just ended. */
  cancel(runId: string): void;
}

interface RunCall {
  readonly runId: string;
  readonly path: string;
  readonly body: string;
  readonly persona: PersonaId;
  readonly token?: string | undefined;
}

export interface RunsDeps {
  readonly baseUrl: () => string;
  /** The plugin's own timeout; null while a debugger may hold it up. */
  readonly limitMs: () => number | null;
  /** Null for a call without a token. Throws BAD_REQUEST when the persona can't be used here. */
  readonly personaToken: (persona: PersonaId, custom: string | undefined) => Promise<string | null>;
  readonly onTraceAdded: TraceStore['onAdded'];
}

/**
 * How long a trace may take to be stored once its call has ended; a call that never reached the runtime
 * leaves none.
 */
const TRACE_TIMEOUT_MS = 2_000;

export function createRuns(deps: RunsDeps): Runs {
  const active = new Map<string, AbortController>();
  return {
    cancel: (runId) => active.get(runId)?.abort(),
    async send(call) {
      if (active.has(call.runId)) {
        throw new WorkbenchError('CONFLICT', `A run with the id '${call.runId}' is still running`);
      }
      const controller = new AbortController();
      active.set(call.runId, controller);
      try {
        return await sendCall(deps, call, controller.signal);
      } finally {
        active.delete(call.runId);
      }
    },
  };
}

async function sendCall(deps: RunsDeps, call: RunCall, signal: AbortSignal): Promise<RunAnswer> {
  const token = await deps.personaToken(call.persona, call.token);
  if (signal.aborted) return cancelledAnswer(null);
  // Watched from before the request leaves: its trace may be stored before the answer has been read.
  const traceparent = formatTraceparent(newTraceIds(undefined));
  const recorded = watchTrace(deps.onTraceAdded, traceparent);
  try {
    const answer = await httpCall({
      method: 'POST',
      url: `${deps.baseUrl()}${call.path}`,
      headers: runHeaders(token, traceparent),
      body: call.body,
      signal,
      timeoutMs: (deps.limitMs() ?? UNLIMITED_MS) + CALL_MARGIN_MS,
    });
    const isTraced = spanIdOf(answer.headers[HEADERS.traceparent]) !== null;
    return toRunAnswer(answer, isTraced ? await recorded.within(TRACE_TIMEOUT_MS) : null);
  } catch (error) {
    if (signal.aborted) return cancelledAnswer(await recorded.within(TRACE_TIMEOUT_MS));
    throw unanswered(error);
  } finally {
    recorded.stop();
  }
}

function runHeaders(token: string | null, traceparent: string): Record<string, string> {
  return { 'Content-Type': 'application/json', traceparent, ...authorizationHeader(token) };
}

interface TraceWatch {
  /** The id under which the trace is stored; null when it isn't within the time. */
  within(timeoutMs: number): Promise<string | null>;
  stop(): void;
}

/**
 * Waits for the trace of a call by the header that its request carries: the store's own id is the runtime's
 * to give, and calls that the plugin makes itself have the same trace id.
 */
function watchTrace(onAdded: RunsDeps['onTraceAdded'], traceparent: string): TraceWatch {
  let unsubscribe = () => {};
  const stored = new Promise<string>((resolve) => {
    unsubscribe = onAdded(({ summary, trace }) => {
      if (trace.request.headers[HEADERS.traceparent] === traceparent) resolve(summary.id);
    });
  });
  return {
    within: (timeoutMs) => Promise.race([stored, delay(timeoutMs, null, { ref: false })]),
    stop: () => unsubscribe(),
  };
}

function cancelledAnswer(traceId: string | null): RunAnswer {
  return {
    status: 0,
    headers: {},
    body: { bytes: 0, truncated: false },
    durationMs: 0,
    versionHeader: { expected: CONTRACT_VERSION, observed: null, ok: false },
    traceId,
    cancelled: true,
  };
}

function unanswered(error: unknown): WorkbenchError {
  return new WorkbenchError('INTERNAL_ERROR', `The runtime did not answer: ${errorMessage(error)}`, {
    cause: error,
  });
}

function toRunAnswer(answer: HttpAnswer, traceId: string | null): RunAnswer {
  return {
    status: answer.status,
    headers: answer.headers,
    body: storedBody(answer),
    durationMs: answer.durationMs,
    versionHeader: checkVersion(answer.headers),
    traceId,
    cancelled: false,
  };
}

function checkVersion(headers: Readonly<Record<string, string>>): HeaderCheck {
  const observed = headers[HEADERS.runtimeVersion.toLowerCase()] ?? null;
  return { expected: CONTRACT_VERSION, observed, ok: observed === CONTRACT_VERSION };
}

/**
 * The window's bridge copies an object property by property, a string at once: 5 MB take seconds or
 * milliseconds.
 */
const MAX_PARSED_BYTES = 256 * 1024;

function storedBody({ body, bytes, truncated }: HttpAnswer): StoredBody {
  if (bytes > MAX_PARSED_BYTES) return { text: body, bytes, truncated };
  try {
    const json = JSON.parse(body) as Json;
    // Numbers are shown as they were sent.
    return hasOnlyPlainNumbers(body) ? { json, bytes, truncated } : { text: body, bytes, truncated };
  } catch {
    // Not every answer is JSON: it is then shown as it came.
    return { text: body, bytes, truncated };
  }
}
