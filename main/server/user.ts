import type { Authentication } from '../auth/authentication.ts';
import type { Authenticator } from '../auth/authenticator.ts';
import { WorkbenchError } from '../contract/errors.ts';
import { rawHeaderValues } from './connection/raw-headers.ts';
import type { ServerContext } from './state.ts';

/** Who asks (CONTRACT.md §3). @throws {WorkbenchError} UNAUTHORIZED */
export async function requireUser(
  ctx: ServerContext,
  authenticator: Authenticator,
): Promise<Extract<Authentication, { ok: true }>> {
  const result = await authenticator.authenticate(rawHeaderValues(ctx.req.rawHeaders, 'authorization'));
  if (!result.ok) throw new WorkbenchError('UNAUTHORIZED', result.detail);
  return result;
}
