import type { ChildSpan, DatabaseSpan, HttpSpan } from '../contract/child-span.ts';
import { HEADERS, ROUTES } from '../contract/http.ts';
import type { Span, Trace } from '../contract/trace.ts';
import { spanIdOf } from '../traces/record/trace-context.ts';
import {
  type OtlpEvent,
  type OtlpSpan,
  SPAN_KIND,
  STATUS_ERROR,
  toAttributes,
  toUnixNano,
} from './message.ts';

/**
 * A stored trace as OpenTelemetry spans, with the names of its semantic conventions and, where they have none, of
 * our own below `mozaiks.`. Masked as the trace is; bodies, tokens and what was injected stay here.
 */
export function toSpans(trace: Trace): readonly OtlpSpan[] {
  const steps = trace.spans.map((span, index) => stepSpan(trace, span, index));
  const run = trace.spans.findIndex(({ step }) => step === 'run');
  const runId = run < 0 ? trace.id : spanId(trace, run);
  const first = trace.spans.length;
  const children = (trace.children ?? []).map((child, index) => ({
    ...(child.kind === 'database' ? databaseSpan(trace, child) : httpSpan(trace, child)),
    spanId: spanId(trace, first + index),
    parentSpanId: runId,
  }));
  return [rootSpan(trace), ...steps, ...children];
}

/** Outcomes that are failures whatever their status. */
const FAILED: readonly Trace['outcome'][] = ['plugin_error', 'exception', 'timeout', 'crashed'];

function rootSpan(trace: Trace): OtlpSpan {
  const { request, error, outcome, status } = trace;
  const failed = FAILED.includes(outcome) || (status ?? 0) >= 500;
  const route = routeOf(trace);
  return {
    traceId: trace.traceId,
    spanId: trace.id,
    parentSpanId: parentOf(trace),
    name: `${request.method} ${route}`,
    kind: SPAN_KIND.server,
    ...timesOf(trace, { startMs: 0, durationMs: trace.durationMs }),
    attributes: toAttributes({
      'http.request.method': request.method,
      'http.route': route,
      'url.scheme': 'http',
      'url.path': request.path.replace(/\?.*$/s, ''),
      'http.response.status_code': status,
      'user_agent.original': request.headers['user-agent'] || null,
      'error.type': failed ? (error?.code ?? outcome) : null,
      'enduser.id': trace.user,
      'mozaiks.plugin': trace.plugin,
      'mozaiks.plugin.version': trace.pluginVersion,
      'mozaiks.plugin.pid': trace.pid,
      'mozaiks.outcome': outcome,
      'mozaiks.error_code': trace.errorCode,
      'mozaiks.spoofed': trace.spoofed,
      'mozaiks.in_production': trace.inProduction,
      'mozaiks.dropped_children': trace.droppedChildren,
    }),
    events: rootEvents(trace, failed),
    status: failed ? failedStatus(error?.message) : {},
  };
}

function stepSpan(trace: Trace, span: Span, index: number): OtlpSpan {
  return {
    traceId: trace.traceId,
    spanId: spanId(trace, index),
    parentSpanId: trace.id,
    name: span.step,
    kind: SPAN_KIND.internal,
    ...timesOf(trace, span),
    attributes: toAttributes({ 'mozaiks.step': span.step, 'mozaiks.note': span.note }),
    events: [],
    status: span.ok ? {} : failedStatus(span.note),
  };
}

type ChildFields = Omit<OtlpSpan, 'spanId' | 'parentSpanId'>;

function databaseSpan(trace: Trace, child: DatabaseSpan): ChildFields {
  const { command, collection, error } = child;
  return {
    ...clientFields(trace, child),
    name: collection === null ? command : `${command} ${collection}`,
    attributes: toAttributes({
      'db.system.name': 'mongodb',
      'db.namespace': child.database,
      'db.collection.name': collection,
      'db.operation.name': command,
      'db.query.text': child.filter,
      'mozaiks.documents': child.documents,
      'error.type': error === null ? null : OTHER,
    }),
    status: error === null ? {} : failedStatus(error),
  };
}

