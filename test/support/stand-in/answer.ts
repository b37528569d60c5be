/** An answer before it is written to the socket. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Written as JSON; undefined for an answer without a body. */
  readonly body?: unknown;
}

/** What an answer answers, for a fault that changes it on its way out. */
export interface Asked {
  /** `raw` where the bytes were no HTTP request. */
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  readonly origin: string | null;
  /** What came of the plugin, where one ran. */
  readonly outcome: Outcome | null;
}

/** What came of one call of a plugin. */
export type Outcome =
  | { readonly kind: 'returned'; readonly value: unknown }
  | { readonly kind: 'threw'; readonly message: string }
  | { readonly kind: 'crashed' }
  | { readonly kind: 'timed-out'; readonly seconds: number };

/** An answer, and what came of the plugin that it is about. */
export interface Handled {
  readonly answer: Answer;
  readonly outcome?: Outcome;
}

export const VERSION_HEADER = 'X-Mozaiks-Runtime-Version';

const CODES: Readonly<Record<number, string>> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  408: 'REQUEST_TIMEOUT',
  413: 'PAYLOAD_TOO_LARGE',
  431: 'HEADERS_TOO_LARGE',
  500: 'INTERNAL_ERROR',
};

export function json(status: number, body: unknown, headers: Answer['headers'] = {}): Answer {
  return { status, headers, body };
}

/** The contract's error shape (CONTRACT.md §1). */
export function refusal(status: number, detail: string, headers: Answer['headers'] = {}): Answer {
  return failure(status, CODES[status] ?? 'INTERNAL_ERROR', detail, headers);
}

export function failure(
  status: number,
  code: string,
  detail: string,
  headers: Answer['headers'] = {},
): Answer {
  return json(status, { detail, error_code: code, status_code: status }, headers);
}

/** The same answer with some fields of its body changed; `undefined` takes a field away, as JSON does. */
export function withFields(answer: Answer, fields: Readonly<Record<string, unknown>>): Answer {
  return { ...answer, body: { ...(answer.body as object), ...fields } };
}

export function withoutHeader(answer: Answer, name: string): Answer {
  const kept = Object.entries(answer.headers).filter(([key]) => key.toLowerCase() !== name.toLowerCase());
  return { ...answer, headers: Object.fromEntries(kept) };
}
