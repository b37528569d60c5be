import { CONTRACT_VERSION, HEADERS } from '../../contract/http.ts';
import type { Middleware } from '../state.ts';

/**
 * The first middleware, so that every answer carries the version, even when something below fails
 * (CONTRACT.md §1).
 */
export const versionHeader: Middleware = async function versionHeader(ctx, next) {
  ctx.set(HEADERS.runtimeVersion, CONTRACT_VERSION);
  ctx.set('X-Content-Type-Options', 'nosniff');
  ctx.set('Cache-Control', 'no-store');
  await next();
};
