import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../main/contract/http.ts';
import { documentsFolder } from '../../main/documents/store.ts';
import { saveJson } from '../../main/system/atomic-file.ts';
import { callInspector } from '../support/inspector-call.ts';
import { type PluginFiles, startRuntime, type TestRuntime } from '../support/runtime.ts';
import { bearer, localToken } from '../support/tokens.ts';

/** CONTRACT.md §4: what a plan lets a user do, with monetization on. */

const YAML = `
schema_version: "1.0"
plugin: videos
features: { export: { default: true } }
limits:
  videos: { type: consumable, reset: monthly, default: 1 }
  seats: { type: cap, default: 5 }
tiers:
  free: { features: { export: no }, limits: { videos: 2, seats: 1 } }
  pro: { inherits: free, features: { export: yes }, limits: { videos: 10 } }
actions:
  render: { consumes: { videos: 1 } }
  export: { requires_features: [export] }
`;

const JS = `export const execute = (data) => {
  if (data.action === 'render' && data.fail) return { error: 'no film' };
  return { ran: true, entitlements: data._entitlements };
};`;
const PYTHON = `async def execute(data):
    if data.get("action") == "render" and data.get("fail"):
        return {"error": "no film"}
    return {"ran": True, "entitlements": data["_entitlements"]}
`;

const LANGUAGES: readonly (readonly [string, PluginFiles])[] = [
  ['JavaScript', { 'logic.js': JS, 'entitlements.yaml': YAML }],
  ['Python', { 'logic.py': PYTHON, 'entitlements.yaml': YAML }],
];

const ON = { MONETIZATION: '1' };
const ada = bearer(localToken({ sub: 'ada' }));

function subscribe({ config }: TestRuntime, ...documents: readonly object[]): Promise<void> {
  return writeCollection(config, 'subscriptions', documents);
}

async function writeCollection(
  config: TestRuntime['config'],
  name: string,
  documents: readonly object[],
): Promise<void> {
  await saveJson(join(documentsFolder(config), `${name}.json`), documents);
}

async function usageOf({ config }: TestRuntime): Promise<readonly Record<string, unknown>[]> {
  return JSON.parse(await readFile(join(documentsFolder(config), 'entitlement_usage.json'), 'utf8'));
}

describe.each(LANGUAGES)('with monetization, a plugin in %s', (_, files) => {
  it('receives its user’s tier, features and limits, whatever the client sends', async () => {
    const runtime = await startRuntime({ plugins: { videos: files }, env: ON });
    await subscribe(runtime, { user_id: 'ada', plan: 'pro', status: 'active' });
    const spoof = { _entitlements: { tier: 'gold', limits: {} } };
    const { status, json } = await runtime.execute('videos', spoof, ada);
    expect(status).toBe(200);
    expect(json).toEqual({
      ran: true,
      entitlements: {
        tier: 'pro',
        features: { export: true },
        limits: { videos: { allowed: 10, used: 0, remaining: 10 }, seats: { allowed: 1 } },
        enforce: true,
      },
    });
    const { provenance, spoofs } = runtime.lastTrace();
    expect(spoofs).toEqual([{ key: '_entitlements', sent: spoof._entitlements, action: 'replaced' }]);
    const parts = provenance.filter(({ field }) => field.startsWith('_entitlements'));
    expect(parts.map(({ field, source, label }) => [field, source, label])).toEqual([
      ['_entitlements.tier', 'document', 'subscriptions.plan of this user'],
      ['_entitlements.features', 'file', 'tiers.pro, which inherits tiers.free in entitlements.yaml'],
      [
        '_entitlements.limits',
        'file',
        'tiers.pro, which inherits tiers.free in entitlements.yaml; used: entitlement_usage',
      ],
      ['_entitlements.enforce', 'setting', 'MONETIZATION (environment)'],
    ]);
  });

  it('is not called for an action whose feature or limit is missing; only a success uses something', async () => {
    const runtime = await startRuntime({ plugins: { videos: files }, env: ON });
    const call = async (body: object) => {
      const { status, json } = await runtime.execute('videos', body, ada);
      return { status, json };
    };
    expect(await call({ action: 'export' })).toEqual({
      status: 403,
      json: {
        detail: "Feature 'export' not available on free tier",
        error_code: 'FEATURE_GATED',
        status_code: 403,
      },
    });
    const dry = { action: 'render', _entitlement_dry_run: true };
    const would = { dry_run: true, allowed: true, would_consume: { videos: 1 } };
    expect(await call(dry)).toEqual({ status: 200, json: would });
    expect((await call({ action: 'render', fail: true })).status).toBe(500);
    expect((await call({ action: 'render' })).status).toBe(200);
    expect((await call({ action: 'other' })).status).toBe(200);
    expect(await usageOf(runtime)).toMatchObject([
      { app_id: 'dev_app', user_id: 'ada', plugin: 'videos', limit_key: 'videos', used: 1, limit: 2 },
    ]);
    expect((await call({ action: 'render' })).status).toBe(200);
    const exceeded = {
      status: 429,
      json: {
        detail: 'Insufficient videos: need 1, have 0',
        error_code: 'LIMIT_EXCEEDED',
        status_code: 429,
      },
    };
    expect(await call({ action: 'render' })).toEqual(exceeded);
    expect(await call(dry)).toEqual(exceeded);
    expect(runtime.lastTrace()).toMatchObject({
      outcome: 'refused',
      errorCode: 'LIMIT_EXCEEDED',
      received: null,
    });
  });
});

