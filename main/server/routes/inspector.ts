import { createHash, timingSafeEqual } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { Context, Middleware } from 'koa';
import { MAX_IMPORT_CHARS } from '../../contract/data.ts';
import { WorkbenchError } from '../../contract/errors.ts';
import { ROUTES } from '../../contract/http.ts';
import { INSPECTOR_PATHS } from '../../contract/inspector.ts';
import { DOWNLOADS_PATH } from '../../contract/save.ts';
import { MAX_TRACE_FILE_BYTES } from '../../contract/trace-file.ts';
import type { Downloads } from '../../inspector/downloads.ts';
import type { Inspector } from '../../inspector/inspector.ts';
import { findStaticFile, UI_HEADERS } from '../../system/static-files.ts';
import { readBody } from '../connection/body.ts';

/**
 * The headless UI and its Inspector over HTTP. Threat model: the runtime's port is open to every program and
 * web page on this machine, and the Inspector can mint tokens and show traces. So everything here is below a
 * path segment that is a secret generated at launch and printed once. No cookie carries it to another port,
 * no page of another origin can read it (the host and origin checks come first), it is compared in constant
 * time and never logged, and with a wider `HOST` other machines are refused whatever they know.
 */
export interface HeadlessOptions {
  readonly token: string;
  readonly uiFolder: string;
  readonly downloads: Downloads;
}

/** Longest argument of one call, in bytes. */
const MAX_ARGUMENT_BYTES = 8 * 1024 * 1024;
/** A file travels as a string inside JSON, with every quote escaped. */
const MAX_FILE_ARGUMENT_BYTES = 2 * Math.max(MAX_TRACE_FILE_BYTES, MAX_IMPORT_CHARS);
const WITH_FILES: readonly string[] = ['openTraceFile', 'importDocuments'];
/** A reader that lags this far behind is cut off; its page reconnects and reloads. */
const MAX_LAG_BYTES = 16 * 1024 * 1024;

/** Answers below `/__inspector/`; passes everything else on. */
export function createInspectorRoutes(
  inspector: Inspector,
  { token, uiFolder, downloads }: HeadlessOptions,
): Middleware {
  return async function inspectorRoutes(ctx, next) {
    if (ctx.path !== ROUTES.inspector && !ctx.path.startsWith(`${ROUTES.inspector}/`)) return next();
    if (!isLoopback(ctx.req.socket.remoteAddress)) {
      throw new WorkbenchError(
        'FORBIDDEN',
        'The Inspector answers this machine only; from another one, use a tunnel to 127.0.0.1',
      );
    }
    const [given = '', ...rest] = ctx.path.slice(ROUTES.inspector.length + 1).split('/');
    if (!isSameToken(given, token)) {
      throw new WorkbenchError('UNAUTHORIZED', 'Open the address that was printed when the runtime started');
    }
    const path = rest.join('/');
    if (ctx.method === 'POST' && path.startsWith(`${INSPECTOR_PATHS.call}/`)) {
      return answerCall(ctx, inspector, path.slice(INSPECTOR_PATHS.call.length + 1));
    }
    if (ctx.method === 'GET' && path === INSPECTOR_PATHS.events) return streamEvents(ctx, inspector);
    if (ctx.method === 'GET' && path.startsWith(`${DOWNLOADS_PATH}/`)) {
      return sendDownload(ctx, downloads, path.slice(DOWNLOADS_PATH.length + 1));
    }
    if (ctx.method === 'GET' && path.startsWith(INSPECTOR_PATHS.ui)) {
      return sendFile(ctx, uiFolder, path.slice(INSPECTOR_PATHS.ui.length));
    }
    throw new WorkbenchError('NOT_FOUND', 'The Inspector has nothing at this path');
  };
}

/** Of the peer, also where an IPv6 socket sees an IPv4 one. A forwarding header says nothing. */
function isLoopback(address: string | undefined): boolean {
  return address === '::1' || /^(?:::ffff:)?127\.\d+\.\d+\.\d+$/.test(address ?? '');
}

/** Hashed first, since a comparison in constant time requires equal lengths. */
function isSameToken(given: string, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}

async function answerCall(ctx: Context, inspector: Inspector, name: string): Promise<void> {
  const limit = WITH_FILES.includes(name) ? MAX_FILE_ARGUMENT_BYTES : MAX_ARGUMENT_BYTES;
  const result = await inspector.call(name, await readArgument(ctx, limit));
  ctx.type = 'json';
  ctx.body = JSON.stringify(result);
}

async function readArgument(ctx: Context, limit: number): Promise<unknown> {
  const body = await readBody(ctx.req, limit);
  if (body.kind === 'too-large') {
    throw new WorkbenchError('BAD_REQUEST', `The argument is over ${limit / 1024 / 1024} MiB`);
  }
  if (body.kind === 'aborted') throw new WorkbenchError('BAD_REQUEST', 'The argument was cut off');
  if (body.bytes.length === 0) return null;
  try {
    return JSON.parse(body.bytes.toString('utf8'));
  } catch (error) {
    throw new WorkbenchError('BAD_REQUEST', 'The argument is not JSON', { cause: error });
  }
}

/** Its content comes from plugins: the browser saves it and never shows it as a page. */
function sendDownload(ctx: Context, downloads: Downloads, id: string): void {
  const download = downloads.take(id);
  if (download === null) {
    throw new WorkbenchError('NOT_FOUND', 'This export was already downloaded; export it again');
  }
  ctx.set('Content-Disposition', `attachment; filename="${download.name.replace(/[^\w.-]/g, '_')}"`);
  ctx.set('X-Content-Type-Options', 'nosniff');
  ctx.set('Cache-Control', 'no-store');
  ctx.type = 'application/octet-stream';
  ctx.body = Readable.from(download.chunks);
}

/**
 * Writes to the response itself: a page that closes its stream is not an error, as it would be in Koa's own
 * piping.
 */
function streamEvents(ctx: Context, inspector: Inspector): void {
  const { res } = ctx;
  ctx.respond = false;
  res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  // Opens the stream at once, so that a page shows itself connected before the first event.
  res.write(': open\n\n');
  const unsubscribe = inspector.events.subscribe({
    isVisible: () => true,
    send(event, payload) {
      if (res.writableLength > MAX_LAG_BYTES) res.destroy();
      else res.write(Buffer.from(`event: ${event}\ndata: ${JSON.stringify(payload)}\n\n`));
    },
  });
  res.once('close', unsubscribe);
}

async function sendFile(ctx: Context, folder: string, urlPath: string): Promise<void> {
  const file = await findStaticFile(folder, urlPath);
  if (file === null) throw new WorkbenchError('NOT_FOUND', 'The UI has no such file');
  ctx.set(UI_HEADERS);
  ctx.type = file.contentType;
  ctx.body = createReadStream(file.path);
}
