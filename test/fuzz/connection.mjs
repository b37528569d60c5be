import { connect } from 'node:net';

/** A client that has heard nothing for so long has seen what there is to see. */
const SILENCE_MS = 150;
/** A server that is asked and doesn't end the connection either. */
const MOST_MS = 5_000;

/**
 * Sends bytes on a connection of their own. Resolves when it is over, with the answers' heads.
 */
export function exchange(port, { count, bytes, cut, ending }) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const received = [];
    let silence;
    const leave = () => (ending === 'reset' ? socket.resetAndDestroy() : socket.destroy());
    const wait = () => {
      clearTimeout(silence);
      const heard = received.length;
      // What arrived while this process was busy is read before it is called silence.
      silence = setTimeout(() => setImmediate(() => received.length === heard && leave()), SILENCE_MS);
    };
    socket.setTimeout(MOST_MS, leave);
    socket.once('connect', () => {
      socket.write(bytes.subarray(0, cut));
      socket.write(bytes.subarray(cut), ending === 'wait' ? wait : leave);
    });
    socket.on('data', (chunk) => {
      received.push(chunk);
      if (ending !== 'wait') return;
      const heads = headsOf(Buffer.concat(received));
      const isLast = heads.length >= count || /^connection: close/im.test(heads.at(-1)?.head ?? '');
      if (isLast) leave();
      else wait();
    });
    // A server may end a connection as rudely as a client.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      clearTimeout(silence);
      resolve(headsOf(Buffer.concat(received)));
    });
  });
}

/** The heads of the answers, and how their bodies begin, in what a server sent; one that is cut off at the end is left out. */
function headsOf(received) {
  const heads = [];
  for (let at = 0; ; ) {
    const end = received.indexOf('\r\n\r\n', at);
    if (end < 0) return heads;
    const head = received.subarray(at, end).toString('latin1');
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1]);
    heads.push({ status, head, body: received.subarray(end + 4, end + 500).toString('latin1') });
    // What is no answer can't be passed over.
    if (Number.isNaN(status)) return heads;
    const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
    at = end + 4 + (status === 204 || status === 304 ? 0 : length);
    if (/^transfer-encoding: *chunked/im.test(head)) {
      const last = received.indexOf('\r\n0\r\n\r\n', end);
      if (last < 0) return heads;
      at = last + 7;
    }
  }
}
