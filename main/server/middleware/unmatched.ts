import type Router from '@koa/router';
import { WorkbenchError } from '../../contract/errors.ts';
import { allowedMethods } from '../route.ts';
import type { Middleware, ServerState } from '../state.ts';

/**
 * Answers what no route serves: a known path with another method, OPTIONS, an unknown path (CONTRACT.md §1).
 */
export function answerUnmatched(router: Router<ServerState>): Middleware {
  return async function unmatched(ctx) {
    const methods = allowedMethods(router, ctx.path);
    if (methods.length === 0) {
      throw new WorkbenchError('NOT_FOUND', `Nothing is served at ${JSON.stringify(ctx.path.slice(0, 200))}`);
    }
    const allow = methods.join(', ');
    ctx.set('Allow', allow);
    if (ctx.method !== 'OPTIONS') {
      throw new WorkbenchError('METHOD_NOT_ALLOWED', `${ctx.method} is not allowed here; use ${allow}`);
    }
    ctx.status = 204;
  };
}
