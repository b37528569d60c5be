import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { PROBE } from '../../main/conformance/target/probe.ts';
import type { CheckTarget, Variant, VariantTarget } from '../../main/conformance/target/target.ts';
import { PROBE_LANGUAGES } from '../../main/contract/conformance.ts';
import { createOwnTargets, type OwnTargets, startOwnTarget } from '../../main/ephemeral/own-target.ts';
import { createRuntime, type Runtime } from '../../main/runtime/runtime.ts';
import { temporaryFolder } from '../support/folders.ts';
import { freePort } from '../support/free-port.ts';
import { databaseScript, hostScripts, threadScripts } from '../support/host-script.ts';
import { answersMet } from '../support/openapi-witness.ts';
import { recordingLog } from '../support/recording-log.ts';
import { startRuntime, type TestRuntime } from '../support/runtime.ts';
import { testConfig } from '../support/server.ts';

/** Makes second runtimes as the first one does, and keeps them in sight. */
function maker() {
  const made: Runtime[] = [];
  const log = recordingLog();
  const make = (config: Runtime['config']) => {
    const runtime = createRuntime(config, {
      hostScripts,
      threadScripts,
      databaseScript,
      log,
      environment: { PATH: process.env.PATH },
      shell: 'headless',
      desktop: null,
      headless: null,
    });
    made.push(runtime);
    return runtime;
  };
  return { made, make, log };
}

const external = async () => ({
  MOZAIKS_AUTH_MODE: 'external',
  MOZAIKS_DEV_ISSUER: 'true',
  MOZAIKS_DEV_ISSUER_PORT: String(await freePort()),
});

function openTargets({ runtime }: TestRuntime): OwnTargets & ReturnType<typeof maker> {
  const seen = maker();
  const targets = createOwnTargets(runtime, seen.make);
  onTestFinished(targets.stop);
  return { ...targets, ...seen };
}

async function requireVariant(target: CheckTarget, variant: Variant): Promise<VariantTarget> {
  const found = await target.findVariant(variant);
  if ('skip' in found) throw new Error(found.skip);
  return found;
}

/** What the probe plugin answers there. */
async function report({ origin, context }: VariantTarget, body: object = { action: 'report' }) {
  const answer = await fetch(new URL(`/api/execute/${PROBE}`, origin), {
    method: 'POST',
    headers: context.tokens.user === undefined ? {} : { authorization: `Bearer ${context.tokens.user}` },
    body: JSON.stringify(body),
  });
  const json: Record<string, unknown> = await answer.json();
  return { ...json, status: answer.status } as Record<string, unknown>;
}

/** Everything a runtime has that could be left behind. */
const leavings = (runtimes: readonly Runtime[]) =>
  runtimes.map((runtime) => ({
    pid: runtime.engine.get(PROBE)?.pid ?? 0,
    url: runtime.baseUrl,
    home: dirname(runtime.config.pluginsPath),
  }));

async function expectNothingLeft(left: ReturnType<typeof leavings>): Promise<void> {
  for (const { pid, url, home } of left) {
    expect(existsSync(home)).toBe(false);
    await expect(fetch(url)).rejects.toThrow();
    if (pid > 0) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  }
}

describe.each(PROBE_LANGUAGES)('with the probe plugin in %s', (language) => {
  it.each(['local', 'external'] as const)('a runtime in %s mode is judged as it runs', async (mode) => {
    const env = mode === 'local' ? {} : await external();
    const first = await startRuntime({
      plugins: { mine: 'exports.execute = () => ({})' },
      env: { ...env, MAX_REQUEST_BODY_BYTES: '5000', MOZAIKS_PLUGIN_TIMEOUT_SECONDS: '9' },
    });
    const { open, made } = openTargets(first);
    const target = await open({ language });
    expect(target).toMatchObject({ own: true, self: { origin: new URL(first.baseUrl), description: null } });
    expect(target.self.context).toMatchObject({
      mode,
      anonymousAllowed: mode === 'local',
      plugin: 'mine',
      probe: null,
      maxBodyBytes: 5000,
      allowedOrigin: 'http://localhost:5173',
      allowDisruptive: false,
      timeout: { seconds: 9, from: 'MOZAIKS_PLUGIN_TIMEOUT_SECONDS' },
      caller: { userId: 'user-dana', username: 'dana', roles: ['user'] },
    });
    expect(made).toEqual([]);

    const [probe, again] = await Promise.all([
      requireVariant(target, 'probe'),
      requireVariant(target, 'probe'),
    ]);
    expect(made).toHaveLength(1);
    expect(again.origin).toEqual(probe.origin);
    expect(probe.description).toBe(`a second runtime with these settings and the plugin ${PROBE}`);
    expect(probe.context).toMatchObject({
      mode,
      probe: PROBE,
      plugin: PROBE,
      maxBodyBytes: 5000,
      allowDisruptive: true,
      timeout: { seconds: 9, from: 'MOZAIKS_PLUGIN_TIMEOUT_SECONDS' },
    });
    expect(await report(probe)).toMatchObject({
      status: 200,
      language,
      received: { user_id: 'user-dana' },
      environment: { MOZAIKS_PLUGIN_TIMEOUT_SECONDS: '9', PLUGIN_EXEC_TIMEOUT_S: null },
    });
    // Neither its calls nor its plugin are the developer's.
    expect(first.runtime.traces.counts().kept).toBe(0);
    expect(first.runtime.engine.list().map(({ name }) => name)).toEqual(['mine']);

    const left = leavings(made);
    expect(left[0]?.pid).toBeGreaterThan(0);
    await target.close();
    await expectNothingLeft(left);
    expect(await target.findVariant('timeout-set')).toEqual({ skip: 'the run has ended' });
    expect((await fetch(`${first.baseUrl}/ready`)).status).toBe(200);
  });
});

