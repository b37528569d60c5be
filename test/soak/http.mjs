import { createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';

/** Longer than any call may take. */
const LIMIT_MS = 60_000;

const agent = new Agent({ keepAlive: true });

/** @typedef {{status: number, headers: import('node:http').IncomingHttpHeaders, text: string}} Answer */

/**
 * @param {{body?: string, token?: string, method?: string, leaveAfterMs?: number, slow?: 'whole' | 'leaves'}}
 *   how `leaveAfterMs`: hangs up; `slow`: takes its time over the answer, and the whole of it or its beginning
 * @returns {Promise<Answer | null>} null when it left before the end
 */
export function send(url, { body, token, method = 'POST', leaveAfterMs, slow } = {}) {
  return new Promise((resolve, reject) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    // One that leaves or is slow has a connection of its own.
    const own = leaveAfterMs === undefined && slow === undefined ? agent : false;
    const call = request(url, { method, headers, agent: own, timeout: LIMIT_MS });
    const leave = () => {
      resolve(null);
      call.destroy();
    };
    call.once('timeout', () => call.destroy(new Error(`no answer within ${LIMIT_MS / 1000} s`)));
    call.once('error', reject);
    call.once('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
        if (slow === 'leaves') return leave();
        if (slow !== 'whole') return;
        response.pause();
        setTimeout(() => response.resume(), 40);
      });
      response.once('error', reject);
      response.once('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
    });
    call.end(body);
    if (leaveAfterMs !== undefined) setTimeout(leave, leaveAfterMs);
  });
}

/** Ends the connections that are kept for later calls. */
export function hangUp() {
  agent.destroy();
}

/** Sends bytes and gives what comes back until the server ends the connection, or `leaves`. */
export function sendBytes(url, bytes, { leaves = false } = {}) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) });
    let received = '';
    socket.setTimeout(LIMIT_MS, () => socket.destroy());
    socket.setEncoding('latin1').on('data', (chunk) => {
      received += chunk;
    });
    // A server may end a connection as rudely as a client.
    socket.on('error', () => undefined);
    socket.once('close', () => resolve(received));
    socket.write(bytes, () => {
      if (leaves) socket.resetAndDestroy();
    });
  });
}

/** A token of the local mode. */
export function sign(secret, claims) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}
