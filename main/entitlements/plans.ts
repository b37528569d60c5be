import { join } from 'node:path';
import { z } from 'zod';
import { loadJson } from '../system/atomic-file.ts';

/** The app's plans, as `subscription_config.json` names them. */
export interface Plan {
  readonly name: string;
  /** Plugins by name, or "*" for all of them. */
  readonly plugins_unlocked: readonly string[];
  /** The tier that the plan gives in a plugin, where that is not the plan's own name. */
  readonly plugins: Readonly<Record<string, string>>;
}

export const PLANS_FILE = 'subscription_config.json';

const PLANS = z.object({
  subscription_plans: z.array(
    z.object({
      name: z.string(),
      plugins_unlocked: z.array(z.string()).default([]),
      plugins: z.record(z.string(), z.string()).default({}),
    }),
  ),
});

/** Null without a usable file: then every plan has every plugin. */
export async function loadPlans(configsPath: string): Promise<readonly Plan[] | null> {
  const parsed = PLANS.safeParse(await loadJson(join(configsPath, PLANS_FILE)));
  return parsed.success ? parsed.data.subscription_plans : null;
}

/** Case-insensitive, as production compares names. */
export function findPlan(plans: readonly Plan[] | null, name: string): Plan | undefined {
  return plans?.find((plan) => plan.name.toLowerCase() === name.toLowerCase());
}

export function isUnlocked(plans: readonly Plan[] | null, planName: string, plugin: string): boolean {
  if (plans === null) return true;
  const unlocked = findPlan(plans, planName)?.plugins_unlocked ?? [];
  return unlocked.includes('*') || unlocked.includes(plugin);
}
