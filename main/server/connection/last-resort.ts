import type { Context } from 'koa';
import { toErrorBody } from '../../contract/errors.ts';
import { CONTRACT_VERSION, HEADERS } from '../../contract/http.ts';
import { errorCode } from '../../system/errors.ts';
import type { Log } from '../../system/log.ts';

/** Codes of errors that only say that the client went away. */
const CLIENT_GONE = new Set(['ECONNRESET', 'EPIPE', 'ECANCELED', 'ERR_STREAM_PREMATURE_CLOSE']);

/**
 * Replaces Koa's own answer to an error that happens outside every middleware, e.g. while a body streams:
 * Koa's would drop the version header and answer in plain text (CONTRACT.md §1).
 */
export function answerLastResort(this: Context, error: Error | null | undefined): void {
  if (error === null || error === undefined) return;
  this.app.emit('error', error, this);
  if (this.headerSent || !this.writable) return;
  const { res } = this;
  const body = toErrorBody(error);
  const text = JSON.stringify(body);
  for (const name of ['Content-Encoding', 'Transfer-Encoding']) res.removeHeader(name);
  res.statusCode = body.status_code;
  res.setHeader(HEADERS.runtimeVersion, CONTRACT_VERSION);
  res.setHeader('Content-Type', 'application/json; charset=utf-8');
  res.setHeader('Content-Length', Buffer.byteLength(text));
  res.end(text);
}

/** Logs what Koa reports: a client that hung up is not an error. */
export function logStreamError(log: Log, error: unknown): void {
  const code = errorCode(error);
  if (code !== undefined && CLIENT_GONE.has(code)) log.info('Client disconnected early', { code });
  else log.error('Response stream failed', error);
}
