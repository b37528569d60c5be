import type { Operation } from '../route.ts';
import { TOO_LARGE } from './execute-operations.ts';
import { ANY_REQUEST, errorExample } from './responses.ts';

/** The subscription sync route, as `/openapi.json` describes it (CONTRACT.md §2). */
export const syncOperation: Operation = {
  id: 'syncSubscription',
  tag: 'Subscriptions',
  summary: 'Store what a user has subscribed to',
  description:
    'For the platform alone. It decides which plugins and tiers the user has where MONETIZATION is on. Names may also be ' +
    'written with underscores (`user_id`). Checks are made in this order: 503, 401, 403, 413, 422.',
  needsUser: false,
  needsInternalKey: true,
  requestBody: {
    description: 'The subscription; other keys are ignored.',
    required: true,
    schema: 'SubscriptionSync',
    examples: {
      active: {
        summary: 'A paid plan',
        value: { userId: 'user-ada', plan: 'pro', status: 'active', billingCycle: 'monthly' },
      },
    },
  },
  answers: {
    200: {
      description: 'It is stored and counts from the next call on.',
      schema: 'SubscriptionSynced',
      examples: {
        stored: {
          summary: 'Stored',
          value: { success: true, user_id: 'user-ada', plan: 'pro', status: 'active' },
        },
      },
    },
    401: {
      description: 'Without a key.',
      schema: 'Unauthorized',
      examples: {
        noKey: errorExample('UNAUTHORIZED', 'No key', 'X-Internal-API-Key header is required'),
      },
    },
    403: {
      ...ANY_REQUEST[403],
      description: 'Another key; or this runtime does not serve the Host or the Origin of the request.',
      examples: {
        ...ANY_REQUEST[403].examples,
        key: errorExample(
          'FORBIDDEN',
          'Another key',
          'X-Internal-API-Key is not the INTERNAL_API_KEY set here',
        ),
      },
    },
    413: TOO_LARGE,
    422: {
      description: 'The body is not a JSON object with `userId`, `plan` and `status`.',
      schema: 'Unprocessable',
      examples: {
        missing: errorExample(
          'UNPROCESSABLE_ENTITY',
          'A field is missing',
          'Invalid subscription: plan: Invalid input: expected string, received undefined',
        ),
      },
    },
    503: {
      description: 'No key is configured: the route is closed.',
      schema: 'Unavailable',
      examples: {
        closed: errorExample(
          'NOT_READY',
          'INTERNAL_API_KEY is not set',
          'INTERNAL_API_KEY is not set: set it to accept subscriptions',
        ),
      },
    },
  },
};
