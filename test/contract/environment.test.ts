import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { JsonObject } from '../../main/contract/http.ts';
import { startRuntime } from '../support/runtime.ts';
import { SECRET } from '../support/server.ts';

/** CONTRACT.md §5: what plugins find in their environment. */

const JAVASCRIPT = {
  'logic.js': `export const execute = ({ print }) => {
    if (print) console.log(process.env[print]);
    return { ...process.env };
  };`,
};
const PYTHON = {
  'logic.py': `import os
def execute(data):
    if data.get('print'):
        print(os.environ[data['print']])
    return dict(os.environ)
`,
};

const ENV_FILE = [
  'STRIPE_KEY=sk_test_of_the_file',
  'EMPTY=',
  'APP_TIER=pro',
  'JWT_SECRET_KEY=secret-of-the-server',
  'INTERNAL_API_KEY=secret-of-the-platform',
  'MOZAIKS_EXECUTION_TOKEN_SECRET=secret-of-tokens',
  'NODE_OPTIONS=--bad-option',
].join('\n');

it.each([
  ['JavaScript', JAVASCRIPT],
  ['Python', PYTHON],
])('P6: a plugin in %s finds the .env but no secret of the runtime', async (_language, plugin) => {
  const env = { MOZAIKS_APP_ID: 'shop', DATABASE_URI: 'mongodb://app:database-password@db/app' };
  const { execute, lastTrace, plugins, runtime } = await startRuntime({
    plugins: { plugin },
    env,
    envFile: ENV_FILE,
  });
  const { json } = await execute('plugin', { print: 'STRIPE_KEY' });
  expect(json).toMatchObject({
    STRIPE_KEY: 'sk_test_of_the_file',
    EMPTY: '',
    APP_TIER: 'pro',
    APP_NAME: 'Mozaiks',
    MOZAIKS_APP_ID: 'shop',
    MOZAIKS_AUTH_MODE: 'local',
    MOZAIKS_PLUGINS_PATH: plugins,
    DATABASE_URI: env.DATABASE_URI,
    MONGODB_URI: env.DATABASE_URI,
  });
  const text = JSON.stringify(json);
  for (const secret of ['secret-of-', SECRET, '--bad-option']) expect(text).not.toContain(secret);
  expect(Object.keys(json as JsonObject)).not.toContain('JWT_SECRET');

  const trace = JSON.stringify(lastTrace());
  expect(lastTrace().console.map((line) => line.text)).toEqual(['(masked)']);
  for (const value of ['sk_test_of_the_file', 'database-password']) expect(trace).not.toContain(value);

  const other = join(plugins, '../other');
  await mkdir(join(other, 'plugin'), { recursive: true });
  for (const [file, source] of Object.entries(plugin)) await writeFile(join(other, 'plugin', file), source);
  await runtime.engine.watchFolder(other);
  expect((await execute('plugin')).json).toMatchObject({ MOZAIKS_PLUGINS_PATH: other });
});

it('a variable that is held back is named on the trace of a Python plugin that looks for it', async () => {
  const looking = `import os
AT_LOAD = os.environ.get("JWT_SECRET_KEY")
async def execute(data):
    return {"found": [AT_LOAD, os.getenv(data["name"]), data["name"] in os.environ, os.environ["EMPTY"]]}
`;
  const { execute, lastTrace } = await startRuntime({
    plugins: { looking: { 'logic.py': looking } },
    envFile: ENV_FILE,
  });
  const said = async (name: string) => {
    expect((await execute('looking', { name })).json).toEqual({ found: [null, null, false, ''] });
    return lastTrace().inProduction?.find((line) => line.includes('environment'));
  };
  const rest =
    ': found if the server has it, since plugins share its environment; here .env and MOZAIKS_PLUGIN_ENV_* pass on all but the runtime’s secrets.';
  expect(await said('INTERNAL_API_KEY')).toBe(`INTERNAL_API_KEY, JWT_SECRET_KEY${rest}`);
  expect(await said('SET_NOWHERE')).toBe(`JWT_SECRET_KEY${rest}`);
});
