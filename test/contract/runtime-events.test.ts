import { expect, it } from 'vitest';
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
