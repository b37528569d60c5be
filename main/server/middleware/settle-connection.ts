import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { awaitsContinue } from '../connection/body.ts';
import { holdAnswer } from '../connection/connections.ts';
import type { Middleware } from '../state.ts';

/** How long an answer waits for the rest of an unread body. */
const DRAIN_MS = 1_000;

/** A longer answer leaves in pieces of this size, so that it can be seen to make progress. */
const PIECE_BYTES = 64 * 1024;

/**
 * Lets a client see its answer although its body was not read. Closing a socket that holds unread bytes
 * resets it, and the client meets ECONNRESET instead of the 413. So the answer is sent in full, what still
 * arrives is discarded for a limited time, and only then does the answer end.
 */
export const settleConnection: Middleware = async function settleConnection(ctx, next) {
  await next();
  // The client either sends its body now or never: where the next request would begin is unknown.
  if (ctx.status === 413 || awaitsContinue(ctx.req)) ctx.set('Connection', 'close');
  if (typeof ctx.body !== 'string') return;
  if (ctx.req.complete && ctx.body.length < PIECE_BYTES) return;
  const answer = Buffer.from(ctx.body);
  if (answer.length >= PIECE_BYTES) holdAnswer(ctx.res, answer.length);
  ctx.body = Readable.from(ctx.req.complete ? piecesOf(answer) : thenDrain(answer, ctx.req));
  ctx.length = answer.length;
};

function* piecesOf(answer: Buffer): Generator<Buffer> {
  for (let at = 0; at < answer.length; at += PIECE_BYTES) yield answer.subarray(at, at + PIECE_BYTES);
}

async function* thenDrain(answer: Buffer, req: IncomingMessage): AsyncGenerator<Buffer> {
  yield* piecesOf(answer);
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
