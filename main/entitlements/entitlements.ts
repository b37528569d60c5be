import type { MonetizationSetting } from '../config/types.ts';
import type { JsonObject } from '../contract/http.ts';
import {
  type ActionVerdict,
  blockedInProduction,
  checkAction,
  definitionOf,
  type Granted,
  grant,
} from './granted.ts';
import { type InjectedEntitlements, unrestricted, withoutFile, withTier } from './injected.ts';
import { periodOf } from './period.ts';
import { isUnlocked, loadPlans, type Plan } from './plans.ts';
import { createPluginFileReader } from './plugin-file.ts';
import type { EntitlementsConfig } from './schema.ts';
import { FREE, readSubscription, type Subscription, tierFor } from './subscription.ts';
import { resolveTier } from './tier.ts';
import { consumeLimit, InsufficientLimitError, readUsage, type UsageLedger } from './usage.ts';

/** What users' plans let them do with plugins (CONTRACT.md §4). Without monetization nothing is restricted. */
export interface Entitlements {
  /** Whether a user's plan includes a plugin. */
  isAccessible(userId: string, plugin: string): Promise<boolean>;
  /** Decides about one call before its plugin runs. */
  admit(call: EntitledCall): Promise<Admission>;
}

interface EntitledCall {
  readonly userId: string;
  readonly plugin: string;
  /** The client's body. */
  readonly sent: JsonObject;
}

export interface Admission {
  readonly injected: InjectedEntitlements;
  readonly verdict: AdmissionVerdict;
  /** What production would do otherwise: each line goes after "In production: ". */
  readonly inProduction: readonly string[];
  /**
   * Uses what the call's action takes, once the plugin has answered well.
   * @returns what to say about it; null where there is nothing
   */
  consume(): Promise<string | null>;
}

type AdmissionVerdict =
  | { readonly kind: 'run' }
  | { readonly kind: 'dry-run'; readonly answer: JsonObject }
  | {
      readonly kind: 'refused';
      readonly code: 'FORBIDDEN' | 'FEATURE_GATED' | 'LIMIT_EXCEEDED';
      /** Production's sentence. */
      readonly detail: string;
    };

export interface EntitlementsDeps extends UsageLedger {
  readonly monetization: MonetizationSetting;
  readonly appId: string;
  readonly configsPath: string;
  /** The watched folder, which can change while running. */
  readonly pluginsFolder: () => string;
  readonly now?: () => Date;
}

/** Never asked for by a plan: it is how users change theirs. */
const ALWAYS_ACCESSIBLE = 'subscription_manager';

const nothingConsumed = async () => null;

export function createEntitlements(deps: EntitlementsDeps): Entitlements {
  const { monetization, documents, configsPath, now = () => new Date() } = deps;
  if (!monetization.isOn) {
    const injected = unrestricted(monetization.origin);
    const admission: Admission = {
      injected,
      verdict: { kind: 'run' },
      inProduction: [],
      consume: nothingConsumed,
    };
    return { isAccessible: async () => true, admit: async () => admission };
  }
  const readPluginFile = createPluginFileReader();
  return {
    async isAccessible(userId, plugin) {
      const [plans, { plan }] = await Promise.all([
        loadPlans(configsPath),
        readSubscription(documents, userId, now()),
      ]);
      return isUnlocked(plans, plan, plugin);
    },
    async admit(call) {
      const at = now();
      const [plans, subscription, file] = await Promise.all([
        loadPlans(configsPath),
        readSubscription(documents, call.userId, at),
        readPluginFile(deps.pluginsFolder(), call.plugin),
      ]);
      const refused = refusedByPlan(call, subscription, plans);
      if (file.kind !== 'valid') {
        return {
          injected: withoutFile(file, monetization.origin),
          verdict: refused ?? { kind: 'run' },
          inProduction: file.kind === 'invalid' && file.isOverLimit ? [NO_LIMIT] : [],
          consume: nothingConsumed,
        };
      }
      return admitByFile(deps, { call, plans, subscription, config: file.config, refused, at });
    },
  };
}

interface Facts {
  readonly call: EntitledCall;
  readonly plans: readonly Plan[] | null;
  readonly subscription: Subscription;
  readonly config: EntitlementsConfig;
  readonly refused: AdmissionVerdict | null;
  readonly at: Date;
}

async function admitByFile(deps: EntitlementsDeps, facts: Facts): Promise<Admission> {
  const { call, plans, subscription, config, at } = facts;
  const { userId, plugin, sent } = call;
  const tier = tierFor(subscription, plans, plugin);
  const resolved = resolveTier(config, tier.tier);
  const usage = await readUsage(deps.documents, { appId: deps.appId, userId, plugin });
  const granted = grant(config, tier.tier, resolved, usage, at);
  const action = typeof sent.action === 'string' ? sent.action : '';
  const { verdict, consumes, checked } = decide(facts, action, granted);
  if (checked !== null) publishRefusal(deps, facts, granted, checked);
  return {
    injected: withTier(granted, tier, resolved, deps.monetization.origin),
    verdict,
    inProduction: [
      ...differencesOf(facts, tier.tier, blockedInProduction(consumes, granted)),
      ...(verdict === facts.refused || verdict.kind === 'run' ? [] : [OTHER_FOLDER]),
    ],
    consume: () => consumeAll(deps, call, config, consumes, granted),
  };
}

