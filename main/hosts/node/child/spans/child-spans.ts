import type { ChildSpanMode } from '../../../../contract/child-span.ts';
import { HOST_LIMITS } from '../../../../contract/host.ts';
import type { Send } from '../channel.ts';
import { type CurrentCall, currentCall } from '../current-call.ts';
import { observeHttp } from './http-spans.ts';
import { observeMongo } from './mongo-spans.ts';
import type { OpenSpan, OpenSpanOf, SpanReport } from './open-span.ts';

/**
 * From now on the runtime is told what the plugin does outside its own code. Call it before the plugin's code runs.
 * Nothing of it changes what the plugin sees, but the header `traceparent` of its requests.
 */
export function recordChildSpans(mode: ChildSpanMode, send: Send): void {
  if (mode === 'off') return;
  const open: OpenSpanOf = (report) => {
    const call = currentCall.getStore();
    return call === undefined ? null : openSpan(call, report, send);
  };
  observeHttp(open, mode === 'bodies');
  observeMongo(open);
}

function openSpan(call: CurrentCall, report: () => SpanReport, send: Send): OpenSpan {
  const at = Date.now();
  const startedAt = performance.now();
  const end = (error: string | null = null) => {
    if (!call.onEnd.delete(end)) return;
    const { work, scope, durationMs = performance.now() - startedAt } = report();
    send({ type: 'child', id: call.id, at, durationMs, error: cutText(error), work, scope });
  };
  call.onEnd.add(end);
  return { call, end };
}

function cutText(text: string | null): string | null {
  return text === null ? null : text.slice(0, HOST_LIMITS.childText);
}
