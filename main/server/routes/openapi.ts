import type { Authenticator } from '../../auth/authenticator.ts';
import { ROUTES } from '../../contract/http.ts';
import { describeRoutes } from '../openapi/document.ts';
import { openapiOperation } from '../openapi/operations.ts';
import { sendJson } from '../response.ts';
import type { Route } from '../route.ts';

/** Adds the route that describes all routes, itself included, at the address that the client used. */
export function withOpenapi(
  routes: readonly Route[],
  authenticator: Pick<Authenticator, 'demand'>,
): readonly Route[] {
  const all: Route[] = [...routes];
  all.push({
    method: 'GET',
    path: ROUTES.openapi,
    operation: openapiOperation,
    // The Host header names this server: the gate refuses any other.
    handle: (ctx) =>
      sendJson(ctx, 200, describeRoutes(all, { host: ctx.host, demand: authenticator.demand() })),
  });
  return all;
}
