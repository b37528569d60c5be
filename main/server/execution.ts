import type { Authentication } from '../auth/authentication.ts';
import type { Authenticator } from '../auth/authenticator.ts';
import { injectContext, type SentObject } from '../auth/inject.ts';
import type { AppSetting } from '../config/types.ts';
import { WorkbenchError } from '../contract/errors.ts';
import type { CancelSignal } from '../contract/host.ts';
import type { JsonObject } from '../contract/http.ts';
import { numbersLostInJavaScript } from '../contract/json-members.ts';
import type { Admission, Entitlements } from '../entitlements/entitlements.ts';
import type { CallReport, PluginEngine } from '../plugins/engine/types.ts';
import type { Mutes } from '../rules/mutes.ts';
import { nextTurn, waitAtMost } from '../system/wait.ts';
import type { OpenSpan, TraceRecorder } from '../traces/record/recorder.ts';
import { formatTraceparent } from '../traces/record/trace-context.ts';
import { parseJsonObject, type ReadBody } from './connection/body.ts';
import { judgeOf } from './findings.ts';
import { CALLER_LINES, lineOfDisabled, linesOfCall } from './in-production.ts';
import { aborted, type Execution, notFound, notFoundDetail, toOutcome } from './outcome.ts';
import { RefusedRequest } from './refused-request.ts';
import { publishExecuted } from './runtime-events.ts';

/**
 * One execution, apart from HTTP: authenticate → find → body → inject → queue → run → check, in the
 * contract's order of checks (CONTRACT.md §2). By the plugin host's path the body comes before find, and a
 * result with an error is a result; else the two execute routes differ only in how they write the end of it.
 */
export interface ExecutionDeps {
  readonly authenticator: Authenticator;
  readonly engine: PluginEngine;
  readonly entitlements: Entitlements;
  /** Collections in which nothing is `not-scoped`. */
  readonly mutes: Pick<Mutes, 'has'>;
  readonly app: AppSetting;
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
}

export interface ExecutionRequest {
  readonly plugin: string;
  /** Raw Authorization header values in order of arrival. */
  readonly authorization: readonly string[];
  /** By the plugin host's path, with its order of checks and its results (CONTRACT.md §2). */
  readonly isHostPath: boolean;
  /** Aborts when the client goes away. */
  readonly signal: CancelSignal;
  readonly trace: TraceRecorder;
  readBody(): Promise<ReadBody>;
}

/** A call that comes before the first scan is done waits for it, at most this long (CONTRACT.md §2). */
const MAX_SCAN_WAIT_MS = 3_000;

/** From here on a body is handled in parts, between which others have their turn; in characters. */
const LARGE_BODY = 128 * 1024;

/**
 * Runs a plugin for a client.
 * @throws {WorkbenchError} UNAUTHORIZED, PAYLOAD_TOO_LARGE, BAD_REQUEST, FORBIDDEN, FEATURE_GATED,
 * LIMIT_EXCEEDED
 */
export async function runExecution(deps: ExecutionDeps, request: ExecutionRequest): Promise<Execution> {
  const { trace } = request;
  const who = await trace.step('authenticate', (span) => authenticate(deps, request, span));
  const receiveBody = () => trace.step('body', (span) => receive(deps, request, span));
  // The plugin host reads the body before it looks for the plugin.
  const received = request.isHostPath ? await receiveBody() : undefined;
  if (received === null) return aborted(trace);
  const isFound = await trace.step('find', (span) => find(deps, request, span));
  if (!isFound) return notFound(trace, request.plugin);
  const sent = received ?? (await receiveBody());
  if (sent === null) return aborted(trace);
  // What parses for long has held up everybody else long enough.
  if (sent.text.length > LARGE_BODY) await nextTurn();
  const { admission, json } = await trace.step('inject', (span) =>
    inject(deps, sent, { request, who }, span),
  );
  if (admission.verdict.kind === 'dry-run') return dryRun(trace, admission.verdict.answer);
  const { plugin, signal, isHostPath } = request;
  const { timeoutMs } = deps;
  const traceparent = formatTraceparent(trace.ids);
  const report = await deps.engine.execute({ plugin, json, timeoutMs, traceparent, signal });
  trace.ran(report);
  compareWithProduction(deps, request, who, report);
  trace.judgedBy(judgeOf(deps, plugin, who.identity.userId, report));
  recordRunSpans(trace, report);
  const execution = await toOutcome(report.result, { trace, plugin, timeoutMs, isHostPath });
  const isGood = execution.kind === 'answered' && !Object.hasOwn(execution.value, 'error');
  if (isGood) await consume(admission, trace);
  // The plugin host has no event bus.
  if (!isHostPath) {
    const { appId } = deps.app;
    publishExecuted(deps.engine, { plugin, appId, userId: who.identity.userId, report, trace: trace.ids.id });
  }
  return execution;
}

function dryRun(trace: TraceRecorder, answer: JsonObject): Execution {
  trace.ended({ outcome: 'ok', error: null });
  return { kind: 'answered', value: answer, text: JSON.stringify(answer) };
}

/** What was used is said with the check of the answer, which it depends on. */
async function consume(admission: Admission, trace: TraceRecorder): Promise<void> {
  const startedAt = performance.now();
  const note = await admission.consume();
  if (note !== null) trace.addSpan('check', performance.now() - startedAt, { note });
}

