import { createHmac } from 'node:crypto';

/** What signs the load's tokens, and what the runtime under load is told as its JWT_SECRET. */
export const LOAD_SECRET = 'bench-load-0123456789-abcdefghij-klmnop';
/** The example plugins that the load calls. */
export const LOAD_PLUGINS = ['hello', 'whoami', 'tasks'];

/**
 * The mix, as whole HTTP requests to be sent in turn: a user's call with an attempt to forge the context, a
 * user's call that writes a line, a call without a token.
 * @param {string} host `127.0.0.1:8080`
 */
export function loadRequests(host) {
  const forged = { note: 'quarterly', user_id: 'someone-else', _context: { is_superadmin: true } };
  const greeting = { greeting: 'Good day', names: ['Grace', 'Edsger', 'Barbara'], count: 3 };
  const list = { action: 'list', page: 1, filter: { done: false, owner: null } };
  return [
    toRequest(host, 'whoami', forged, token('ada', ['user', 'editor'])),
    toRequest(host, 'hello', greeting, token('grace', ['user'])),
    toRequest(host, 'tasks', list, null),
  ];
}

function toRequest(host, plugin, body, bearer) {
  const text = JSON.stringify(body);
  return [
    `POST /api/execute/${plugin} HTTP/1.1`,
    `Host: ${host}`,
    'Accept: application/json',
    'User-Agent: workbench-bench/1',
    'Content-Type: application/json',
    ...(bearer === null ? [] : [`Authorization: Bearer ${bearer}`]),
    `Content-Length: ${Buffer.byteLength(text)}`,
    '',
    text,
  ].join('\r\n');
}

function token(user, roles) {
  const now = Math.floor(Date.now() / 1000);
  const claims = { sub: user, email: `${user}@example.com`, roles, iat: now, exp: now + 86_400 };
  const signed = [{ alg: 'HS256', typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${signed}.${createHmac('sha256', LOAD_SECRET).update(signed).digest('base64url')}`;
}
