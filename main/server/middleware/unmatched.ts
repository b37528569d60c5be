import { WorkbenchError } from '../../contract/errors.ts';
import { matchPath, type Route } from '../route.ts';
import type { Middleware } from '../state.ts';

/** Answers what no route has: a known path with another method, OPTIONS, an unknown path (CONTRACT.md §1). */
export function answerUnmatched(routes: readonly Route[]): Middleware {
  return async function unmatched(ctx) {
    const methods = routes
      .filter(({ path }) => matchPath(path, ctx.path) !== null)
      .map(({ method }) => method);
    if (methods.length === 0) {
      throw new WorkbenchError('NOT_FOUND', `Nothing is served at ${JSON.stringify(ctx.path.slice(0, 200))}`);
    }
    const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
    ctx.set('Allow', allow);
    if (ctx.method !== 'OPTIONS') {
      throw new WorkbenchError('METHOD_NOT_ALLOWED', `${ctx.method} is not allowed here; use ${allow}`);
    }
    ctx.status = 204;
  };
}
