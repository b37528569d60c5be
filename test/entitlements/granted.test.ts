import { describe, expect, it } from 'vitest';
import { blockedInProduction, checkAction, grant, toInjected } from '../../main/entitlements/granted.ts';
import { parseEntitlements } from '../../main/entitlements/schema.ts';
import { resolveTier } from '../../main/entitlements/tier.ts';

const parsed = parseEntitlements(`
schema_version: "1.0"
plugin: videos
features: { export: { default: true }, hd: { default: false } }
limits:
  videos: { reset: monthly, default: 1 }
  seats: { type: cap, default: 2 }
tiers:
  free: { features: { export: false }, limits: { videos: 2, seats: 1 } }
  basic: { inherits: free, limits: { videos: 10 } }
  pro: { inherits: basic, features: { export: true, hd: true } }
actions:
  render: { consumes: { videos: 2 } }
  export: { requires_features: [export], consumes: { videos: 1, seats: 9 } }
`);
if (!parsed.ok) throw new Error(parsed.problems.join('; '));
const { config } = parsed;
const NOW = new Date('2026-01-15T00:00:00Z');

function grantOf(tier: string, used?: number, period = '2026-01') {
  const usage = new Map(used === undefined ? [] : [['videos', { used, period }]]);
  return grant(config, tier, resolveTier(config, tier), usage, NOW);
}

describe('_entitlements', () => {
  it('has what the tier lists and inherits, with what is used', () => {
    expect(toInjected(grantOf('basic', 3))).toEqual({
      tier: 'basic',
      features: { export: false },
      limits: { videos: { allowed: 10, used: 3, remaining: 7 }, seats: { allowed: 1 } },
      enforce: true,
    });
    expect(toInjected(grantOf('pro')).features).toEqual({ export: true, hd: true });
  });

  it('has the defaults for a tier that the file doesn’t name', () => {
    expect(toInjected(grantOf('gold'))).toMatchObject({
      tier: 'gold',
      features: { export: true, hd: false },
      limits: { videos: { allowed: 1, used: 0, remaining: 1 }, seats: { allowed: 2 } },
    });
  });

  it('never has less than nothing left', () => {
    expect(toInjected(grantOf('free', 5)).limits).toMatchObject({ videos: { used: 5, remaining: 0 } });
  });

  it('starts over in a new period', () => {
    expect(toInjected(grantOf('free', 2, '2025-12')).limits).toMatchObject({
      videos: { used: 0, remaining: 2 },
    });
  });
});

describe('checkAction', () => {
  it('names the missing feature and the tier', () => {
    expect(checkAction(config, 'export', grantOf('free'))).toEqual({
      kind: 'feature',
      reason: "Feature 'export' not available on free tier",
      feature: 'export',
    });
  });

  it('names the limit, what is needed and what is left', () => {
    expect(checkAction(config, 'render', grantOf('free', 1))).toEqual({
      kind: 'limit',
      reason: 'Insufficient videos: need 2, have 1',
      limitKey: 'videos',
      amount: 2,
    });
  });

  it('says what an allowed action takes; a cap never stops it', () => {
    const consumes = { videos: 1, seats: 9 };
    expect(checkAction(config, 'export', grantOf('pro'))).toEqual({ kind: 'allowed', consumes });
  });

  it('allows what the file doesn’t name', () => {
    for (const action of ['', 'other', 'constructor']) {
      expect(checkAction(config, action, grantOf('free', 2))).toEqual({ kind: 'allowed', consumes: {} });
    }
  });

  it('knows what production would refuse: what an earlier period used up', () => {
    const granted = grantOf('free', 2, '2025-12');
    expect(checkAction(config, 'render', granted).kind).toBe('allowed');
    expect(blockedInProduction({ videos: 2 }, granted)).toBe('Insufficient videos: need 2, have 0');
    expect(blockedInProduction({ videos: 2 }, grantOf('free', 0))).toBeNull();
  });
});
