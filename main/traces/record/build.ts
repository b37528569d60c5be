import type { ChildSpan } from '../../contract/child-span.ts';
import type { Finding } from '../../contract/finding.ts';
import { type Json, type JsonObject, RESERVED_KEYS } from '../../contract/http.ts';
import type {
  IdentityView,
  NewTrace,
  Provenance,
  Span,
  TokenStep,
  TokenView,
  TraceError,
} from '../../contract/trace.ts';
import { keepBody, keepReceived, type SeenBody } from './body.ts';
import type { Facts, RecordedRequest, SeenAnswer, SeenChild } from './facts.ts';
import type { Redactor } from './redact.ts';

/**
 * A client may request a name, and a plugin return an error code, of any length; a row of the list has its
 * beginning.
 */
const MAX_NAME_LENGTH = 128;

/** A line may quote what a client or a plugin wrote; it is read at a glance. */
const MAX_DIFFERENCES = 20;
const MAX_DIFFERENCE_LENGTH = 500;

/**
 * Turns the facts into the trace that is stored. Strings are masked here and nowhere else. No answer means
 * that the client went away first, however the call ended.
 */
export function buildTrace(
  request: RecordedRequest,
  facts: Facts,
  answer: SeenAnswer | null,
  time: { readonly startedAt: number; readonly durationMs: number },
): NewTrace {
  const redactor = request.redactor.with(credentialsIn(request.rawHeaders));
  const { token, injected, ran } = facts;
  const children = inOrder(ran);
  const identity = facts.identity === null ? null : maskIdentity(facts.identity, redactor);
  const { outcome, error: seen } = facts.ending ?? { outcome: 'exception', error: null };
  const error = seen === null ? null : maskError(seen, redactor);
  return {
    ...request.ids,
    ...time,
    timeoutMs: request.timeoutMs,
    // Masked first: of a secret that is cut, no mask matches the rest.
    plugin: redactor.text(request.plugin).slice(0, MAX_NAME_LENGTH),
    outcome: answer === null ? 'aborted' : outcome,
    identity,
    user: identity?.userId ?? null,
    status: answer?.status ?? null,
    error,
    errorCode: error?.code.slice(0, MAX_NAME_LENGTH) ?? null,
    spoofed: (injected?.spoofs.length ?? 0) > 0,
    spans: facts.spans.map((span) => maskSpan(span, redactor)),
    request: maskRequest(request, facts.body, redactor),
    response: answer === null ? null : maskAnswer(answer, redactor),
    token: token === null ? null : maskToken(token, redactor),
    received: injected === null ? null : keepReceived(injected.data, RESERVED_KEYS, redactor),
    exactNumbers: injected?.exactNumbers === true || undefined,
    provenance: (injected?.provenance ?? []).map((entry) => maskField(entry.field, entry, 'value', redactor)),
    spoofs: (injected?.spoofs ?? []).map((entry) => maskField(entry.key, entry, 'sent', redactor)),
    console: maskConsole(ran, time.startedAt, redactor),
    events: maskEvents(ran, time.startedAt, redactor),
    children: maskChildren(children, time.startedAt, redactor),
    droppedChildren: (ran?.droppedChildren ?? 0) || undefined,
    findings: maskFindings(facts.judge?.(children) ?? [], redactor),
    inProduction: maskDifferences([...facts.inProduction], redactor),
    pluginVersion: ran?.version ?? null,
    pid: ran?.pid ?? null,
  };
}

/** A call has one. A client that sends hundreds would have every text searched for each of them. */
const MAX_CREDENTIALS = 10;

/**
 * What follows the scheme in each Authorization header, and the whole value: refused tokens are secrets too.
 */
function credentialsIn(rawHeaders: readonly string[]): string[] {
  const credentials: string[] = [];
  for (let index = 0; index < rawHeaders.length && credentials.length < MAX_CREDENTIALS; index += 2) {
    if (rawHeaders[index]?.toLowerCase() !== 'authorization') continue;
    const value = (rawHeaders[index + 1] ?? '').trim();
    credentials.push(value, value.replace(/^\S+\s+/, ''));
  }
  return credentials;
}

export function maskIdentity(identity: IdentityView, redactor: Redactor): IdentityView {
  const { userId, username, roles } = identity;
  return {
    ...identity,
    userId: redactor.text(userId),
    username: textOrNull(username, redactor),
    roles: roles.map((role) => redactor.text(role)),
  };
}

export function textOrNull(text: string | null, redactor: Redactor): string | null {
  return text === null ? null : redactor.text(text);
}

function maskConsole(ran: Facts['ran'], startedAt: number, redactor: Redactor): NewTrace['console'] {
  return (ran?.console ?? []).map(({ at, level, text }) => ({
    atMs: Math.max(0, at - startedAt),
    level,
    text: redactor.text(text),
  }));
}

function maskEvents(ran: Facts['ran'], startedAt: number, redactor: Redactor): NewTrace['events'] {
  return (ran?.events ?? []).map(({ at, kind, name, detail, source }) => ({
    atMs: Math.max(0, at - startedAt),
    kind,
    name: redactor.text(name),
    detail: maskDetail(detail, redactor),
    source: redactor.text(source),
  }));
}

