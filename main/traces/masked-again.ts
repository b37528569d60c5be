import type { JsonObject } from '../contract/http.ts';
import type { KeptBody, Trace } from '../contract/trace.ts';
import { maskDetail, maskError, maskField, maskIdentity, maskSpan, maskToken } from './masked-trace.ts';
import type { Redactor } from './redact.ts';

/**
 * Masks a trace that came from a file. One of our own is masked already, which this leaves as it is; one that was edited or
 * made by another tool may hold tokens, and ends up on the same screens.
 */
export function maskAgain(trace: Trace, redactor: Redactor): Trace {
  const { request, response, identity, token, received, error } = trace;
  return {
    ...trace,
    plugin: redactor.text(trace.plugin),
    user: trace.user === null ? null : redactor.text(trace.user),
    errorCode: trace.errorCode === null ? null : redactor.text(trace.errorCode),
    spans: trace.spans.map((span) => maskSpan(span, redactor)),
    request: {
      method: redactor.text(request.method),
      path: redactor.text(request.path),
      headers: redactor.headers(request.headers),
      body: maskBody(request.body, redactor),
    },
    response:
      response === null
        ? null
        : {
            ...response,
            headers: redactor.headers(response.headers),
            body: maskBody(response.body, redactor),
          },
    identity: identity === null ? null : maskIdentity(identity, redactor),
    token: token === null ? null : maskToken(token, redactor),
    received: received === null ? null : (redactor.json(received) as JsonObject),
    provenance: trace.provenance.map((entry) => maskField(entry.field, entry, 'value', redactor)),
    spoofs: trace.spoofs.map((entry) => maskField(entry.key, entry, 'sent', redactor)),
    console: trace.console.map((line) => ({ ...line, text: redactor.text(line.text) })),
    events: trace.events.map((event) => ({
      ...event,
      name: redactor.text(event.name),
      detail: maskDetail(event.detail, redactor),
      source: redactor.text(event.source),
    })),
    error: error === null ? null : maskError(error, redactor),
  };
}

function maskBody(body: KeptBody | null, redactor: Redactor): KeptBody | null {
  if (body === null) return null;
  return {
    ...body,
    ...(body.json === undefined ? {} : { json: redactor.json(body.json) }),
    ...(body.text === undefined ? {} : { text: redactor.text(body.text) }),
  };
}
