import type { JsonObject } from '../../contract/http.ts';
import type { Provenance, StoredBody, TokenView, Trace } from '../../contract/trace.ts';
import { maskJsonText } from './body.ts';
import {
  maskChild,
  maskDetail,
  maskError,
  maskField,
  maskFinding,
  maskIdentity,
  maskSpan,
  maskToken,
  textOrNull,
} from './build.ts';
import type { Redactor } from './redact.ts';

/**
 * Masks a trace that came from a file. One of our own is masked already, which this leaves as it is; one that
 * was edited or made by another tool may hold tokens, and ends up on the same screens.
 */
export function maskAgain(trace: Trace, redactor: Redactor): Trace {
  const { request, response, identity, token, received, error } = trace;
  return {
    ...trace,
    traceId: redactor.text(trace.traceId),
    plugin: redactor.text(trace.plugin),
    pluginVersion: textOrNull(trace.pluginVersion, redactor),
    user: textOrNull(trace.user, redactor),
    errorCode: textOrNull(trace.errorCode, redactor),
    spans: trace.spans.map((span) => maskSpan(span, redactor)),
    request: {
      method: redactor.text(request.method),
      path: redactor.text(request.path),
      headers: maskHeaders(request.headers, redactor),
      body: maskBody(request.body, redactor),
    },
    response:
      response === null
        ? null
        : {
            ...response,
            headers: maskHeaders(response.headers, redactor),
            body: maskBody(response.body, redactor),
          },
    identity: identity === null ? null : maskIdentity(identity, redactor),
    token: token === null ? null : maskNamedToken(token, redactor),
    received: redactor.json(received) as JsonObject | null,
    provenance: trace.provenance.map((entry) => maskProvenance(entry, redactor)),
    spoofs: trace.spoofs.map((entry) =>
      maskNames(maskField(entry.key, entry, 'sent', redactor), ['key'], redactor),
    ),
    console: trace.console.map((line) => ({ ...line, text: redactor.text(line.text) })),
    events: trace.events.map((event) => ({
      ...event,
      name: redactor.text(event.name),
      detail: maskDetail(event.detail, redactor),
      source: redactor.text(event.source),
    })),
    children: trace.children?.map((child) => maskChild(child, redactor)),
    findings: trace.findings?.map((finding) => maskFinding(finding, redactor)),
    error: error === null ? null : maskError(error, redactor),
    inProduction: trace.inProduction?.map((line) => redactor.text(line)),
  };
}

function maskProvenance(entry: Provenance, redactor: Redactor): Provenance {
  const masked = maskField(entry.field, entry, 'value', redactor);
  const claims = entry.claims?.map((claim) => redactor.text(claim));
  return { ...maskNames(masked, ['field', 'name', 'label', 'rule'], redactor), claims };
}

/** Names are the runtime's own words in a trace of ours, and anything in another. */
function maskNames<K extends string, T extends Readonly<Record<K, string>>>(
  entry: T,
  names: readonly K[],
  redactor: Redactor,
): T {
  return { ...entry, ...Object.fromEntries(names.map((name) => [name, redactor.text(entry[name])])) };
}

function maskHeaders(headers: Readonly<Record<string, string>>, redactor: Redactor) {
  return redactor.headers(
    Object.fromEntries(Object.entries(headers).map(([name, value]) => [redactor.text(name), value])),
  );
}

function maskNamedToken(token: TokenView, redactor: Redactor): TokenView {
  const masked = maskToken(token, redactor);
  return { ...masked, steps: masked.steps.map((step) => maskNames(step, ['check'], redactor)) };
}

/** A whole JSON text by its keys; any other by what it looks like. */
function maskText(text: string, redactor: Redactor): string {
  try {
    return maskJsonText(text, redactor);
  } catch {
    // Not JSON, or only its beginning.
    return redactor.text(text);
  }
}

function maskBody(body: StoredBody | null, redactor: Redactor): StoredBody | null {
  if (body === null) return null;
  return {
    ...body,
    json: body.json === undefined ? undefined : redactor.json(body.json),
    text: body.text === undefined ? undefined : maskText(body.text, redactor),
  };
}