function compareWithProduction(
  { engine, timeoutMs }: ExecutionDeps,
  { plugin, trace, isHostPath }: ExecutionRequest,
  { identity: { userId } }: Authenticated,
  report: CallReport,
): void {
  const call = { plugin, view: engine.get(plugin), isHostPath, userId, timeoutMs, report };
  for (const line of linesOfCall(call)) trace.inProduction(line);
}

type Authenticated = Extract<Authentication, { ok: true }>;

async function authenticate(
  { authenticator }: ExecutionDeps,
  { authorization, trace }: ExecutionRequest,
  span: OpenSpan,
): Promise<Authenticated> {
  const result = await authenticator.authenticate(authorization);
  trace.identified(result.ok ? result.identity : null, result.view);
  for (const difference of result.differences ?? []) trace.inProduction(CALLER_LINES[difference]);
  if (!result.ok) throw new WorkbenchError('UNAUTHORIZED', result.detail);
  const { kind, userId } = result.identity;
  span.note = kind === 'token' ? `token verified for ${userId}` : `no token: development identity ${userId}`;
  return result;
}

async function find(
  { engine }: ExecutionDeps,
  { plugin, trace }: ExecutionRequest,
  span: OpenSpan,
): Promise<boolean> {
  if (!engine.canRun(plugin)) await waitAtMost(engine.scanned, MAX_SCAN_WAIT_MS);
  span.ok = engine.canRun(plugin);
  span.note = span.ok ? plugin : notFoundDetail(plugin);
  const differs = span.ok ? null : lineOfDisabled(engine.get(plugin));
  if (differs !== null) trace.inProduction(differs);
  return span.ok;
}

/** @returns null when the client went away first */
async function receive(
  { maxBodyBytes }: ExecutionDeps,
  { readBody, isHostPath, trace }: ExecutionRequest,
  span: OpenSpan,
): Promise<SentObject | null> {
  const body = await readBody();
  if (body.kind === 'aborted') {
    span.ok = false;
    return null;
  }
  if (body.kind === 'too-large') {
    trace.read({ kind: 'unread', bytes: body.bytes });
    const detail = `Request body is over the limit of ${maxBodyBytes} bytes (MAX_REQUEST_BODY_BYTES)`;
    throw new RefusedRequest('PAYLOAD_TOO_LARGE', detail, 'body-too-large');
  }
  const text = body.bytes.toString('utf8');
  trace.read({ kind: 'text', text, bytes: body.bytes.length });
  const sent = parseJsonObject(body.bytes, isHostPath);
  if (body.bytes.length > 0) trace.read({ kind: 'json', value: sent.value, text: sent.text });
  span.note = `${body.bytes.length} bytes`;
  return sent;
}

/**
 * Where the plan or the tier refuses the call, the plugin receives nothing.
 * @returns with the text of what the plugin receives
 * @throws {WorkbenchError} FORBIDDEN, FEATURE_GATED, LIMIT_EXCEEDED
 */
async function inject(
  { app, engine, entitlements }: ExecutionDeps,
  sent: SentObject,
  { request: { plugin, trace }, who }: { readonly request: ExecutionRequest; readonly who: Authenticated },
  span: OpenSpan,
): Promise<{ readonly admission: Admission; readonly json: string }> {
  const admission = await entitlements.admit({ userId: who.identity.userId, plugin, sent: sent.value });
  for (const line of admission.inProduction) trace.inProduction(line);
  const { injected, verdict } = admission;
  if (verdict.kind === 'refused') throw new WorkbenchError(verdict.code, verdict.detail);
  const injection = injectContext(sent, who, app, injected);
  const isPython = engine.get(plugin)?.language === 'python';
  if (verdict.kind === 'run') trace.injected({ ...injection, exactNumbers: isPython });
  const keys = injection.spoofs.map(({ key }) => key).join(', ');
  const lost = isPython ? [] : numbersLostInJavaScript(sent.text);
  const notes = lost.map((literal) => `loses digits in JavaScript: ${literal} becomes ${Number(literal)}`);
  if (keys !== '') notes.unshift(`the client tried to set ${keys}`);
  if (notes.length > 0) span.note = notes.join('; ');
  return { admission, json: injection.json };
}

/** The engine timed these itself; a call that never reached a process has no run. */
function recordRunSpans(trace: TraceRecorder, report: CallReport): void {
  const { result, queueMs, runMs, pausedMs, version, pid, blockedMs } = report;
  const hasRun = pid !== null;
  const isFine = result.kind === 'returned' || result.kind === 'invalid';
  const paused =
    pausedMs === 0
      ? ''
      : `; the timeout was paused for ${(pausedMs / 1000).toFixed(2)} s while a debugger was attached`;
  const blocked = blockedMs === 0 ? '' : `; blocked its event loop for ${(blockedMs / 1000).toFixed(2)} s`;
  trace.addSpan('queue', queueMs, { ok: hasRun || isFine });
  if (hasRun || isFine) {
    trace.addSpan('run', runMs, {
      ok: isFine,
      note: `version ${version ?? 'unknown'}, process ${pid ?? 'unknown'}${blocked}${paused}`,
    });
  }
}
