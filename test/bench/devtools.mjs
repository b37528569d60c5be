/** Asks a page of a running Chromium for one value, over its DevTools protocol; as small as can be. */
import { randomBytes } from 'node:crypto';
import { request } from 'node:http';

/**
 * Evaluates an expression in the first page whose address begins with `prefix`; a promise is awaited.
 * @param {string} browserUrl ws://127.0.0.1:<port>/…, as Chromium prints it
 * @returns {Promise<unknown>} null when the page is not there yet
 */
export async function evaluateInPage(browserUrl, prefix, expression) {
  const { port } = new URL(browserUrl);
  const targets = await (await fetch(`http://127.0.0.1:${port}/json/list`)).json();
  const page = targets.find(({ type, url }) => type === 'page' && url.startsWith(prefix));
  if (page === undefined) return null;
  const params = { expression, awaitPromise: true, returnByValue: true };
  const answer = await exchange(page.webSocketDebuggerUrl, { id: 1, method: 'Runtime.evaluate', params });
  const failure = answer.error?.message ?? answer.result?.exceptionDetails?.text;
  // Asked in the moment in which its first document takes the empty one's place.
  if (/context was destroyed|navigated/.test(failure)) return null;
  if (failure !== undefined) throw new Error(`the page could not tell: ${failure}`);
  return answer.result.result.value;
}

/** One message there, the first message back. */
function exchange(url, message) {
  return new Promise((resolve, reject) => {
    const outgoing = request(url.replace('ws:', 'http:'), {
      agent: false,
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': randomBytes(16).toString('base64'),
      },
    });
    outgoing.once('error', reject);
    outgoing.once('response', ({ statusCode }) => reject(new Error(`DevTools answered ${statusCode}`)));
    outgoing.once('upgrade', (_answer, socket) => {
      let heard = Buffer.alloc(0);
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('DevTools closed the connection')));
      socket.on('data', (chunk) => {
        heard = Buffer.concat([heard, chunk]);
        const text = firstMessage(heard);
        if (text === null) return;
        resolve(JSON.parse(text));
        socket.destroy();
      });
      socket.write(frame(JSON.stringify(message)));
    });
    outgoing.end();
  });
}

/** The text of the first frame, or null while it is not whole. Servers mask nothing. */
function firstMessage(bytes) {
  if (bytes.length < 4) return null;
  const short = bytes[1] & 127;
  if (short === 127) throw new Error('an answer longer than 64 KiB is not expected here');
  const [start, length] = short === 126 ? [4, bytes.readUInt16BE(2)] : [2, short];
  return bytes.length < start + length ? null : bytes.toString('utf8', start, start + length);
}

/** One masked text frame of at most 64 KiB. */
function frame(text) {
  const payload = Buffer.from(text);
  const mask = randomBytes(4);
  const head =
    payload.length < 126
      ? [0x81, 0x80 | payload.length]
      : [0x81, 0x80 | 126, payload.length >> 8, payload.length & 255];
  return Buffer.concat([Buffer.from(head), mask, payload.map((byte, at) => byte ^ mask[at % 4])]);
}
