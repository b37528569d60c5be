import { subscribe } from 'node:diagnostics_channel';
import { get, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { CONTRACT_VERSION, HEADERS, ROUTES } from '../../main/contract/http.ts';
import { createOpenapiCheck, type OpenapiCheck } from './openapi-check.ts';
import { beforeEachEnds } from './test-endings.ts';
import { parseAnswer, type RawAnswer } from './wire-answers.ts';

/**
 * Reads every answer that a watched runtime writes to any socket, asked by anyone in any way, and holds it
 * against the document which that runtime serves itself. The bytes are taken where they leave the server, so
 * no test has to ask for it and no client can go round it; an answer that the document does not allow fails
 * the test that caused it.
 */

interface Watched {
  readonly baseUrl: () => string;
  /** Which listens there; a later one of another test may get the same port. */
  server: unknown;
  check: Promise<OpenapiCheck> | null;
}

interface Seen {
  readonly watched: Watched;
  readonly answer: RawAnswer;
  /** Null for what never became a request. */
  readonly request: IncomingMessage | null;
}

interface Tap {
  readonly watched: Watched;
  readonly requests: IncomingMessage[];
  received: Buffer;
}

let allWatched: readonly Watched[] = [];
const taps = new WeakMap<Socket, Tap>();
const seen: Seen[] = [];
const findings: string[] = [];
const counts = new Map<string, number>();

/**
 * Watches one runtime from now on. `baseUrl` may change until it listens.
 * @returns unwatch, for when it has stopped: what was seen until then is still judged
 */
export function watchAnswers(baseUrl: () => string): () => void {
  const watched: Watched = { baseUrl, server: null, check: null };
  allWatched = [...allWatched, watched];
  return () => {
    allWatched = allWatched.filter((one) => one !== watched);
  };
}

/** How often each pair of operation and status was met in this process, and allowed or not. */
export async function answersMet(): Promise<ReadonlyMap<string, number>> {
  await judgeSeen();
  return counts;
}

/** What was wrong since the last time; taking it keeps the test from failing. */
export async function takeFindings(): Promise<readonly string[]> {
  await judgeSeen();
  return findings.splice(0);
}

subscribe('net.server.socket', (message) => {
  const { socket } = message as { socket: Socket & { readonly server: unknown } };
  const watched = allWatched.findLast(({ baseUrl }) => Number(new URL(baseUrl()).port) === socket.localPort);
  if (watched === undefined) return;
  watched.server ??= socket.server;
  if (watched.server !== socket.server) return;
  watched.check ??= readCheck(watched.baseUrl());
  // Awaited by the check; until then a failure has nobody to tell.
  watched.check.catch(() => {});
  tap(socket, watched);
});

subscribe('http.server.request.start', (message) => {
  const { request, socket } = message as { request: IncomingMessage; socket: Socket };
  taps.get(socket)?.requests.push(request);
});

async function failOnFindings(): Promise<void> {
  const wrong = await takeFindings();
  if (wrong.length > 0) throw new Error(`answers that /openapi.json does not allow:\n${wrong.join('\n')}`);
}
beforeEachEnds(failOnFindings);

/** Node hands a socket's bytes to one of these two. */
function tap(socket: Socket, watched: Watched): void {
  const own: Tap = { watched, requests: [], received: Buffer.alloc(0) };
  taps.set(socket, own);
  const { _write: write, _writev: writev } = socket;
  socket._write = (chunk, encoding, done) => {
    take(own, [toBuffer(chunk, encoding)]);
    write.call(socket, chunk, encoding, done);
  };
  socket._writev = (chunks, done) => {
    take(
      own,
      chunks.map(({ chunk, encoding }) => toBuffer(chunk, encoding)),
    );
    writev?.call(socket, chunks, done);
  };
}

function take(own: Tap, chunks: readonly Buffer[]): void {
  own.received = Buffer.concat([own.received, ...chunks]);
  for (;;) {
    const [request = null] = own.requests;
    const parsed = parseAnswer(own.received, request?.method === 'HEAD');
    if (parsed === null) return;
    own.received = own.received.subarray(parsed.length);
    if (parsed.answer.status < 200) continue;
    own.requests.shift();
    seen.push({ watched: own.watched, answer: parsed.answer, request });
  }
}

async function judgeSeen(): Promise<void> {
  for (const { watched, answer, request } of seen.splice(0)) {
    const [method, target] = [request?.method ?? '', request?.url ?? ''];
    if (isInspectorPath(target)) {
      if (answer.headers[HEADERS.runtimeVersion.toLowerCase()] !== CONTRACT_VERSION) {
        findings.push(`${method} below ${ROUTES.inspector} ${answer.status}: no version header`);
      }
      continue;
    }
    const check = await (watched.check ?? readCheck(watched.baseUrl()));
    const { pair, findings: wrong } = check.judge({ method, target, ...answer });
    counts.set(pair, (counts.get(pair) ?? 0) + 1);
    findings.push(
      ...wrong.map((finding) => `${method} ${target.slice(0, 100)} ${answer.status}: ${finding}`),
    );
  }
}

/** The Inspector is no part of the contract but for the version header (CONTRACT.md §1). */
function isInspectorPath(target: string): boolean {
  return target === ROUTES.inspector || target.startsWith(`${ROUTES.inspector}/`);
}

/** Checks by document, its own address apart: to make one takes longer than to use it. */
const known = new Map<string, OpenapiCheck>();

async function readCheck(baseUrl: string): Promise<OpenapiCheck> {
  const { servers, ...document } = JSON.parse(await read(`${baseUrl}${ROUTES.openapi}`)) as Record<
    string,
    unknown
  >;
  if (!Array.isArray(servers)) throw new Error('the document names no server');
  const key = JSON.stringify(document);
  const check = known.get(key) ?? createOpenapiCheck(document);
  known.set(key, check);
  return check;
}

/** On a connection of its own, so that no test's pool is touched. */
function read(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    }).on('error', reject);
  });
}

function toBuffer(chunk: string | Buffer, encoding: BufferEncoding | 'buffer'): Buffer {
  return typeof chunk === 'string' ? Buffer.from(chunk, encoding as BufferEncoding) : chunk;
}
