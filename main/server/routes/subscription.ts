import { createHash, timingSafeEqual } from 'node:crypto';
import { WorkbenchError } from '../../contract/errors.ts';
import { HEADERS, type JsonObject, ROUTES } from '../../contract/http.ts';
import type { DocumentStore } from '../../documents/store.ts';
import { parseSubscriptionSync, storeSubscriptionSync } from '../../entitlements/subscription-sync.ts';
import { parseJsonObject, readBody } from '../connection/body.ts';
import { syncOperation } from '../openapi/subscription-operation.ts';
import { sendJson } from '../response.ts';
import type { Route } from '../route.ts';
import type { ServerContext } from '../state.ts';

/**
 * Where the platform tells a runtime what a user has subscribed to (CONTRACT.md §2). Threat model: a program
 * that can write here decides what every user may do, so without a configured key the route is closed, and
 * keys are compared in constant time.
 */
export interface SubscriptionRouteDeps {
  readonly documents: DocumentStore;
  /** Null closes the route. */
  readonly internalApiKey: string | null;
  readonly maxBodyBytes: number;
}

export function subscriptionRoutes(deps: SubscriptionRouteDeps): readonly Route[] {
  return [
    {
      method: 'POST',
      path: ROUTES.subscriptionSync,
      operation: syncOperation,
      async handle(ctx) {
        assertKey(ctx, deps.internalApiKey);
        const sync = parseSubscriptionSync(await readObject(ctx, deps.maxBodyBytes));
        sendJson(ctx, 200, await storeSubscriptionSync(deps.documents, sync, new Date()));
      },
    },
  ];
}

/** @throws {WorkbenchError} NOT_READY, UNAUTHORIZED, FORBIDDEN */
function assertKey(ctx: ServerContext, expected: string | null): void {
  if (expected === null) {
    throw new WorkbenchError('NOT_READY', 'INTERNAL_API_KEY is not set: set it to accept subscriptions');
  }
  const given = ctx.get(HEADERS.internalApiKey);
  if (given === '') throw new WorkbenchError('UNAUTHORIZED', `${HEADERS.internalApiKey} header is required`);
  if (!timingSafeEqual(digest(given), digest(expected))) {
    throw new WorkbenchError('FORBIDDEN', `${HEADERS.internalApiKey} is not the INTERNAL_API_KEY set here`);
  }
}

function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/** Production answers 422 to every body that it can't use. */
async function readObject(ctx: ServerContext, limit: number): Promise<JsonObject> {
  const body = await readBody(ctx.req, limit);
  if (body.kind === 'too-large') {
    const detail = `Request body is over the limit of ${limit} bytes (MAX_REQUEST_BODY_BYTES)`;
    throw new WorkbenchError('PAYLOAD_TOO_LARGE', detail);
  }
  try {
    return parseJsonObject(body.kind === 'read' ? body.bytes : Buffer.alloc(0), false).value;
  } catch (error) {
    if (!(error instanceof WorkbenchError)) throw error;
    throw new WorkbenchError('UNPROCESSABLE_ENTITY', error.message, { cause: error });
  }
}
