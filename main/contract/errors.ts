import type { ErrorBody } from './http.ts';

/** Every code a client can meet, with the HTTP status it always has (CONTRACT.md §1 and §4). */
export const ERROR_STATUS = {
  BAD_REQUEST: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  /** The user's tier lacks a feature that the action needs. */
  FEATURE_GATED: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  REQUEST_TIMEOUT: 408,
  CONFLICT: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNPROCESSABLE_ENTITY: 422,
  /** The user has used up a limit that the action takes from. */
  LIMIT_EXCEEDED: 429,
  HEADERS_TOO_LARGE: 431,
  INTERNAL_ERROR: 500,
  /** The plugin answered with an `error` of its own. */
  PLUGIN_ERROR: 500,
  /** The plugin answered with something that is not a JSON object. */
  PLUGIN_INVALID_RESULT: 500,
  /** The plugin threw or rejected. */
  PLUGIN_EXCEPTION: 500,
  /** The plugin ran past the timeout. 500, not 504: that is what production answers. */
  PLUGIN_TIMEOUT: 500,
  /** The plugin's process ended during the call. */
  PLUGIN_CRASHED: 500,
  /** No version of the plugin has ever loaded. */
  PLUGIN_LOAD_FAILED: 500,
  NOT_READY: 503,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;

/**
 * The one error class of the workbench. `message` is meant for the person who caused it: it names what is
 * wrong, the value and the remedy, and never holds a token or a secret.
 */
export class WorkbenchError extends Error {
  readonly code: ErrorCode;
  readonly status: number;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'WorkbenchError';
    this.code = code;
    this.status = ERROR_STATUS[code];
  }
}

/** Turns any error into its wire shape; the text of an unexpected one is not shown (CONTRACT.md §1). */
export function toErrorBody(error: unknown): ErrorBody {
  if (error instanceof WorkbenchError) return errorBody(error.code, error.message);
  return errorBody('INTERNAL_ERROR', 'Internal server error');
}

/** The wire shape for a code and its explanation. */
export function errorBody(code: ErrorCode, detail: string): ErrorBody {
  return { detail, error_code: code, status_code: ERROR_STATUS[code] };
}

/** What an Inspector call answers with: `ipcMain.handle` loses an error's fields, a Result keeps them. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: { readonly code: ErrorCode; readonly message: string } };
