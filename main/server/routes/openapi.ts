import { ROUTES } from '../../contract/http.ts';
import { sendJson } from '../json-answer.ts';
import { describeRoutes } from '../openapi.ts';
import { openapiOperation } from '../operations.ts';
import type { Route } from '../route.ts';

/** Adds the route that describes the others, itself included. */
export function withOpenapi(routes: readonly Route[]): readonly Route[] {
  const all: Route[] = [...routes];
  const document = () => describeRoutes(all);
  all.push({
    method: 'GET',
    path: ROUTES.openapi,
    operation: openapiOperation,
    handle: (ctx) => sendJson(ctx, 200, document()),
  });
  return all;
}
