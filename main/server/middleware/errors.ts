import { toErrorBody, WorkbenchError } from '../../contract/errors.ts';
import type { Log } from '../../system/log.ts';
import { REFUSAL_LINES } from '../in-production.ts';
import { RefusedRequest } from '../refused-request.ts';
import { sendJson } from '../response.ts';
import type { FailedRequest } from '../runtime-events.ts';
import type { Middleware } from '../state.ts';

type OnUnexpected = (failed: Omit<FailedRequest, 'error'>, error: unknown) => void;

/**
 * Turns anything thrown below into the contract's error shape; unexpected errors are logged, not shown
 * (CONTRACT.md §1).
 */
export function answerErrors(log: Log, onUnexpected: OnUnexpected = () => undefined): Middleware {
  return async function errors(ctx, next) {
    try {
      await next();
    } catch (error) {
      const body = toErrorBody(error);
      if (!(error instanceof WorkbenchError)) {
        log.error(`${ctx.method} failed unexpectedly`, error);
        onUnexpected({ url: ctx.href, method: ctx.method, trace: ctx.state.trace?.ids.id ?? null }, error);
      }
      if (body.status_code === 401) ctx.set('WWW-Authenticate', 'Bearer');
      sendJson(ctx, body.status_code, body);
      if (error instanceof RefusedRequest) ctx.state.trace?.inProduction(REFUSAL_LINES[error.refusal]);
      ctx.state.trace?.ended({
        outcome: body.status_code < 500 ? 'refused' : 'exception',
        error: { code: body.error_code, message: body.detail },
      });
    }
  };
}
