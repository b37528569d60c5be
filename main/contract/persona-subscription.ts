/** What a persona's user has subscribed to; acting as the persona stores it, so that every client's call obeys it. */
export interface PersonaSubscription {
  /** Absent: the stored one stays; a user without any has "free". */
  readonly plan?: string;
  /** Tiers by plugin, which take precedence over the plan's. */
  readonly tiers: Readonly<Record<string, string>>;
}

/** Tiers as they are typed: `videos=pro, notes=basic`. Null where something else stands there. */
export function parseTiers(text: string): PersonaSubscription['tiers'] | null {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry) => /^([\w-]{1,64})\s*=\s*(\S.{0,99})$/.exec(entry));
  const tiers: [string, string][] = [];
  for (const match of entries) {
    const [, plugin, tier] = match ?? [];
    if (plugin === undefined || tier === undefined) return null;
    tiers.push([plugin, tier]);
  }
  return Object.fromEntries(tiers);
}
