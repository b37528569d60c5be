import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { awaitsContinue } from '../connection/body.ts';
import type { Middleware } from '../state.ts';

/** How long an answer waits for the rest of an unread body. */
const DRAIN_MS = 1_000;

/**
 * Lets a client see its answer although its body was not read. Closing a socket that holds unread bytes
 * resets it, and the client meets ECONNRESET instead of the 413. So the answer is sent in full, what still
 * arrives is discarded for a limited time, and only then does the answer end.
 */
export const settleConnection: Middleware = async function settleConnection(ctx, next) {
  await next();
  // The client either sends its body now or never: where the next request would begin is unknown.
  if (ctx.status === 413 || awaitsContinue(ctx.req)) ctx.set('Connection', 'close');
  if (ctx.req.complete || typeof ctx.body !== 'string') return;
  const text = ctx.body;
  ctx.body = Readable.from(thenDrain(text, ctx.req));
  ctx.length = Buffer.byteLength(text);
};

async function* thenDrain(text: string, req: IncomingMessage): AsyncGenerator<string> {
  yield text;
  if (!awaitsContinue(req)) await drain(req);
}

function drain(req: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, DRAIN_MS);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    req.once('end', done).once('close', done);
    req.resume();
    if (req.complete || req.destroyed) done();
  });
}
