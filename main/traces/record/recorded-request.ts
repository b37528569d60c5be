import { WorkbenchError } from '../../contract/errors.ts';
import type { StoredBody, Trace } from '../../contract/trace.ts';

/** What is sent when a trace's request is sent again: without the caller's token, which is never stored. */
export interface RecordedCall {
  /** With its query. */
  readonly path: string;
  readonly body: string;
}

/**
 * @throws {WorkbenchError} BAD_REQUEST when only a part of the body was stored, or the path is not one:
 *   appended to an address, `@host/` in a file from somewhere else would send the request, and a token with
 *   it, to that host
 */
export function recordedCall({ request }: Trace): RecordedCall {
  const { body, path } = request;
  if (!path.startsWith('/'))
    throw new WorkbenchError('BAD_REQUEST', 'Its path is invalid, so it is not sent again');
  if (body?.truncated) {
    throw new WorkbenchError(
      'BAD_REQUEST',
      `The body of ${body.bytes} bytes was stored only in part and can't be sent again`,
    );
  }
  return { path, body: body === null ? '' : bodyText(body) };
}

/** A stored body as text, as far as it was stored. */
export function bodyText({ json, text }: StoredBody): string {
  return json === undefined ? (text ?? '') : JSON.stringify(json);
}
