import type { TokenWay } from '../contract/sockets.ts';

/** What a client says of itself when it connects. */
export interface SocketCredentials {
  readonly token: string | null;
  readonly way: TokenWay;
  /** The subprotocol to answer with; none for null. */
  readonly protocol: string | null;
}

const PREFIX = 'access_token.';
const PROTOCOL = 'mozaiks';
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/**
 * Where a page puts its token, since browsers let it set no header (CONTRACT.md §9): the subprotocol
 * `access_token.<JWT>`, the two subprotocols `mozaiks` and the JWT, or the query's `access_token`.
 */
export function readCredentials(protocols: string | undefined, query: string): SocketCredentials {
  const offered = (protocols ?? '').split(',').map((one) => one.trim());
  const prefixed = offered.find((one) => one.startsWith(PREFIX));
  if (prefixed !== undefined) {
    return { token: prefixed.slice(PREFIX.length), way: 'access_token', protocol: prefixed };
  }
  const protocol = offered.find((one) => one.toLowerCase() === PROTOCOL) ?? null;
  const bare = protocol === null ? undefined : offered.find((one) => JWT.test(one));
  if (bare !== undefined) return { token: bare, way: 'mozaiks', protocol };
  const token = new URLSearchParams(query).get('access_token');
  return token === null || token === ''
    ? { token: null, way: 'none', protocol }
    : { token, way: 'query', protocol };
}
