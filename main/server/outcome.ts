import type { ErrorCode } from '../contract/errors.ts';
import type { Json, JsonObject } from '../contract/http.ts';
import type { Outcome } from '../contract/trace.ts';
import type { CallResult } from '../plugins/engine/types.ts';
import type { OpenSpan, TraceRecorder } from '../traces/record/recorder.ts';

/** How it ended (CONTRACT.md §4). What is refused before that is thrown as a WorkbenchError. */
export type Execution =
  /** `text`: the object as the plugin's process wrote it. */
  | { readonly kind: 'answered'; readonly value: JsonObject; readonly text: string }
  | { readonly kind: 'not-found'; readonly detail: string }
  | {
      readonly kind: 'load-failed' | 'failed';
      readonly code: string;
      /** The contract's sentence. */
      readonly detail: string;
      /** The bare reason, as the plugin host's path gives it. */
      readonly reason: string;
      /** In Python's words, of a result that is not an object. */
      readonly typeName?: string | undefined;
    }
  | { readonly kind: 'aborted' };

type Returned = Extract<CallResult, { readonly kind: 'returned' }>;

interface ExecutedCall {
  readonly trace: TraceRecorder;
  readonly plugin: string;
  readonly timeoutMs: number;
  /** There a result with an error is a result like any other (CONTRACT.md §2). */
  readonly isHostPath: boolean;
}

/**
 * Turns the engine's result into the contract's answer (CONTRACT.md §4, one case per row) and records it in
 * the trace.
 */
export async function toOutcome(
  result: CallResult,
  { trace, plugin, timeoutMs, isHostPath }: ExecutedCall,
): Promise<Execution> {
  switch (result.kind) {
    case 'returned':
      return trace.step('check', (span) => check(trace, result, span, isHostPath));
    case 'invalid':
      return trace.step('check', (span) => invalid(trace, result, span));
    case 'threw':
      return failed(trace, 'exception', 'PLUGIN_EXCEPTION', {
        detail: `Error executing plugin: ${result.message}`,
        reason: result.message,
        stack: result.stack,
      });
    case 'timeout': {
      const detail = `Plugin execution timed out after ${timeoutMs / 1000} seconds`;
      return failed(trace, 'timeout', 'PLUGIN_TIMEOUT', { detail, reason: detail });
    }
    case 'crashed':
      return failed(trace, 'crashed', 'PLUGIN_CRASHED', {
        detail: `Plugin '${plugin}' crashed: ${result.reason}`,
        reason: result.reason,
      });
    case 'load-failed': {
      const [reason = ''] = result.message.split('\n');
      const detail = `Plugin '${plugin}' failed to load: ${reason}`;
      return { ...failed(trace, 'exception', 'PLUGIN_LOAD_FAILED', { detail, reason }), kind: 'load-failed' };
    }
    case 'unknown':
      return notFound(trace, plugin);
    case 'aborted':
      return aborted(trace);
  }
}

function check(
  trace: TraceRecorder,
  { value, json }: Returned,
  span: OpenSpan,
  isHostPath: boolean,
): Execution {
  const hasError = Object.hasOwn(value, 'error');
  if (!hasError || isHostPath) {
    trace.ended({ outcome: 'ok', error: null });
    span.note = `JSON object, ${Buffer.byteLength(json)} bytes`;
    if (hasError) span.note += '; its error is answered as it is by the plugin host’s path';
    return { kind: 'answered', value, text: json };
  }
  span.note = 'the plugin returned an error of its own';
  const detail = formatError(value.error);
  if (detail === null) {
    return invalid(trace, { reason: 'its error is nested too deeply to be written as JSON' }, span);
  }
  const code =
    typeof value.error_code === 'string' && value.error_code !== '' ? value.error_code : 'PLUGIN_ERROR';
  return failed(trace, 'plugin_error', code, { detail, reason: detail });
}

/** Null where it can't be written: JSON.parse takes any depth, JSON.stringify recurses. */
function formatError(error: Json | undefined): string | null {
  try {
    return typeof error === 'string' ? error : JSON.stringify(error);
  } catch (failure) {
    if (failure instanceof RangeError) return null;
    throw failure;
  }
}

function invalid(
  trace: TraceRecorder,
  { reason, typeName }: { readonly reason: string; readonly typeName?: string },
  span: OpenSpan,
): Execution {
  span.ok = false;
  span.note = reason;
  const detail = `Plugin returned no JSON object: ${reason}`;
  return { ...failed(trace, 'exception', 'PLUGIN_INVALID_RESULT', { detail, reason: detail }), typeName };
}

function failed(
  trace: TraceRecorder,
  outcome: Outcome,
  code: ErrorCode | (string & {}),
  { detail, reason, stack }: { detail: string; reason: string; stack?: string | null },
): Extract<Execution, { kind: 'failed' | 'load-failed' }> {
  trace.ended({ outcome, error: { code, message: detail, stack: stack ?? undefined } });
  return { kind: 'failed', code, detail, reason };
}

export function notFound(trace: TraceRecorder, plugin: string): Execution {
  const detail = notFoundDetail(plugin);
  trace.ended({ outcome: 'refused', error: { code: 'NOT_FOUND', message: detail } });
  return { kind: 'not-found', detail };
}

export function notFoundDetail(plugin: string): string {
  return `Plugin '${plugin}' not found or disabled`;
}

export function aborted(trace: TraceRecorder): Execution {
  trace.ended({ outcome: 'aborted', error: null });
  return { kind: 'aborted' };
}
