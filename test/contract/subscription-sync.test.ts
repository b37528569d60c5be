import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentsFolder } from '../../main/documents/store.ts';
import { startRuntime, type TestRuntime } from '../support/runtime.ts';
import { bearer, localToken } from '../support/tokens.ts';

/** CONTRACT.md §2: how the platform tells a runtime what a user has subscribed to. */

const KEY = 'an-internal-key-for-tests';
const plugins = {
  tier: 'export const execute = ({ _entitlements }) => ({ tier: _entitlements.tier ?? null });',
};
const env = { MONETIZATION: '1', INTERNAL_API_KEY: KEY };

async function sync({ baseUrl }: TestRuntime, body: unknown, key: string | null = KEY) {
  const response = await fetch(`${baseUrl}/api/internal/subscription/sync`, {
    method: 'POST',
    headers: key === null ? {} : { 'X-Internal-API-Key': key },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, json: await response.json() };
}

async function stored({ config }: TestRuntime): Promise<unknown> {
  return JSON.parse(await readFile(join(documentsFolder(config), 'subscriptions.json'), 'utf8'));
}

const ADA = { userId: 'ada', plan: 'pro', status: 'active' };

describe('subscription sync', () => {
  it('stores what counts from the next call on', async () => {
    const runtime = await startRuntime({ plugins, env });
    await runtime.write('tier', { 'entitlements.yaml': 'schema_version: "1.0"\nplugin: tier\n' });
    const ada = bearer(localToken({ sub: 'ada' }));
    expect((await runtime.execute('tier', {}, ada)).json).toEqual({ tier: 'free' });
    expect(await sync(runtime, ADA)).toEqual({
      status: 200,
      json: { success: true, user_id: 'ada', plan: 'pro', status: 'active' },
    });
    expect((await runtime.execute('tier', {}, ada)).json).toEqual({ tier: 'pro' });
  });

  it('stores production’s document, under either spelling of the names', async () => {
    const runtime = await startRuntime({ plugins, env });
    const more = { stripeSubscriptionId: 'sub_1', trial_end_date: '2030-01-01T00:00:00Z', appId: null, x: 1 };
    await sync(runtime, { user_id: 'ada', plan: 'pro', status: 'trialing', ...more });
    await sync(runtime, { user_id: 'bob', userId: 'carl', plan: 'free', status: 'inactive' });
    expect(await stored(runtime)).toEqual([
      {
        user_id: 'ada',
        plan: 'pro',
        status: 'trialing',
        billing_cycle: 'monthly',
        trial_end_date: '2030-01-01T00:00:00Z',
        is_trial: true,
        external_subscription_id: 'sub_1',
        synced_from_control_plane: true,
        updated_at: expect.stringMatching(/\+00:00$/),
        last_sync_at: expect.stringMatching(/\+00:00$/),
      },
      expect.objectContaining({ user_id: 'carl', plan: 'free' }),
    ]);
  });

  it('keeps what else is stored of the user', async () => {
    const runtime = await startRuntime({ plugins, env });
    await sync(runtime, { ...ADA, nextBillingDate: '2030-01-01' });
    await sync(runtime, { ...ADA, plan: 'team' });
    expect(await stored(runtime)).toMatchObject([{ plan: 'team', next_billing_date: '2030-01-01' }]);
  });

  it('is closed without a key, 401 without the header, 403 with another', async () => {
    const closed = await startRuntime({ plugins });
    expect(await sync(closed, ADA)).toMatchObject({ status: 503, json: { error_code: 'NOT_READY' } });
    const open = await startRuntime({ plugins, env });
    expect(await sync(open, ADA, null)).toMatchObject({ status: 401, json: { error_code: 'UNAUTHORIZED' } });
    expect(await sync(open, ADA, `${KEY}x`)).toMatchObject({
      status: 403,
      json: { error_code: 'FORBIDDEN' },
    });
    await expect(stored(open)).rejects.toThrow('ENOENT');
  });

  it.each([
    ['no plan', { userId: 'ada', status: 'active' }],
    ['a plan that is a number', { ...ADA, plan: 1 }],
    ['a list', [ADA]],
    ['no JSON', '{'],
    ['nothing', ''],
  ])('refuses %s with 422', async (_, body) => {
    const runtime = await startRuntime({ plugins, env });
    expect(await sync(runtime, body)).toMatchObject({
      status: 422,
      json: { error_code: 'UNPROCESSABLE_ENTITY' },
    });
  });

  it('is masked wherever it occurs, and no plugin gets it', async () => {
    const leak =
      'export const execute = (data) => ({ said: data.said, key: process.env.INTERNAL_API_KEY ?? null });';
    const runtime = await startRuntime({ plugins: { leak }, env });
    const { json } = await runtime.execute('leak', { said: `the key is ${KEY}` });
    expect(json).toEqual({ said: `the key is ${KEY}`, key: null });
    expect(JSON.stringify(runtime.lastTrace())).not.toContain(KEY);
    const setting = runtime.config.settings.find(({ name }) => name === 'INTERNAL_API_KEY');
    expect(setting).toMatchObject({ value: '••••••', secret: true });
  });
});
