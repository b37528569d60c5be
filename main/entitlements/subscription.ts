import type { Json, JsonObject } from '../contract/http.ts';
import type { PersonaSubscription } from '../contract/persona-subscription.ts';
import type { Provenance } from '../contract/trace.ts';
import type { DocumentStore } from '../documents/store.ts';
import { findPlan, PLANS_FILE, type Plan } from './plans.ts';
import { isoTime } from './usage.ts';

/** Users' subscriptions: one document for each user, in production's shape. */

const SUBSCRIPTIONS = 'subscriptions';

export const FREE = 'free';

export interface Subscription {
  readonly plan: string;
  /** Tiers by plugin that take precedence over the plan's. */
  readonly tiers: Readonly<Record<string, string>>;
  /** False for a user without a document, who has the plan "free". */
  readonly isStored: boolean;
}

/** Reads a user's subscription; a trial that is over counts as the plan "free". */
export async function readSubscription(
  store: DocumentStore,
  userId: string,
  now: Date,
): Promise<Subscription> {
  const documents = await store.read(SUBSCRIPTIONS);
  const found = documents.find((document) => document.user_id === userId);
  if (found === undefined) return { plan: FREE, tiers: {}, isStored: false };
  const plan = isOver(found, now) ? FREE : textOr(found.plan, FREE);
  return { plan, tiers: texts(found.plugin_tiers), isStored: true };
}

/** Changes a user's document, or adds one. */
export function writeSubscription(
  store: DocumentStore,
  userId: string,
  fields: JsonObject,
): Promise<JsonObject> {
  return store.update(SUBSCRIPTIONS, (documents) => {
    const found = documents.find((document) => document.user_id === userId);
    const document = found ?? { user_id: userId };
    if (found === undefined) documents.push(document);
    return Object.assign(document, fields);
  });
}

/** Stores what a persona's user has subscribed to; running trials end. */
export async function subscribe(
  store: DocumentStore,
  userId: string,
  { plan, tiers }: PersonaSubscription,
  now: Date,
): Promise<void> {
  const stored = await store.read(SUBSCRIPTIONS);
  const before = stored.find((document) => document.user_id === userId);
  await writeSubscription(store, userId, {
    plan: plan ?? textOr(before?.plan, FREE),
    status: 'active',
    is_trial: false,
    plugin_tiers: { ...tiers },
    updated_at: isoTime(now),
  });
}

function isOver({ status, is_trial: isTrial, trial_end_date: end }: JsonObject, now: Date): boolean {
  if (status !== 'trialing' || isTrial !== true || typeof end !== 'string') return false;
  // An end without a zone is in UTC.
  const hasZone = /(Z|[+-]\d\d:?\d\d)$/i.test(end) || !end.includes('T');
  return Date.parse(hasZone ? end : `${end}Z`) < now.getTime();
}

export interface PluginTier {
  readonly tier: string;
  readonly origin: Pick<Provenance, 'source' | 'name' | 'label'>;
}

/** The tier that a subscription gives in a plugin: its own for it, the plan's for it, the plan's name. Pure. */
export function tierFor(
  { plan, tiers, isStored }: Subscription,
  plans: readonly Plan[] | null,
  plugin: string,
): PluginTier {
  const own = tiers[plugin];
  const name = `${SUBSCRIPTIONS}.plugin_tiers.${plugin}`;
  if (own !== undefined) {
    return { tier: own, origin: { source: 'document', name, label: `${name} of this user` } };
  }
  const mapped = findPlan(plans, plan)?.plugins[plugin];
  if (mapped !== undefined) {
    const label = `the plan "${plan}" in ${PLANS_FILE}`;
    return { tier: mapped, origin: { source: 'file', name: PLANS_FILE, label } };
  }
  const label = isStored ? `${SUBSCRIPTIONS}.plan of this user` : 'default: this user has no subscription';
  const source = isStored ? 'document' : 'default';
  return { tier: plan, origin: { source, name: `${SUBSCRIPTIONS}.plan`, label } };
}

function texts(value: Json | undefined): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function textOr(value: Json | undefined, fallback: string): string {
  return typeof value === 'string' && value !== '' ? value : fallback;
}
