import { join } from 'node:path';
import { expect, it } from 'vitest';
import { documentsFolder } from '../../main/documents/store.ts';
import { saveJson } from '../../main/system/atomic-file.ts';
import { eventually } from '../plugins/workspace.ts';
import { startRuntime } from '../support/runtime.ts';

const listener = `from core.event_bus import on_event
got = []
def listen(name):
    on_event(name)(named(name))
def named(name):
    def callback(data):
        got.append([name, data])
    return callback
for name in ("plugin_executed", "api_error", "settings_updated"):
    listen(name)
def execute(data):
    return {"error": "never an execution", "error_code": "X"} if data.get("fail") else {"got": list(got)}
`;

const worker = `from core.settings_manager import settings_manager
async def execute(data):
    if data.get("save"):
        await settings_manager.save_plugin_settings(data["user_id"], "worker", {})
    if data.get("raise"):
        raise ValueError("no")
    if data.get("odd"):
        return {"odd": object}
    return {"error": "no"} if data.get("fail") else {}
`;

it('plugins hear of executions, settings and errors, as production announces them', async () => {
  const plugins = { listener: { 'logic.py': listener }, worker: { 'logic.py': worker }, js: '' };
  const runtime = await startRuntime({
    plugins: { ...plugins, js: 'export const execute = () => ({});\n' },
  });
  await runtime.execute('listener', { fail: true });
  for (const body of [{ fail: true }, { raise: true }, { save: true }, { odd: true }]) {
    await runtime.execute('worker', body);
  }
  await runtime.execute('js');
  const executed = (plugin: string) => [
    'plugin_executed',
    { app_id: 'dev_app', plugin, user: 'dev-user', execution_time: expect.any(Number) },
  ];
  const error = expect.any(String);
  await eventually(async () => {
    const answer = await runtime.execute('listener', { fail: false });
    const { got } = answer.json as { got: [string, { plugin?: string }][] };
    return got.filter(([, { plugin }]) => plugin !== 'listener');
  }).toEqual([
    ['settings_updated', { user_id: 'dev-user', plugin: 'worker' }],
    executed('worker'),
    executed('worker'),
    ['api_error', { path: `${runtime.baseUrl}/api/execute/worker`, method: 'POST', error }],
    executed('js'),
  ]);
});

const entitled = `from core import entitlements
async def execute(data):
    if data.get("consume"):
        return {"left": await entitlements.consume_limit(data["user_id"], "films", "extra", data["consume"], "daily", 2)}
    return {}
`;

const yaml = `
schema_version: "1.0"
plugin: films
features: { export: { default: false } }
limits: { films: { type: consumable, reset: monthly, default: 1 } }
actions:
  render: { consumes: { films: 1 } }
  export: { requires_features: [export] }
tiers:
  free: { features: { export: false }, limits: { films: 1 } }
`;

const heard = `from core.event_bus import on_event
got = []
def listen(name):
    on_event("entitlement." + name)(named(name))
def named(name):
    def callback(data):
        got.append([name, data])
    return callback
for name in ("consumed", "limit_reached", "feature_blocked", "period_reset"):
    listen(name)
def execute(data):
    return {"got": got}
`;

it('plugins hear of what users use up and of what their plans refuse', async () => {
  const runtime = await startRuntime({
    plugins: {
      films: { 'logic.py': entitled, 'entitlements.yaml': yaml },
      heard: { 'logic.py': heard },
    },
    env: { MONETIZATION: '1' },
  });
  const old = {
    app_id: 'dev_app',
    user_id: 'dev-user',
    plugin: 'films',
    limit_key: 'films',
    period: '2020-01',
  };
  const usage = join(documentsFolder(runtime.config), 'entitlement_usage.json');
  await saveJson(usage, [{ ...old, period_type: 'monthly', used: 3, limit: 5 }]);
  await runtime.execute('heard');
  const statuses = [];
  for (const body of [
    { action: 'render' },
    { action: 'render' },
    { action: 'export' },
    { consume: 2 },
    { consume: 1 },
  ]) {
    statuses.push((await runtime.execute('films', body)).status);
  }
  expect(statuses).toEqual([200, 429, 403, 200, 500]);
  const [owner, period] = [{ user_id: 'dev-user', plugin: 'films' }, expect.stringMatching(/^20/)];
  const films = { ...owner, limit_key: 'films' };
  const extra = { ...owner, limit_key: 'extra' };
  await eventually(async () => (await runtime.execute('heard')).json).toEqual({
    got: [
      ['period_reset', { ...films, previous_period: '2020-01', previous_used: 3, new_period: period }],
      ['consumed', { ...films, amount: 1, used: 1, remaining: 0, period }],
      ['limit_reached', { ...films, attempted: 1, limit: 1, period }],
      ['feature_blocked', { ...owner, feature_key: 'export', tier: 'free' }],
      ['consumed', { ...extra, amount: 2, used: 2, remaining: 0, period }],
      ['limit_reached', { ...extra, attempted: 1, limit: 2, period }],
    ],
  });
});
