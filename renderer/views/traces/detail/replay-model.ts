import type { PersonaId, PersonaView } from '../../../../main/contract/run.ts';
import type { StoredBody, Trace } from '../../../../main/contract/trace.ts';

/**
 * The persona closest to the sender of a trace's request, since the token itself is not stored: the one with
 * the same subject, else `fallback`.
 */
export function personaOf(
  trace: Pick<Trace, 'token' | 'request'>,
  personas: readonly PersonaView[],
  fallback: PersonaId,
): PersonaId {
  if (trace.token === null && trace.request.headers.authorization === undefined) return 'anonymous';
  const subject = trace.token?.claims?.sub;
  const wasExpired =
    trace.token?.steps.some((step) => step.check === 'exp' && step.verdict === 'failed') ?? false;
  const matching = personas.filter(({ claims }) => subject !== undefined && claims?.sub === subject);
  const known = matching.find(({ id }) => (id === 'expired') === wasExpired);
  if (known !== undefined) return known.id;
  return fallback === 'anonymous' ? 'user' : fallback;
}

/** A request's body as it was sent, for a command; null when the trace has only its beginning. */
export function sentBody(body: StoredBody | null): string | null {
  if (body === null) return '';
  if (body.truncated) return null;
  return body.json === undefined ? (body.text ?? '') : JSON.stringify(body.json);
}
