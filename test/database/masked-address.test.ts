import { expect, it } from 'vitest';
import { parseAddress } from '../../main/database/address.ts';
import { startRuntime } from '../support/runtime.ts';

const PLUGIN = `export const execute = ({ how }) => {
  const uri = process.env.DATABASE_URI;
  const password = new URL(uri).password;
  if (how === 'throw') throw new Error('no ' + password);
  console.log(uri, encodeURIComponent(uri), password);
  return { uri, password, same: uri === process.env.MONGODB_URI };
};`;

it('L7: the local database’s address and password are in no trace, whatever a plugin does with them', async () => {
  const { execute, lastTrace, runtime, log } = await startRuntime({ plugins: { leak: PLUGIN } });
  const answer = await execute('leak');
  const { uri, same } = answer.json as { uri: string; same: boolean };
  const { password = 'none' } = parseAddress(uri) ?? {};
  expect([same, password]).toEqual([true, expect.stringMatching(/^[\w-]{32}$/)]);
  await expect.poll(() => runtime.traces.counts().kept).toBe(1);
  expect(JSON.stringify(lastTrace())).toContain('mongodb://workbench:(masked)@127.0.0.1');
  expect(JSON.stringify(lastTrace())).not.toContain(password);
  await execute('leak', { how: 'throw' });
  await expect.poll(() => runtime.traces.counts().kept).toBe(2);
  expect(JSON.stringify(lastTrace())).toContain('no (masked)');
  expect([JSON.stringify(lastTrace()), ...log.lines].join()).not.toContain(password);
});

it('a database that is set leaves the local one out', async () => {
  const { runtime, config, execute } = await startRuntime({
    plugins: { p: 'export const execute = () => ({ uri: process.env.DATABASE_URI });' },
    env: { MOZAIKS_PLUGIN_ENV_MONGODB_URI: 'mongodb://127.0.0.1:1/own' },
  });
  expect((await execute('p')).json).toEqual({ uri: 'mongodb://127.0.0.1:1/own' });
  expect(config.settings.some(({ value }) => value.includes('local database'))).toBe(false);
  expect(runtime.snapshot().notices).toEqual([]);
});
