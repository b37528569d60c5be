import { toErrorBody, WorkbenchError } from '../../contract/errors.ts';
import { ROUTES } from '../../contract/http.ts';
import type { SocketHub } from '../../sockets/socket-hub.ts';
import { errorMessage } from '../../system/errors.ts';
import { rawHeaderValues } from '../connection/raw-headers.ts';
import type { Refusals } from '../refusals.ts';
import type { Middleware, ServerContext } from '../state.ts';
import { assertHost } from './host-check.ts';
import { assertOrigin, corsHeaders, preflightHeaders } from './origin-check.ts';
import { socketHint } from './sockets.ts';

export interface GateDeps {
  readonly config: { readonly allowedHosts: readonly string[]; readonly corsOrigins: readonly string[] };
  address(): { readonly host: string; readonly port: number };
  /** Counts what is refused. */
  readonly refusals?: Pick<Refusals, 'add'>;
  /** Shows those that were to be WebSockets. */
  readonly sockets?: Pick<SocketHub, 'noteRefused'>;
}

/** The single checkpoint for who may use this port at all: before authentication, before any body is read. */
export function gate(deps: GateDeps): Middleware {
  return async function gate(ctx, next) {
    ctx.vary('Origin');
    const from = performance.now();
    try {
      admit(ctx, deps);
    } catch (error) {
      noteRefused(ctx, deps, error);
      throw error;
    }
    ctx.state.gate = { from, durationMs: performance.now() - from };
    if (isPreflight(ctx)) {
      ctx.set(preflightHeaders());
      ctx.status = 204;
      return;
    }
    await next();
  };
}

function noteRefused(ctx: ServerContext, { refusals, sockets }: GateDeps, error: unknown): void {
  const reason = errorMessage(error);
  refusals?.add({ method: ctx.method, path: ctx.url, reason });
  if (socketHint(ctx.path) === null) return;
  const { remoteAddress, remotePort } = ctx.req.socket;
  sockets?.noteRefused({
    address: `${remoteAddress}:${remotePort}`,
    path: ctx.url,
    user: null,
    code: toErrorBody(error).status_code,
    reason,
    detail: null,
    remedy: null,
  });
}

function admit(ctx: ServerContext, { config, address }: GateDeps): void {
  const { rawHeaders, url = '' } = ctx.req;
  const host = assertHost(rawHeaders, url, { ...address(), allowedHosts: config.allowedHosts });
  assertNoUpgrade(rawHeaders, ctx.path);
  const ownOrigin = isInspectorPath(ctx.path) ? `http://${host}` : null;
  const origin = assertOrigin(rawHeaders, { corsOrigins: config.corsOrigins, ownOrigin });
  if (origin !== null) ctx.set(corsHeaders(origin));
}

/**
 * A WebSocket has no host or origin check of its own: it is opened on one path alone, after this gate. Else only
 * `h2c` passes, ignored as HTTP allows: some clients (Java's) offer it on every first request and continue in
 * HTTP/1.1.
 */
function assertNoUpgrade(rawHeaders: readonly string[], path: string): void {
  const known = socketHint(path) === null ? ['h2c'] : ['h2c', 'websocket'];
  const wanted = rawHeaderValues(rawHeaders, 'upgrade').find(
    (protocol) => !known.includes(protocol.toLowerCase()),
  );
  if (wanted !== undefined) {
    throw new WorkbenchError(
      'BAD_REQUEST',
      `Upgrade to ${JSON.stringify(wanted.slice(0, 40))} is not supported`,
    );
  }
  const expected = rawHeaderValues(rawHeaders, 'expect').find(
    (word) => word.toLowerCase() !== '100-continue',
  );
  if (expected !== undefined) {
    throw new WorkbenchError(
      'BAD_REQUEST',
      `Expect ${JSON.stringify(expected.slice(0, 40))} is not supported`,
    );
  }
}

function isInspectorPath(path: string): boolean {
  return path === ROUTES.inspector || path.startsWith(`${ROUTES.inspector}/`);
}

function isPreflight(ctx: ServerContext): boolean {
  return (
    ctx.method === 'OPTIONS' && ctx.get('Origin') !== '' && ctx.get('Access-Control-Request-Method') !== ''
  );
}