function httpSpan(trace: Trace, child: HttpSpan): ChildFields {
  const { method, url, status, error } = child;
  const server = URL.canParse(url) ? new URL(url) : null;
  // For a client every refusal is a failure.
  const refused = (status ?? 0) >= 400;
  const reason = refused ? String(status) : OTHER;
  return {
    ...clientFields(trace, child),
    name: method,
    attributes: toAttributes({
      'http.request.method': method,
      'url.full': url,
      'server.address': server?.hostname,
      'server.port': server === null ? null : portOf(server),
      'http.response.status_code': status,
      'http.request.body.size': child.requestBytes,
      'http.response.body.size': child.responseBytes,
      'mozaiks.carries_user_jwt': child.carriesUserJwt,
      'error.type': error === null && !refused ? null : reason,
    }),
    status: error === null && !refused ? {} : failedStatus(error ?? undefined),
  };
}

/** The conventions' word for an error that has no class of its own. */
const OTHER = '_OTHER';

function clientFields(trace: Trace, child: ChildSpan) {
  const { traceId } = trace;
  return { traceId, kind: SPAN_KIND.client, ...timesOf(trace, child), events: [] };
}

/** What was recorded without a duration, in order of time; a failure's exception is the last. */
function rootEvents(trace: Trace, failed: boolean): readonly OtlpEvent[] {
  const at = (atMs: number) => toUnixNano(trace.startedAt, atMs);
  const written = trace.console.map(({ atMs, level, text }) => ({
    atMs,
    name: 'mozaiks.console',
    attributes: toAttributes({ 'mozaiks.console.level': level, 'mozaiks.console.text': text }),
  }));
  const events = trace.events.map(({ atMs, kind, name, detail, source }) => ({
    atMs,
    name: `mozaiks.${kind}`,
    attributes: toAttributes({
      'mozaiks.event.name': name,
      'mozaiks.event.detail': detail,
      'mozaiks.event.source': source,
    }),
  }));
  const findings = (trace.findings ?? []).map(({ rule, text, collection }) => ({
    atMs: trace.durationMs,
    name: 'mozaiks.finding',
    attributes: toAttributes({
      'mozaiks.finding.rule': rule,
      'mozaiks.finding.text': text,
      'db.collection.name': collection,
    }),
  }));
  const error = failed ? trace.error : null;
  const exceptions = [error].flatMap((thrown) => {
    if (thrown === null) return [];
    const attributes = toAttributes({
      'exception.type': thrown.code,
      'exception.message': thrown.message,
      'exception.stacktrace': thrown.stack,
    });
    return [{ atMs: trace.durationMs, name: 'exception', attributes }];
  });
  return [...written, ...events, ...findings, ...exceptions]
    .sort((one, other) => one.atMs - other.atMs)
    .map(({ atMs, name, attributes }) => ({ timeUnixNano: at(atMs), name, attributes }));
}

function failedStatus(message: string | undefined): OtlpSpan['status'] {
  return { code: STATUS_ERROR, message };
}

function timesOf({ startedAt }: Trace, { startMs, durationMs }: Pick<Span, 'startMs' | 'durationMs'>) {
  return {
    startTimeUnixNano: toUnixNano(startedAt, startMs),
    endTimeUnixNano: toUnixNano(startedAt, startMs + durationMs),
  };
}

/** The caller's span, where its header gave the trace its id. */
function parentOf(trace: Trace): string | undefined {
  return spanIdOf(trace.request.headers[HEADERS.traceparent]) ?? undefined;
}

/** The same whenever a trace is sent again; differs from the root's in its last four bytes. */
function spanId({ id }: Trace, index: number): string {
  const last = (Number.parseInt(id.slice(8), 16) + index + 1) % 2 ** 32;
  const derived = id.slice(0, 8) + last.toString(16).padStart(8, '0');
  return /[1-9a-f]/.test(derived) ? derived : `${derived.slice(0, -1)}1`;
}

/** The route instead of the path, so that spans of one kind have one name. */
function routeOf({ request }: Trace): string {
  const prefix = ROUTES.execute.slice(0, ROUTES.execute.indexOf(':'));
  const route = request.path.startsWith(prefix) ? ROUTES.execute : ROUTES.hostExecute;
  return route.replace(/:(\w+)/, '{$1}');
}

function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}
