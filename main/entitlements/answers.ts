import { z } from 'zod';
import type { Json, JsonObject } from '../contract/http.ts';
import { ACTION_DEFINITION, PERIOD_TYPES } from './schema.ts';
import {
  consumeLimit,
  getUsage,
  InsufficientLimitError,
  insufficient,
  listUsage,
  type UsageKey,
  type UsageLedger,
} from './usage.ts';

/**
 * What the stub of production's `entitlements` module asks, by name. The arguments are a plugin's own: where
 * they are invalid the plugin gets an error that says so.
 */
export type EntitlementAnswers = Readonly<Record<string, (argument: Json) => Promise<Json>>>;

export interface EntitlementAnswersDeps extends UsageLedger {
  readonly appId: string;
  readonly now?: () => Date;
}

const OWNER = z.object({ user_id: z.string(), plugin: z.string() });
const LIMIT = OWNER.extend({
  limit_key: z.string(),
  // Production counts by the month what it doesn't know.
  period_type: z.enum(PERIOD_TYPES).catch('monthly'),
  limit_value: z.number(),
});
const CONSUMED = LIMIT.extend({ amount: z.number() });

const ACTION = z.object({
  action: z.string(),
  entitlements: z
    .object({
      tier: z.string().default('unknown'),
      features: z.record(z.string(), z.boolean()).default({}),
      limits: z.record(z.string(), z.object({ remaining: z.number().optional() })).default({}),
    })
    .nullish(),
  entitlements_config: z
    .object({
      actions: z.record(z.string(), ACTION_DEFINITION).default({}),
    })
    .nullish(),
});

export function createEntitlementAnswers({
  appId,
  now = () => new Date(),
  ...ledger
}: EntitlementAnswersDeps): EntitlementAnswers {
  const keyOf = (limit: z.infer<typeof LIMIT>): UsageKey => ({
    appId,
    userId: limit.user_id,
    plugin: limit.plugin,
    limitKey: limit.limit_key,
    periodType: limit.period_type,
    limit: limit.limit_value,
  });
  return {
    'entitlements.get_usage': async (argument) => {
      const limit = LIMIT.parse(argument);
      return { ...(await getUsage(ledger, keyOf(limit), now())) };
    },
    'entitlements.get_all_usage': async (argument) => {
      const { user_id: userId, plugin } = OWNER.parse(argument);
      return listUsage(ledger.documents, { appId, userId, plugin });
    },
    'entitlements.consume_limit': async (argument) => {
      const { amount, ...limit } = CONSUMED.parse(argument);
      try {
        const { remaining } = await consumeLimit(ledger, keyOf(limit), amount, now());
        return { remaining };
      } catch (error) {
        if (error instanceof InsufficientLimitError) return { refused: error.message };
        throw error;
      }
    },
    'entitlements.check_action': async (argument) => checkGivenAction(ACTION.parse(argument)),
  };
}

/** As production answers with what the plugin hands in; without a configuration everything is allowed. */
function checkGivenAction({
  action,
  entitlements,
  entitlements_config: config,
}: z.infer<typeof ACTION>): JsonObject {
  const allowed = { allowed: true, would_consume: {}, blocking_reason: null, blocking_type: null };
  const actions = config?.actions ?? {};
  const needs = Object.hasOwn(actions, action) ? actions[action] : undefined;
  if (needs === undefined) return allowed;
  const missing = needs.requires_features.find((feature) => entitlements?.features[feature] === false);
  if (missing !== undefined) {
    const reason = `Feature '${missing}' not available on ${entitlements?.tier ?? 'unknown'} tier`;
    return { ...allowed, allowed: false, blocking_reason: reason, blocking_type: 'feature' };
  }
  const consumed: JsonObject = {};
  for (const [key, amount] of Object.entries(needs.consumes)) {
    const left = entitlements?.limits[key]?.remaining ?? Number.POSITIVE_INFINITY;
    if (left < amount) {
      const reason = insufficient(key, amount, left);
      return { allowed: false, would_consume: consumed, blocking_reason: reason, blocking_type: 'limit' };
    }
    consumed[key] = amount;
  }
  return { ...allowed, would_consume: consumed };
}