describe('with monetization', () => {
  const plugins = { videos: { 'logic.js': JS, 'entitlements.yaml': YAML } };

  it('the plugin host’s path obeys it too', async () => {
    const { baseUrl } = await startRuntime({ plugins, env: ON });
    const path = `${baseUrl}/api/plugins/videos/execute`;
    const body = JSON.stringify({ action: 'export' });
    const answer = await fetch(path, { method: 'POST', body });
    expect([answer.status, (await answer.json()).error_code]).toEqual([403, 'FEATURE_GATED']);
  });

  it('a dry run is what Python takes for true', async () => {
    const runtime = await startRuntime({ plugins, env: ON });
    await subscribe(runtime, { user_id: 'ada', plan: 'pro', status: 'active' });
    const dryRuns = async (values: readonly Json[]) => {
      const bodies = values.map((value) => ({ action: 'export', _entitlement_dry_run: value }));
      const answers = await Promise.all(bodies.map((body) => runtime.execute('videos', body, ada)));
      return answers.map(({ json }) => JSON.stringify(json).startsWith('{"dry_run":true'));
    };
    expect(await dryRuns([true, 1, 'no', { a: 0 }, [0]])).toEqual([true, true, true, true, true]);
    expect(await dryRuns([false, 0, '', null, {}, []])).toEqual([false, false, false, false, false, false]);
  });

  it('a plan has only the plugins that it unlocks', async () => {
    const runtime = await startRuntime({ plugins, env: ON });
    const configs = join(dirname(runtime.plugins), 'config');
    await writeConfig(configs, {
      subscription_plans: [
        { name: 'free', plugins_unlocked: ['notes'] },
        { name: 'Team', plugins_unlocked: ['*'], plugins: { videos: 'pro' } },
      ],
    });
    const access = async () => (await runtime.get('/api/check-plugin-access/videos', ada)).json;
    const denied = await runtime.execute('videos', {}, ada);
    expect(await access()).toEqual({ plugin: 'videos', access: false });
    expect(denied).toMatchObject({
      status: 403,
      json: { detail: "Access denied: Subscription does not allow 'videos'.", error_code: 'FORBIDDEN' },
    });
    await subscribe(runtime, { user_id: 'ada', plan: 'team', status: 'active' });
    expect(await access()).toEqual({ plugin: 'videos', access: true });
    expect(await runtime.execute('videos', {}, ada)).toMatchObject({
      status: 200,
      json: { entitlements: { tier: 'pro' } },
    });
    await subscribe(runtime, { user_id: 'ada', plan: 'team', plugin_tiers: { videos: 'free' } });
    expect(await runtime.execute('videos', {}, ada)).toMatchObject({
      json: { entitlements: { tier: 'free' } },
    });
    const over = { status: 'trialing', is_trial: true, trial_end_date: '2020-01-01T00:00:00' };
    await subscribe(runtime, { user_id: 'ada', plan: 'team', ...over });
    expect((await runtime.execute('videos', {}, ada)).status).toBe(403);
    await rm(configs, { recursive: true });
    expect((await runtime.execute('videos', {}, ada)).status).toBe(200);
  });

  it('a plugin without entitlements.yaml is not restricted; with an invalid one nothing is enforced', async () => {
    const runtime = await startRuntime({ plugins: { videos: JS }, env: ON });
    const action = { action: 'render' };
    const free = { enforce: true, features: {}, limits: {} };
    expect((await runtime.execute('videos', action)).json).toEqual({ ran: true, entitlements: free });
    await writeFile(join(runtime.plugins, 'videos', 'entitlements.yaml'), 'schema_version: 1.0\nplugin: x\n');
    const broken = await runtime.execute('videos', action);
    expect(broken.json).toEqual({ ran: true, entitlements: { ...free, enforce: false } });
    const enforced = runtime.lastTrace().provenance.find(({ field }) => field === '_entitlements.enforce');
    expect(enforced?.label).toBe(
      'entitlements.yaml is invalid: schema_version: give schema_version: "1.0", in quotes',
    );
    expect(runtime.lastTrace().inProduction?.join() ?? '').not.toContain('entitlements.yaml');
    const long = `schema_version: "1.0"\nplugin: x\n#${'x'.repeat(64 * 1024)}`;
    await writeFile(join(runtime.plugins, 'videos', 'entitlements.yaml'), long);
    expect((await runtime.execute('videos', action)).json).toEqual(broken.json);
    expect(runtime.lastTrace().inProduction).toContain(
      'entitlements.yaml may have any size, levels and aliases: unless it is invalid otherwise, it is enforced',
    );
  });

  it('a new period starts with nothing used, which production would not do', async () => {
    const runtime = await startRuntime({ plugins, env: ON });
    const usage = { app_id: 'dev_app', user_id: 'ada', plugin: 'videos', limit_key: 'videos' };
    await writeCollection(runtime.config, 'entitlement_usage', [
      { ...usage, period: '2020-01', period_type: 'monthly', used: 2, limit: 2 },
    ]);
    expect((await runtime.execute('videos', { action: 'render' }, ada)).status).toBe(200);
    expect(runtime.lastTrace().inProduction).toContain(
      '429 {"detail":"Insufficient videos: need 1, have 0"}, since what an earlier period used up stays used up there',
    );
    expect(await usageOf(runtime)).toMatchObject([{ ...usage, used: 1 }]);
  });

  it('a limit of -1 allows nothing, as in production, and the trace says so', async () => {
    const yaml = YAML.replace('limits: { videos: 2', 'limits: { videos: -1');
    const runtime = await startRuntime({
      plugins: { videos: { 'logic.js': JS, 'entitlements.yaml': yaml } },
      env: ON,
    });
    expect((await runtime.execute('videos', { action: 'render' })).json).toMatchObject({
      detail: 'Insufficient videos: need 1, have 0',
    });
    await runtime.execute('videos');
    const limits = runtime.lastTrace().provenance.find(({ field }) => field === '_entitlements.limits');
    expect(limits?.label).toContain('a limit below 0 allows nothing: it is not unlimited');
  });

  it('fifty calls at once use no more than there is', async () => {
    const runtime = await startRuntime({ plugins, env: ON });
    await Promise.all(Array.from({ length: 50 }, () => runtime.execute('videos', { action: 'render' }, ada)));
    expect(await usageOf(runtime)).toMatchObject([{ used: 2, limit: 2 }]);
    expect((await runtime.execute('videos', { action: 'render' }, ada)).status).toBe(429);
  });
});

