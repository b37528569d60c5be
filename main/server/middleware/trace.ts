import type { ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import type Router from '@koa/router';
import { HEADERS } from '../../contract/http.ts';
import type { Log } from '../../system/log.ts';
import type { SeenAnswer } from '../../traces/record/facts.ts';
import { createRecorder } from '../../traces/record/recorder.ts';
import type { Redactor } from '../../traces/record/redact.ts';
import { formatTraceparent, newTraceIds } from '../../traces/record/trace-context.ts';
import type { TraceStore } from '../../traces/store/store.ts';
import { executedPlugin } from '../route.ts';
import type { Middleware, ServerContext, ServerState } from '../state.ts';

export interface TraceDeps {
  readonly config: { readonly timeoutMs: number };
  readonly traces: TraceStore;
  readonly redactor: Redactor;
  readonly log: Log;
}

/**
 * Leaves one trace for each request to an execute route that the gate let in, refused ones too
 * (main/README.md §2). Preflights execute nothing.
 */
export function traceExecutions(
  { config, traces, redactor, log }: TraceDeps,
  router: Router<ServerState>,
): Middleware {
  return async function trace(ctx, next) {
    const executesNothing = ctx.method === 'OPTIONS' || ctx.method === 'HEAD';
    const plugin = executesNothing ? null : executedPlugin(router, ctx.path);
    if (plugin === null) return next();
    const ids = newTraceIds(ctx.get(HEADERS.traceparent));
    const { gate = { from: performance.now(), durationMs: 0 } } = ctx.state;
    const recorder = createRecorder({
      from: gate.from,
      ids,
      plugin,
      redactor,
      timeoutMs: config.timeoutMs,
      method: ctx.method,
      path: ctx.req.url ?? '',
      rawHeaders: ctx.req.rawHeaders,
    });
    ctx.state.trace = recorder;
    ctx.set(HEADERS.traceparent, formatTraceparent(ids));
    recorder.addSpan('receive', 0);
    recorder.addSpan('origin', gate.durationMs);
    const sent = onResponseFinished(ctx.res);
    await next();
    const respondedFrom = performance.now();
    // By then an answer that its client takes at once is out.
    setImmediate(() => {
      if (ctx.res.writableFinished || ctx.res.destroyed) return;
      recorder.seal(answerOf(ctx));
      delete ctx.state.answer;
    });
    // Not awaited: the answer leaves only after this middleware has returned.
    sent
      .then((isSent) => {
        recorder.addSpan('respond', performance.now() - respondedFrom, { ok: isSent });
        traces.add(recorder.finish(isSent ? answerOf(ctx) : null));
      })
      .catch((error: unknown) => log.error('Could not store a trace', error));
  };
}

/** True once the answer was sent whole, false when the connection ended first. */
function onResponseFinished(res: ServerResponse): Promise<boolean> {
  return new Promise((resolve) => {
    res.once('finish', () => resolve(true)).once('close', () => resolve(false));
  });
}

function answerOf(ctx: ServerContext): SeenAnswer {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(ctx.res.getHeaders())) {
    if (value !== undefined) headers[name] = typeof value === 'number' ? String(value) : value;
  }
  return { status: ctx.status, headers, body: ctx.state.answer ?? null };
}
