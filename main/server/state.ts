import type { Middleware as KoaMiddleware, ParameterizedContext } from 'koa';
import type { Step } from '../contract/trace.ts';
import type { SeenBody } from '../traces/record/body.ts';
import type { OpenSpan, TraceRecorder } from '../traces/record/recorder.ts';

/** What this server's middleware pass along in `ctx.state`. */
export interface ServerState {
  /** Present on execute routes. */
  trace?: TraceRecorder;
  /** The answer's body as sent. */
  answer?: SeenBody;
}

export type ServerContext = ParameterizedContext<ServerState>;
export type Middleware = KoaMiddleware<ServerState>;

/** Times `work` as a step of the request's trace, where it has one. */
export async function traced<T>(
  ctx: ServerContext,
  step: Step,
  work: (span: OpenSpan) => T | Promise<T>,
): Promise<T> {
  return ctx.state.trace === undefined ? work({ ok: true }) : ctx.state.trace.step(step, work);
}
