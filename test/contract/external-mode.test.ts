import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { CLAUSES } from '../../main/conformance/clauses/clauses.ts';
import type { AnswerOf, ArgumentOf, InspectorName } from '../../main/contract/inspector.ts';
import { PERSONAS } from '../../main/contract/run.ts';
import { cleanUpAfterAll } from '../support/clean-up.ts';
import { projectRoot } from '../support/folders.ts';
import { freePort } from '../support/free-port.ts';
import { startRuntime, type TestRuntime } from '../support/runtime.ts';

/** External mode offline: a whole runtime with the development issuer, asked as the UI asks it. */

let app: TestRuntime;
let issuer: string;
const cleanUp = cleanUpAfterAll();
beforeAll(async () => {
  const port = await freePort();
  issuer = `http://127.0.0.1:${port}`;
  app = await startRuntime({
    plugins: { whoami: { 'logic.ts': await readFile(join(projectRoot, 'plugins/whoami/logic.ts'), 'utf8') } },
    env: {
      MOZAIKS_AUTH_MODE: 'external',
      MOZAIKS_DEV_ISSUER: 'true',
      MOZAIKS_DEV_ISSUER_PORT: String(port),
    },
    cleanUp,
  });
});

async function ask<N extends InspectorName>(name: N, argument: ArgumentOf<N>): Promise<AnswerOf<N>> {
  const result = await app.runtime.inspector.call(name, argument);
  if (!result.ok) throw new Error(result.error.message);
  return result.value as AnswerOf<N>;
}

it('every persona can be run, and is refused where a provider’s token would be', async () => {
  const answers: [string, number, unknown][] = [];
  for (const persona of PERSONAS.filter((id) => id !== 'custom')) {
    const { status, body } = await ask('run', { runId: persona, plugin: 'whoami', body: '{}', persona });
    const json = body.json as { user_id?: string; detail?: string };
    answers.push([persona, status, json.user_id ?? json.detail]);
  }
  expect(answers).toEqual([
    ['anonymous', 401, 'Not authenticated'],
    ['user', 200, 'user-dana'],
    ['admin', 200, 'user-ada'],
    ['superadmin', 200, 'user-sam'],
    ['expired', 401, 'Token expired'],
    ['wrong-audience', 401, 'Invalid token audience'],
    ['no-subject', 401, 'Token has no usable user id'],
  ]);
});

it('the contract’s checks keep every clause, with a caller of the development issuer', async () => {
  const { checks, mode } = await ask('checkContract', { runId: 'all', target: null });
  const others = checks.filter(({ verdict }) => verdict !== 'passed');
  expect(others.map(({ id, verdict, reason }) => `${id}: ${verdict} (${reason})`)).toEqual([]);
  expect([mode, checks.length]).toEqual(['external', CLAUSES.length]);
}, 120_000);

it('the private key is in no setting, trace, snapshot or log line', async () => {
  const pem = await readFile(join(app.config.configPath, 'dev-issuer-key.pem'), 'utf8');
  const secret = pem.split('\n')[3] ?? '';
  expect(secret).toHaveLength(64);
  const traces = app.runtime.traces.list({ limit: 50 }).traces.map(({ id }) => app.runtime.traces.get(id));
  expect(traces.length).toBeGreaterThan(5);
  const shown = JSON.stringify([app.config, app.runtime.snapshot(), traces, app.log.lines]);
  expect(shown).not.toContain(secret);
});

it('a token that hides in a claim is masked in the reason and in the remedy alike', async () => {
  const hidden = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJlLW9mLWEtdG9rZW4';
  const exp = Math.floor(Date.now() / 1000) + 600;
  const { token } = await ask('mintToken', { claims: { sub: 'u', exp, iss: hidden, aud: 'x' } });
  const run = { runId: 'hidden', plugin: 'whoami', body: '{}', persona: 'custom', token } as const;
  expect((await ask('run', run)).status).toBe(401);
  const failed = app.lastTrace().token?.steps.find(({ check }) => check === 'iss');
  expect(failed?.remedy?.setting).toBe('MOZAIKS_ISSUER');
  expect(JSON.stringify(app.lastTrace())).not.toMatch(/c2lnbmF0dXJl|eyJzdWIiOiJ4In0/);
});

it('its port closes with the runtime', async () => {
  expect((await fetch(`${issuer}/.well-known/jwks.json`)).status).toBe(200);
  await app.runtime.stop();
  await expect(fetch(`${issuer}/.well-known/jwks.json`)).rejects.toThrow('fetch failed');
});
