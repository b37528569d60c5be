import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createRuntime } from '../../main/runtime/runtime.ts';
import { databaseScript, hostScripts, threadScripts } from '../support/host-script.ts';
import { startRuntime } from '../support/runtime.ts';
import { SECRET } from '../support/server.ts';
import { bearer, localToken } from '../support/tokens.ts';

/** The bytes of every file below a folder. */
function bytesBelow(folder: string): string {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath ?? entry.path, entry.name), 'latin1'))
    .join('\n');
}

it('P5: no token and no secret reaches the disk, whatever a plugin does with them', async () => {
  const leak = `export function execute(data) {
    console.log('logged', data.user_jwt, data.secret);
    if (data.how === 'throw') throw new Error(data.user_jwt + data.secret);
    return { token: data.user_jwt, said: 'it is ' + data.user_jwt, list: [data.secret], deep: { note: data.user_jwt } };
  }`;
  const { runtime, config, execute } = await startRuntime({ plugins: { leak } });
  const token = localToken({ sub: 'ada' });
  const headers = bearer(token);
  await execute('leak', { how: 'return', secret: SECRET, text: token }, headers);
  await execute('leak', { how: 'throw', secret: SECRET }, headers);
  await execute('leak', `broken ${token} ${SECRET}`, headers);
  await execute('absent', { token }, { authorization: `Bearer ${token}x` });
  await vi.waitFor(() => expect(runtime.traces.counts().kept).toBe(4));
  await runtime.stop();
  const bytes = bytesBelow(join(config.configPath, 'traces'));
  expect(bytes.split('\n').filter((line) => line.includes('"leak"'))).toHaveLength(3);
  const [head = '', claims = '', signature = ''] = token.split('.');
  for (const secret of [token, SECRET, signature, `${head}.${claims}`]) expect(bytes).not.toContain(secret);
});

it('keeps the row of a trace short, whatever code a plugin gives its error', async () => {
  const long = 'export const execute = () => ({ error: "no", error_code: "X".repeat(20_000) });';
  const { execute, lastTrace, runtime } = await startRuntime({ plugins: { long } });
  expect((await execute('long')).json).toMatchObject({ error_code: 'X'.repeat(20_000) });
  await vi.waitFor(() => expect(runtime.traces.counts().kept).toBe(1));
  expect(lastTrace().errorCode).toBe('X'.repeat(128));
  expect(lastTrace().error?.code).toBe('X'.repeat(20_000));
});

it('keeps nothing on disk when no room is given', async () => {
  const plugins = { p: 'export const execute = () => ({});' };
  const { runtime, config, execute } = await startRuntime({ plugins, env: { MOZAIKS_TRACES_MAX_MB: '0' } });
  await execute('p');
  await vi.waitFor(() => expect(runtime.traces.counts().kept).toBe(1));
  await runtime.stop();
  expect(existsSync(join(config.configPath, 'traces'))).toBe(false);
});

it('says in the snapshot why traces are not on disk', async () => {
  const { config, runtime, log } = await startRuntime();
  const environment = { PATH: process.env.PATH };
  const parts = { hostScripts, threadScripts, databaseScript, log, environment };
  const second = createRuntime(config, { ...parts, shell: 'headless', desktop: null, headless: null });
  onTestFinished(() => second.stop());
  await second.start();
  expect(runtime.snapshot().notices).toEqual([]);
  expect(second.snapshot().notices).toEqual([
    expect.stringContaining('stores the traces of this plugins’ folder on disk'),
  ]);
});