/** The plan first, then the action, then a dry run (CONTRACT.md §4). */
function decide(
  { call, config, refused }: Facts,
  action: string,
  granted: Granted,
): {
  readonly verdict: AdmissionVerdict;
  readonly consumes: Readonly<Record<string, number>>;
  readonly checked: ActionVerdict | null;
} {
  if (refused !== null) return { verdict: refused, consumes: {}, checked: null };
  const checked = checkAction(config, action, granted);
  if (checked.kind !== 'allowed') {
    const code = checked.kind === 'feature' ? 'FEATURE_GATED' : 'LIMIT_EXCEEDED';
    return { verdict: { kind: 'refused', code, detail: checked.reason }, consumes: {}, checked };
  }
  const { consumes } = checked;
  if (!Object.hasOwn(config.actions, action) || !isTrue(call.sent._entitlement_dry_run)) {
    return { verdict: { kind: 'run' }, consumes, checked };
  }
  const answer = { dry_run: true, allowed: true, would_consume: { ...consumes } };
  return { verdict: { kind: 'dry-run', answer }, consumes, checked };
}

/** Tells plugins that subscribe to it, as production does. */
function publishRefusal(
  { publish }: EntitlementsDeps,
  { call: { userId, plugin }, config, at }: Facts,
  { tier, limits }: Granted,
  checked: ActionVerdict,
): void {
  const owner = { user_id: userId, plugin };
  if (checked.kind === 'feature') {
    publish('entitlement.feature_blocked', { ...owner, feature_key: checked.feature, tier });
  } else if (checked.kind === 'limit') {
    const { limitKey, amount } = checked;
    const period = periodOf(definitionOf(config, limitKey).reset, at);
    const limit = {
      limit_key: limitKey,
      attempted: amount,
      limit: limits.get(limitKey)?.allowed ?? 0,
      period,
    };
    publish('entitlement.limit_reached', { ...owner, ...limit });
  }
}

/** As Python takes a value of JSON for true. */
function isTrue(value: JsonObject[string] | undefined): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}

function refusedByPlan(
  { plugin }: EntitledCall,
  { plan }: Subscription,
  plans: readonly Plan[] | null,
): AdmissionVerdict | null {
  if (plugin === ALWAYS_ACCESSIBLE || isUnlocked(plans, plan, plugin)) return null;
  const detail = `Access denied: Subscription does not allow '${plugin}'.`;
  return { kind: 'refused', code: 'FORBIDDEN', detail };
}

const OTHER_FOLDER =
  'entitlements.yaml is looked for below MOZAIKS_PLUGIN_DIR, not MOZAIKS_PLUGINS_PATH; unless both name this folder, nothing is checked';

const NO_LIMIT =
  'entitlements.yaml may have any size, levels and aliases: unless it is invalid otherwise, it is enforced';

function differencesOf({ subscription }: Facts, tier: string, blocked: string | null): readonly string[] {
  const lines: string[] = [];
  if (!subscription.isStored && tier !== FREE) {
    lines.push(
      `_entitlements.tier is "free", since this user has no subscription; here the plan "free" gives "${tier}"`,
    );
  }
  if (blocked !== null) {
    lines.push(
      `429 ${JSON.stringify({ detail: blocked })}, since what an earlier period used up stays used up there`,
    );
  }
  return lines;
}

/** Production logs a use that has no room and answers as if nothing had been; so does this. */
async function consumeAll(
  { appId, documents, publish, now = () => new Date() }: EntitlementsDeps,
  { userId, plugin }: EntitledCall,
  config: EntitlementsConfig,
  consumes: Readonly<Record<string, number>>,
  { limits }: Granted,
): Promise<string | null> {
  const said: string[] = [];
  for (const [limitKey, amount] of Object.entries(consumes)) {
    const { reset: periodType } = definitionOf(config, limitKey);
    const limit = limits.get(limitKey)?.allowed ?? 0;
    const key = { appId, userId, plugin, limitKey, periodType, limit };
    try {
      const { used } = await consumeLimit({ documents, publish }, key, amount, now());
      said.push(`${limitKey}: ${used} of ${limit} used`);
    } catch (error) {
      if (!(error instanceof InsufficientLimitError)) throw error;
      return [...said, `nothing more was counted: ${error.message}`].join('; ');
    }
  }
  return said.length === 0 ? null : said.join('; ');
}
