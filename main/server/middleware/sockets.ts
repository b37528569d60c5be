import type { Authentication } from '../../auth/authentication.ts';
import type { Authenticator } from '../../auth/authenticator.ts';
import { WorkbenchError } from '../../contract/errors.ts';
import { ROUTES } from '../../contract/http.ts';
import { SOCKET_REFUSALS, type SocketEnd } from '../../contract/sockets.ts';
import { createHandshake, credentialsOf, type Handshake } from '../../sockets/handshake.ts';
import type { SocketClient, SocketHub } from '../../sockets/socket-hub.ts';
import { returnUpgrade, takeUpgrade } from '../connection/upgrade.ts';
import type { Middleware, ServerContext } from '../state.ts';

export interface SocketDeps {
  readonly authenticator: Pick<Authenticator, 'authenticate'>;
  readonly sockets: SocketHub;
}

/** Stands for whoever the token names. */
const ANYBODY = '_';

const PREFIX = ROUTES.notificationSocket.replace(':hint', '');

/** The hint of a path of notifications; null for any other path. Koa finds none in a malformed address. */
export function socketHint(path: string | null): string | null {
  const hint = path?.startsWith(PREFIX) ? path.slice(PREFIX.length) : '';
  if (hint === '' || hint.includes('/')) return null;
  try {
    return decodeURIComponent(hint);
  } catch {
    // A stray %: taken literally.
    return hint;
  }
}

/**
 * Opens WebSockets for notifications (CONTRACT.md §9), after the gate, which checks Host and Origin as for any
 * request. Who it is, is looked at after the connection is accepted, as in production: only then can a page be
 * told why not.
 */
export function acceptSockets(deps: SocketDeps): Middleware {
  const handshake = createHandshake();
  return async function sockets(ctx, next) {
    const hint = socketHint(ctx.path);
    if (hint === null) return next();
    const { remoteAddress, remotePort } = ctx.req.socket;
    const socket = openSocket(handshake, ctx);
    ctx.respond = false;
    const { token, way } = credentialsOf(ctx.req);
    const client = { socket, address: `${remoteAddress}:${remotePort}`, path: ctx.url, way };
    if (deps.sockets.greet(client)) await admit(deps, client, hint, token);
  };
}

function openSocket(handshake: Handshake, ctx: ServerContext): SocketClient['socket'] {
  const upgrade = takeUpgrade(ctx.req, ctx.res);
  if (upgrade === null) throw new WorkbenchError('NOT_FOUND', 'Only a WebSocket can be opened here');
  try {
    return handshake(ctx.req, upgrade.socket, upgrade.head);
  } catch (error) {
    returnUpgrade(ctx.res, upgrade);
    throw error;
  }
}

async function admit(
  { authenticator, sockets }: SocketDeps,
  client: SocketClient,
  hint: string,
  token: string | null,
): Promise<void> {
  const result = await authenticator.authenticate(token === null ? [] : [`Bearer ${token}`]);
  if (!result.ok) {
    sockets.refuse(client, { ...SOCKET_REFUSALS.unauthenticated, user: null, ...explain(result) });
    return;
  }
  const { userId } = result.identity;
  if (hint === ANYBODY || hint === userId) sockets.join(client, userId);
  else {
    const detail = `The path names ${JSON.stringify(hint.slice(0, 100))}, the caller is ${JSON.stringify(userId)}`;
    const remedy = `Connect to ${PREFIX}${ANYBODY} or ${PREFIX}${encodeURIComponent(userId)}`;
    sockets.refuse(client, { ...SOCKET_REFUSALS.otherUser, user: userId, detail, remedy });
  }
}

type Refused = Extract<Authentication, { ok: false }>;

/** For the developer; the client is not told. */
function explain({ view, token, detail }: Refused): Pick<SocketEnd, 'detail' | 'remedy'> {
  if (token === null) {
    const remedy = 'Send a token as the subprotocol access_token.<JWT>, or as ?access_token=';
    return { detail: 'No token came with the request', remedy };
  }
  const failed = view?.steps.find(({ verdict }) => verdict === 'failed');
  return { detail: failed?.detail ?? detail, remedy: failed?.remedy?.text ?? null };
}
