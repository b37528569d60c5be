import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PROBE } from '../../../main/conformance/target/probe.ts';
import { PROBE_LOGIC, probeFiles, writeProbe } from '../../../main/conformance/target/probe-files.ts';
import { PROBE_LANGUAGES } from '../../../main/contract/conformance.ts';
import { temporaryFolder } from '../../support/folders.ts';
import { startRuntime } from '../../support/runtime.ts';
import { bearer, localToken } from '../../support/tokens.ts';

describe.each(PROBE_LANGUAGES)('the probe plugin in %s', (language) => {
  const start = (env: Record<string, string> = {}) =>
    startRuntime({ plugins: { [PROBE]: probeFiles(language) }, env });

  it('reports what it was given, of the token only its hash, and the variables of the timeout', async () => {
    const { execute, lastTrace } = await start({ PLUGIN_EXEC_TIMEOUT_S: '7.5' });
    const token = localToken();
    const body = { any: ['thing', 1], user_jwt: 'evil' };
    const { status, json } = await execute(PROBE, body, bearer(token));
    expect(status).toBe(200);
    expect(json).toEqual({
      probe: 1,
      language,
      received: {
        any: ['thing', 1],
        app_id: 'dev_app',
        user_id: 'user-1',
        _entitlements: {},
        _context: {
          app_id: 'dev_app',
          user_id: 'user-1',
          username: 'user-1',
          roles: [],
          is_superadmin: false,
        },
      },
      user_jwt_sha256: createHash('sha256').update(token).digest('hex'),
      environment: { MOZAIKS_PLUGIN_TIMEOUT_SECONDS: null, PLUGIN_EXEC_TIMEOUT_S: '7.5' },
    });
    expect(lastTrace().console).toEqual([]);
    const anonymous = await execute(PROBE, { action: 'report' });
    expect(anonymous.json).toMatchObject({ user_jwt_sha256: null, received: { action: 'report' } });
  });

  it('does what it is asked', async () => {
    const { execute } = await start({ MOZAIKS_PLUGIN_TIMEOUT_SECONDS: '20' });
    const ask = async (body: object) => {
      const { status, json } = await execute(PROBE, body);
      return { status, ...(json as object) };
    };
    expect(await ask({ action: 'sleep', seconds: 0.01 })).toEqual({ status: 200, slept: 0.01 });
    expect(await ask({ action: 'block', seconds: 0.01 })).toEqual({ status: 200, blocked: 0.01 });
    expect(await ask({ action: 'error', message: 'no', code: 'MINE' })).toMatchObject({
      status: 500,
      detail: 'no',
      error_code: 'MINE',
    });
    expect(await ask({ action: 'error', message: 'no' })).toMatchObject({ error_code: 'PLUGIN_ERROR' });
    expect(await ask({ action: 'throw', message: 'oh' })).toMatchObject({
      detail: 'Error executing plugin: oh',
      error_code: 'PLUGIN_EXCEPTION',
    });
    expect(await ask({ action: 'invalid' })).toMatchObject({ error_code: 'PLUGIN_INVALID_RESULT' });
    expect(await ask({ action: 'exit' })).toMatchObject({ error_code: 'PLUGIN_CRASHED' });
    expect(await ask({ action: 'report' })).toMatchObject({ status: 200, probe: 1 });
  });

  it.each(['sleep', 'block'])('is ended when it would %s for too long', async (action) => {
    const { execute } = await start({ MOZAIKS_PLUGIN_TIMEOUT_SECONDS: '0.5' });
    const { json } = await execute(PROBE, { action, seconds: 60 });
    expect(json).toMatchObject({
      error_code: 'PLUGIN_TIMEOUT',
      detail: expect.stringContaining('0.5 seconds'),
    });
  });

  it('refuses what it does not know, or would do for too long', async () => {
    const { execute } = await start();
    const { json } = await execute(PROBE, { action: 'constructor' });
    expect(json).toMatchObject({
      detail: 'Unknown action: give one of report, sleep, block, error, throw, invalid, exit',
    });
    for (const seconds of [121, -1, '1', null, true]) {
      const answer = await execute(PROBE, { action: 'sleep', seconds });
      expect(answer.json).toMatchObject({ status_code: 500, error_code: 'BAD_SECONDS' });
    }
  });
});

it('is written as a folder, and leaves one that is there alone', async () => {
  const { path, remove } = await temporaryFolder('probe');
  onTestFinished(remove);
  const folder = await writeProbe(join(path, 'plugins'), 'python');
  expect(folder).toBe(join(path, 'plugins', PROBE));
  expect(await readdir(folder)).toEqual(['logic.py', 'manifest.json']);
  await expect(writeProbe(join(path, 'plugins'), 'javascript')).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(await readdir(folder)).toEqual(['logic.py', 'manifest.json']);
  expect(PROBE_LOGIC.javascript.text).toContain('<plugins>/contract-probe/logic.js');
});
