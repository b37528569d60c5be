import type { Middleware as KoaMiddleware, ParameterizedContext } from 'koa';
import type { SeenBody } from '../traces/record/body.ts';
import type { TraceRecorder } from '../traces/record/recorder.ts';

/** What this server's middleware pass along in `ctx.state`. */
export interface ServerState {
  /** What the gate took before it let the request in, for the trace that begins after it. */
  gate?: { readonly from: number; readonly durationMs: number };
  /** Present on execute routes. */
  trace?: TraceRecorder;
  /** The answer's body as sent. */
  answer?: SeenBody;
}

export type ServerContext = ParameterizedContext<ServerState>;
export type Middleware = KoaMiddleware<ServerState>;
