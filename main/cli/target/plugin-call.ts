import { authorizationHeader } from '../../contract/http.ts';
import type { Outcome as CallOutcome, Trace, TraceSummary } from '../../contract/trace.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import { CALL_MARGIN_MS, type HttpAnswer, httpCall, UNLIMITED_MS } from '../../system/http-call.ts';
import { TimeoutError, waitForEvent } from '../../system/wait.ts';
import { spanIdOf } from '../../traces/record/trace-context.ts';
import { type CommandContext, Interrupted } from '../command.ts';
import { type CallTarget, toNotReady } from './call-target.ts';

/** One call of a plugin, over real HTTP. */

export interface PluginCall {
  /** Shown with the progress. */
  readonly name: string;
  /** Including the query. */
  readonly path: string;
  readonly body: string;
  readonly token: string | null;
  /** Limits the plugin in a runtime that was started here, and the whole call in any other. */
  readonly timeoutMs: number | null;
}

export interface CallAnswer {
  /** Null when no answer came in time. */
  readonly answer: HttpAnswer | null;
  readonly outcome: CallOutcome;
  /** The runtime's code for the error. */
  readonly errorCode: string | null;
  readonly durationMs: number;
}

const TICK_MS = 100;

/** @throws {Interrupted} on Ctrl+C; {WorkbenchError} NOT_READY when nothing answers */
export async function callPlugin(
  target: CallTarget,
  call: PluginCall,
  { terminal, signal }: Pick<CommandContext, 'terminal' | 'signal'>,
): Promise<CallAnswer> {
  const limitMs = target.started?.config.timeoutMs ?? call.timeoutMs;
  const startedAt = performance.now();
  const elapsed = () => performance.now() - startedAt;
  const timer = setInterval(() => terminal.draw(formatElapsed(call.name, elapsed(), limitMs)), TICK_MS);
  try {
    const answer = await httpCall({
      method: 'POST',
      url: `${target.baseUrl}${call.path}`,
      headers: {
        'Content-Type': 'application/json',
        ...authorizationHeader(call.token),
      },
      body: call.body,
      signal,
      timeoutMs: limitMs === null ? UNLIMITED_MS : limitMs + (target.started === null ? 0 : CALL_MARGIN_MS),
    });
    return { answer, ...guessOutcome(answer), durationMs: answer.durationMs };
  } catch (error) {
    if (signal.aborted) throw new Interrupted();
    if (!isTimeout(error)) throw toNotReady(target.baseUrl, error);
    return { answer: null, outcome: 'timeout', errorCode: null, durationMs: elapsed() };
  } finally {
    clearInterval(timer);
    terminal.draw(null);
  }
}

function formatElapsed(name: string, elapsedMs: number, limitMs: number | null): string {
  const elapsed = `${name}: ${(elapsedMs / 1000).toFixed(1)} s`;
  return limitMs === null ? elapsed : `${elapsed} of ${limitMs / 1000} s`;
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError';
}

const OUTCOME_OF_CODE: ReadonlyMap<string, CallOutcome> = new Map([
  ['PLUGIN_TIMEOUT', 'timeout'],
  ['PLUGIN_CRASHED', 'crashed'],
  ['PLUGIN_EXCEPTION', 'exception'],
  ['PLUGIN_INVALID_RESULT', 'exception'],
  ['PLUGIN_LOAD_FAILED', 'exception'],
]);

/**
 * How the call ended, as far as the answer shows: a plugin may give any code, and other runtimes give none.
 */
export function guessOutcome({
  status,
  body,
}: Pick<HttpAnswer, 'status' | 'body'>): Pick<CallAnswer, 'outcome' | 'errorCode'> {
  if (status >= 200 && status < 300) return { outcome: 'ok', errorCode: null };
  const errorCode = findErrorCode(body);
  if (status < 500) return { outcome: 'refused', errorCode };
  return { outcome: OUTCOME_OF_CODE.get(errorCode ?? '') ?? 'plugin_error', errorCode };
}

/** The parsed body, or the text itself where it is not JSON. */
export function parseBody(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

function findErrorCode(body: string): string | null {
  const value = parseBody(body);
  if (typeof value !== 'object' || value === null || !('error_code' in value)) return null;
  return typeof value.error_code === 'string' ? value.error_code : null;
}

const TRACE_WAIT_MS = 1_000;

/** The trace that a call left in a runtime started here; it is stored right after the answer is sent. */
export async function findTrace(runtime: Runtime, { answer }: CallAnswer): Promise<Trace | null> {
  const id = spanIdOf(answer?.headers.traceparent);
  if (id === null) return null;
  const known = runtime.traces.get(id);
  if (known !== undefined) return known;
  try {
    await waitForEvent<{ readonly summary: TraceSummary }>((listener) => runtime.traces.onAdded(listener), {
      timeoutMs: TRACE_WAIT_MS,
      accept: ({ summary }) => summary.id === id,
    });
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error;
  }
  return runtime.traces.get(id) ?? null;
}