describe('a Python plugin that asks core.entitlements', () => {
  const asks = `from core.entitlements import (
    check_action, check_feature, check_limit, consume_limit, get_all_usage, get_usage)

async def execute(data):
    user, plugin = data["user_id"], "asks"
    limit = {"period_type": "never", "limit_value": 3}
    before = await check_limit(user, plugin, "films", 3, **limit)
    left = await consume_limit(user, plugin, "films", 2, **limit)
    try:
        await consume_limit(user, plugin, "films", 2, **limit)
        refused = None
    except ValueError as error:
        refused = str(error)
    config = {"actions": {"render": {"requires_features": ["hd"], "consumes": {"films": 1}}}}
    rights = {"tier": "free", "features": {"hd": data.get("hd", False)}, "limits": {"films": {"remaining": 0}}}
    return {
        "before": list(before), "left": left, "refused": refused,
        "usage": await get_usage(user, plugin, "films", **limit),
        "all": await get_all_usage(user, plugin),
        "feature": [await check_feature(user, plugin, "hd", rights), await check_feature(user, plugin, "hd")],
        "gated": await check_action(user, plugin, "render", rights, config),
        "free": await check_action(user, plugin, "render"),
    }
`;

  it('counts with the runtime’s own documents', async () => {
    const runtime = await startRuntime({ plugins: { asks: { 'logic.py': asks } } });
    const usage = { allowed: 3, used: 2, remaining: 1, period: 'lifetime' };
    expect((await runtime.execute('asks', {}, ada)).json).toEqual({
      before: [true, 3],
      left: 1,
      refused: 'Insufficient films: need 2, have 1',
      usage: { ...usage, resets_at: null },
      all: { films: { ...usage, period_type: 'never' } },
      feature: [false, true],
      gated: {
        allowed: false,
        would_consume: {},
        blocking_reason: "Feature 'hd' not available on free tier",
        blocking_type: 'feature',
      },
      free: { allowed: true, would_consume: {}, blocking_reason: null, blocking_type: null },
    });
    expect(await usageOf(runtime)).toMatchObject([{ user_id: 'ada', limit_key: 'films', used: 2, limit: 3 }]);
    expect(
      (await runtime.execute('asks', { hd: true }, bearer(localToken({ sub: 'bob' })))).json,
    ).toMatchObject({
      gated: { blocking_reason: 'Insufficient films: need 1, have 0', blocking_type: 'limit' },
    });
  });
});

