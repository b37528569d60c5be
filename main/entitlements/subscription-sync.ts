import { z } from 'zod';
import { WorkbenchError } from '../contract/errors.ts';
import type { JsonObject } from '../contract/http.ts';
import type { DocumentStore } from '../documents/store.ts';
import { writeSubscription } from './subscription.ts';
import { isoTime } from './usage.ts';

/** What the platform sends when a user's subscription has changed (CONTRACT.md §2). */

const optional = z.string().nullish();

const SYNC = z.object({
  user_id: z.string(),
  plan: z.string(),
  status: z.string(),
  billing_cycle: optional,
  next_billing_date: optional,
  trial_end_date: optional,
  stripe_subscription_id: optional,
  app_id: optional,
});

type SubscriptionSync = z.infer<typeof SYNC>;

/** The names in camel case, which win over those with underscores. */
const ALIASES: Readonly<Record<string, keyof SubscriptionSync>> = {
  userId: 'user_id',
  billingCycle: 'billing_cycle',
  nextBillingDate: 'next_billing_date',
  trialEndDate: 'trial_end_date',
  stripeSubscriptionId: 'stripe_subscription_id',
  appId: 'app_id',
};

/** @throws {WorkbenchError} UNPROCESSABLE_ENTITY that names each wrong field */
export function parseSubscriptionSync(body: JsonObject): SubscriptionSync {
  const aliased = Object.entries(body).map(([key, value]) => [ALIASES[key] ?? key, value] as const);
  const isAlias = ([key]: readonly [string, unknown]) => Object.hasOwn(ALIASES, key);
  const winning = Object.entries(body)
    .filter(isAlias)
    .map(([key, value]) => [ALIASES[key] ?? key, value] as const);
  const parsed = SYNC.safeParse(Object.fromEntries([...aliased, ...winning]));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new WorkbenchError('UNPROCESSABLE_ENTITY', `Invalid subscription: ${faults.join('; ')}`);
}

/** Stores it in production's shape and returns production's answer. */
export async function storeSubscriptionSync(
  store: DocumentStore,
  sync: SubscriptionSync,
  now: Date,
): Promise<JsonObject> {
  const { user_id: userId, plan, status } = sync;
  const at = isoTime(now);
  const fields: JsonObject = {
    plan,
    status,
    billing_cycle: sync.billing_cycle ?? 'monthly',
    updated_at: at,
    synced_from_control_plane: true,
    last_sync_at: at,
  };
  if (sync.app_id) fields.app_id = sync.app_id;
  if (sync.next_billing_date) fields.next_billing_date = sync.next_billing_date;
  if (sync.trial_end_date) {
    fields.trial_end_date = sync.trial_end_date;
    fields.is_trial = status === 'trialing';
  }
  if (sync.stripe_subscription_id) fields.external_subscription_id = sync.stripe_subscription_id;
  await writeSubscription(store, userId, fields);
  return { success: true, user_id: userId, plan, status };
}