/** In order of start: each is told at its end. */
function inOrder(ran: Facts['ran']): readonly SeenChild[] {
  return [...(ran?.children ?? [])].sort((a, b) => a.at - b.at);
}

function maskChildren(
  children: readonly SeenChild[],
  startedAt: number,
  redactor: Redactor,
): NewTrace['children'] {
  if (children.length === 0) return undefined;
  return children.map(({ at, durationMs, error, work }) =>
    maskChild({ ...work, startMs: Math.max(0, at - startedAt), durationMs, error }, redactor),
  );
}

export function maskChild(child: ChildSpan, redactor: Redactor): ChildSpan {
  const error = textOrNull(child.error, redactor);
  if (child.kind === 'database') {
    return {
      ...child,
      error,
      command: redactor.text(child.command),
      database: redactor.text(child.database),
      collection: textOrNull(child.collection, redactor),
      filter: child.filter === null ? null : maskDetail(child.filter, redactor),
    };
  }
  const { method, url, requestBody, responseBody } = child;
  return {
    ...child,
    error,
    method: redactor.text(method),
    url: redactor.text(url),
    requestBody: requestBody === undefined ? undefined : maskDetail(requestBody, redactor),
    responseBody: responseBody === undefined ? undefined : maskDetail(responseBody, redactor),
  };
}

function maskFindings(findings: readonly Finding[], redactor: Redactor): NewTrace['findings'] {
  if (findings.length === 0) return undefined;
  return findings.map((finding) => {
    const masked = maskFinding(finding, redactor);
    return { ...masked, text: shorten(masked.text.replace(/\s+/g, ' ')) };
  });
}

export function maskFinding(finding: Finding, redactor: Redactor): Finding {
  const { text, collection } = finding;
  return { ...finding, text: redactor.text(text), collection: textOrNull(collection, redactor) };
}

function maskDifferences(lines: readonly string[], redactor: Redactor): NewTrace['inProduction'] {
  if (lines.length === 0) return undefined;
  return lines.slice(0, MAX_DIFFERENCES).map((line) => shorten(redactor.text(line).replace(/\s+/g, ' ')));
}

function shorten(line: string): string {
  return line.length > MAX_DIFFERENCE_LENGTH ? `${line.slice(0, MAX_DIFFERENCE_LENGTH - 1)}…` : line;
}

/** As JSON where it is JSON: then a secret's key masks values of any type. */
export function maskDetail(detail: string, redactor: Redactor): string {
  try {
    return JSON.stringify(redactor.json(JSON.parse(detail) as Json));
  } catch {
    // Not JSON: text of the plugin's own.
    return redactor.text(detail);
  }
}

export function maskSpan(span: Span, redactor: Redactor): Span {
  return span.note === undefined ? span : { ...span, note: redactor.text(span.note) };
}

function maskRequest(
  request: RecordedRequest,
  body: SeenBody | null,
  redactor: Redactor,
): NewTrace['request'] {
  return {
    method: request.method,
    path: redactor.text(request.path),
    headers: redactor.headers(gather(request.rawHeaders, redactor)),
    body: body === null ? null : keepBody(body, redactor),
  };
}

/** Header values by masked name in lower case, repeated ones together. */
function gather(rawHeaders: readonly string[], redactor: Redactor): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const key = redactor.text(rawHeaders[index] ?? '').toLowerCase();
    const value = rawHeaders[index + 1] ?? '';
    const before = Object.hasOwn(headers, key) ? headers[key] : undefined;
    headers[key] = before === undefined ? value : [before, value].flat();
  }
  return headers;
}

function maskAnswer(answer: SeenAnswer, redactor: Redactor): NewTrace['response'] {
  return {
    status: answer.status,
    headers: redactor.headers(answer.headers),
    body: answer.body === null ? null : keepBody(answer.body, redactor),
  };
}

export function maskToken(token: TokenView, redactor: Redactor): TokenView {
  return {
    header: redactor.json(token.header) as JsonObject | null,
    claims: redactor.json(token.claims) as JsonObject | null,
    steps: token.steps.map((step) => maskStep(step, redactor)),
    verified: token.verified,
  };
}

/** A remedy may quote a claim, as the detail does. */
function maskStep({ remedy, ...step }: TokenStep, redactor: Redactor): TokenStep {
  const masked = { ...step, detail: redactor.text(step.detail) };
  if (remedy === undefined) return masked;
  const setting = textOrNull(remedy.setting, redactor);
  return { ...masked, remedy: { text: redactor.text(remedy.text), setting } };
}

/** Masks the value of one field as under that field's name: `user_jwt` is secret, whatever its value. */
export function maskField<K extends string, T extends Record<K, Provenance['value']>>(
  field: string,
  entry: T,
  key: K,
  redactor: Redactor,
): T {
  return { ...entry, [key]: redactor.field(field, entry[key]) ?? null };
}

export function maskError(error: TraceError, redactor: Redactor): TraceError {
  return {
    code: redactor.text(error.code),
    message: redactor.text(error.message),
    stack: error.stack === undefined ? undefined : redactor.text(error.stack),
  };
}