describe('acting as a persona with a plan and tiers', () => {
  const plugins = { videos: { 'logic.js': JS, 'entitlements.yaml': YAML } };
  const run = { plugin: 'videos', body: '{}', persona: 'user' } as const;

  it('stores its user’s subscription, which every client’s call obeys from then on', async () => {
    const runtime = await startRuntime({ plugins, env: ON });
    const subscription = { plan: 'team', tiers: { videos: 'pro' } };
    const answer = await callInspector(runtime, 'run', { ...run, runId: 'a', subscription });
    expect(answer.body.json).toMatchObject({ entitlements: { tier: 'pro' } });
    const dana = bearer(localToken({ sub: 'user-dana' }));
    expect((await runtime.execute('videos', {}, dana)).json).toMatchObject({ entitlements: { tier: 'pro' } });
    expect((await runtime.execute('videos', {}, ada)).json).toMatchObject({ entitlements: { tier: 'free' } });
    await callInspector(runtime, 'run', { ...run, runId: 'b', subscription: { tiers: {} } });
    expect((await runtime.execute('videos', {}, dana)).json).toMatchObject({
      entitlements: { tier: 'team' },
    });
    expect(runtime.runtime.snapshot().monetization).toBe(true);
  });

  it('stores nothing for a token that is refused', async () => {
    const runtime = await startRuntime({ plugins, env: ON });
    const subscription = { plan: 'team', tiers: {} };
    const expired = { ...run, persona: 'expired' } as const;
    expect((await callInspector(runtime, 'run', { ...expired, runId: 'a', subscription })).status).toBe(401);
    const path = join(documentsFolder(runtime.config), 'subscriptions.json');
    await expect(readFile(path)).rejects.toThrow('ENOENT');
  });
});

describe('without monetization', () => {
  it.each(['0', 'true'])('(%s) nothing is restricted or counted', async (value) => {
    const plugins = { videos: { 'logic.js': JS, 'entitlements.yaml': YAML } };
    const runtime = await startRuntime({ plugins, env: { MONETIZATION: value } });
    for (const body of [{ action: 'export' }, { action: 'render', _entitlement_dry_run: true }]) {
      expect((await runtime.execute('videos', body, ada)).json).toEqual({ ran: true, entitlements: {} });
    }
    await expect(usageOf(runtime)).rejects.toThrow('ENOENT');
  });
});

async function writeConfig(folder: string, plans: object): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'subscription_config.json'), JSON.stringify(plans));
}
