import { type ErrorCode, WorkbenchError } from '../contract/errors.ts';

/** What refuses a request here and not in production. */
export type Refusal =
  | 'body-too-large'
  | 'body-too-deep'
  | 'body-no-object'
  /** `NaN`, `Infinity` or `-Infinity`, which Python reads as numbers. */
  | 'body-not-finite';

/** A refusal that names its rule, so that the trace can say what production would have done. */
export class RefusedRequest extends WorkbenchError {
  readonly refusal: Refusal;

  constructor(code: ErrorCode, message: string, refusal: Refusal, options?: { readonly cause?: unknown }) {
    super(code, message, options);
    this.refusal = refusal;
  }
}