it('sets the timeout of second runtimes by the variables, as any start does', async () => {
  const first = await startRuntime({ env: { MOZAIKS_PLUGIN_TIMEOUT_SECONDS: '9' } });
  const { open } = openTargets(first);
  const target = await open({ language: 'javascript' });
  const expected = {
    'timeout-set': [2, 'MOZAIKS_PLUGIN_TIMEOUT_SECONDS'],
    'timeout-unset': [30, 'default'],
    'timeout-older-name': [2, 'PLUGIN_EXEC_TIMEOUT_S'],
  } as const;
  for (const [variant, [seconds, from]] of Object.entries(expected)) {
    const found = await requireVariant(target, variant as Variant);
    expect(found.context.timeout).toEqual({ seconds, from });
    const { environment } = await report(found);
    expect(environment).toEqual({
      MOZAIKS_PLUGIN_TIMEOUT_SECONDS: null,
      PLUGIN_EXEC_TIMEOUT_S: null,
      ...(from === 'default' ? {} : { [from]: '2' }),
    });
    if (seconds > 2) continue;
    expect(await report(found, { action: 'sleep', seconds: 20 })).toMatchObject({
      status: 500,
      error_code: 'PLUGIN_TIMEOUT',
    });
  }
});

it('says why there is no second runtime, and leaves nothing of the attempt', async () => {
  const first = await startRuntime({ env: { MOZAIKS_PYTHON: '/no/such/python3' } });
  const { open, made } = openTargets(first);
  const target = await open({ language: 'python' });
  const found = await target.findVariant('probe');
  expect(found).toEqual({
    skip: expect.stringMatching(/could not be started: the probe plugin does not load/),
  });
  expect(await target.findVariant('probe')).toEqual(found);
  expect(made).toHaveLength(1);
  await expectNothingLeft(leavings(made));
});

it('ends second runtimes with the first, also one that is only just starting', async () => {
  const first = await startRuntime();
  const { open, made, stop } = openTargets(first);
  const target = await open({ language: 'javascript' });
  await requireVariant(target, 'timeout-set');
  const starting = target.findVariant('probe');
  await stop();
  expect(await starting).toEqual({
    skip: expect.stringContaining('waiting for the probe plugin was cancelled'),
  });
  await expectNothingLeft(leavings(made));
  expect(made).toHaveLength(2);
  await expect(open({ language: 'javascript' })).rejects.toMatchObject({ code: 'NOT_READY' });
});

it('has no token in external mode with a real provider, but takes one', async () => {
  const env = {
    MOZAIKS_AUTH_MODE: 'external',
    MOZAIKS_JWKS_URL: 'http://127.0.0.1:9/jwks',
    MOZAIKS_ISSUER: 'http://127.0.0.1:9',
    MOZAIKS_AUDIENCE: 'me',
    MOZAIKS_USER_ID_CLAIM: 'who',
  };
  const { open } = openTargets(await startRuntime({ env }));
  const without = await open({ language: 'javascript' });
  expect(without.self.context).toMatchObject({ mode: 'external', tokens: {}, caller: null });
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = `${part({ alg: 'RS256' })}.${part({ who: 'ada', sub: 'x' })}.AAAA`;
  const given = await open({ language: 'javascript', token });
  expect(given.self.context).toMatchObject({ tokens: { user: token }, caller: { userId: 'ada' } });
});

describe('a runtime that is started for its checks alone', () => {
  it('has the settings on a port and over a folder of its own, and its own issuer', async () => {
    // The workbench itself may run at the same time, with the same settings.
    const env = await external();
    const beside = await startRuntime({ env });
    const { make, made } = maker();
    const target = await startOwnTarget(await testConfig(env), make, { language: 'javascript' });
    onTestFinished(() => target.close());
    expect(target.self.origin.href).not.toContain(beside.baseUrl);
    expect(target.self.context).toMatchObject({ mode: 'external', probe: PROBE, allowDisruptive: true });
    expect(await target.findVariant('probe')).toBe(target.self);
    expect(await report(target.self)).toMatchObject({ status: 200, received: { user_id: 'user-dana' } });
    // Its keys are fetched from the one issuer that both trust.
    const set = await requireVariant(target, 'timeout-set');
    expect(await report(set)).toMatchObject({ status: 200 });
    const left = leavings(made);
    await target.close();
    expect(left).toHaveLength(2);
    await expectNothingLeft(left);
  });

  it('is not started without an interpreter for the probe, and leaves nothing', async () => {
    const { make, made } = maker();
    const config = await testConfig({ MOZAIKS_PYTHON: '/no/such/python3' });
    await expect(startOwnTarget(config, make, { language: 'python' })).rejects.toMatchObject({
      code: 'NOT_READY',
      message: expect.stringMatching(/does not load: no Python.*There is no \/no\/such\/python3$/),
    });
    await expectNothingLeft(leavings(made));
  });
});

it('a runtime that stops while it is checked takes its second runtimes with it', async () => {
  const { path, remove } = await temporaryFolder('checks');
  onTestFinished(remove);
  vi.stubEnv('TMPDIR', path);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const { runtime, get } = await startRuntime();
  // What it answers is held against its own document, which can't be read once it stops.
  await get('/health');
  await answersMet();
  const homes = async () => (await readdir(path)).filter((name) => name.startsWith('mozaiks-check-'));
  const run = runtime.inspector.call('checkContract', { runId: 'a', target: null });
  await vi.waitFor(async () => expect(await homes()).not.toEqual([]), 20_000);
  await runtime.stop();
  expect(await homes()).toEqual([]);
  await run;
  expect(await homes()).toEqual([]);
}, 60_000);
