import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { REPORT_WRITERS } from '../main/conformance/reports/formats.ts';
import type { ConformanceReport } from '../main/contract/conformance.ts';
import type { JsonObject } from '../main/contract/http.ts';
import type { Trace } from '../main/contract/trace.ts';
import { commandLine } from './cli/command-line.ts';
import { serve } from './support/http-server.ts';
import { startRuntime, type TestRuntime } from './support/runtime.ts';
import { SECRET } from './support/server.ts';
import { bearer, localToken } from './support/tokens.ts';
import { sampleTrace } from './traces/trace-samples.ts';

/**
 * T1: a canary of each kind of secret goes every way a plugin or another runtime can send it, and is then
 * looked for, as raw bytes, in all that the runtime wrote, showed, exported, logged and started.
 */

const token = localToken({ sub: 'canary' });
const [, , signature = ''] = token.split('.');
const ADDRESS = 'mongodb://app:cnry%2Dpass-of-the-database@db.internal/a';

/** What may be nowhere. */
const CANARIES: Readonly<Record<string, string>> = {
  secret: SECRET,
  key: 'cnry-internal-key-0123456789abcdef',
  launch: 'cnry-launch-token-0123456789abcdef',
  token,
  signature,
  variable: 'cnry/variable+"of" plugins=0123456789',
  envFile: 'cnry-of-the-env-file-0123456789',
  password: 'cnry%2Dpass-of-the-database',
  meantPassword: 'cnry-pass-of-the-database',
  foreignPassword: 'cnrypw',
};
const WRITINGS = Object.entries(CANARIES).flatMap(([name, value]) =>
  [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)].map((text) => [name, text] as const),
);

const JAVASCRIPT = `
const all = (jwt) => [jwt, process.env.SHOP_KEY, process.env.DATABASE_URI, process.env.SHOP_ENV,
  decodeURIComponent(process.env.DATABASE_URI), 'redis://x:cnrypw@cache', encodeURIComponent('redis://x:cnrypw@cache')];
export async function execute({ how, user_jwt }) {
  const secrets = all(user_jwt);
  if (how === 'print') { console.log(...secrets); console.error(JSON.stringify(JSON.stringify({ secrets }))); return {}; }
  if (how === 'throw') { const error = new Error(secrets.join(' ')); error.name = secrets[1]; throw error; }
  if (how === 'key') return { [secrets[1]]: { [secrets[2]]: secrets }, url: secrets.map(encodeURIComponent).join('&') };
  if (how === 'code') return { error: secrets, error_code: secrets[1] };
  setTimeout(() => { throw new Error(secrets.join(' ')); });
  return new Promise(() => {});
}
setInterval(() => console.log('later', ...all('')), 100).unref();`;
const BROKEN =
  "throw new Error('no ' + process.env.SHOP_KEY + ' ' + process.env.DATABASE_URI + ' redis://x:cnrypw@cache');";
const PYTHON = `
import os
def execute(data):
    secrets = [data.get("user_jwt"), os.environ["SHOP_KEY"], os.environ["DATABASE_URI"], "redis://x:cnrypw@cache"]
    if data["how"] == "print":
        print(*secrets, repr(secrets))
        return {}
    raise ValueError(*secrets)
`;

function bytesBelow(folder: string): string {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath ?? entry.path, entry.name), 'latin1'))
    .join('\n');
}

/** What anyone on this machine sees of the plugins' processes, and what the processes themselves find. */
function processesOf({ runtime }: TestRuntime): { readonly arguments: string; readonly environment: string } {
  const pids = runtime.engine.list().flatMap(({ pid }) => pid ?? []);
  const read = (name: string) => pids.map((pid) => readFileSync(`/proc/${pid}/${name}`, 'latin1')).join('\n');
  return { arguments: read('cmdline'), environment: read('environ') };
}

async function send(test: TestRuntime): Promise<void> {
  const { execute, runtime } = test;
  const headers = bearer(token);
  const ways = ['print', 'throw', 'key', 'code'];
  for (const how of ways) await execute('leak', { how, note: ADDRESS }, headers);
  // Outside of any call.
  await vi.waitFor(() => expect(JSON.stringify(test.log)).toContain('later'));
  for (const how of ['print', 'throw']) await execute('leak_py', { how }, headers);
  await execute(
    `leak?to=${encodeURIComponent('redis://x:cnrypw@cache')}&t=${token}`,
    { how: 'die' },
    headers,
  );
  await execute('broken', { at: 'redis://x:cnrypw@cache' }, { ...headers, 'x-note': CANARIES.key ?? '' });
  await execute('leak', 'not JSON: redis://x:cnrypw@cache', { authorization: `Bearer ${token}x` });
  await vi.waitFor(() => expect(runtime.traces.counts().kept).toBe(9));
}

const envFile = `DATABASE_URI=${ADDRESS}\nSHOP_ENV=${CANARIES.envFile}\n`;
const env = { INTERNAL_API_KEY: CANARIES.key ?? '', MOZAIKS_PLUGIN_ENV_SHOP_KEY: CANARIES.variable ?? '' };

it('T1: no canary is in anything that leaves the runtime, but in the plugin’s own answer', async () => {
  const launch = CANARIES.launch ?? '';
  const test = await startRuntime({
    plugins: { leak: JAVASCRIPT, broken: BROKEN, leak_py: { 'logic.py': PYTHON } },
    headless: { token: launch, uiFolder: '/nowhere' },
    env,
    envFile,
  });
  const { runtime, config, log, baseUrl, get } = test;
  await send(test);
  const found: Record<string, string> = {};
  const call = async (name: string, argument: unknown) => {
    const answer = JSON.stringify(await runtime.inspector.call(name, argument));
    expect(answer).toMatch(/^\{"ok":true/);
    found[`${name} ${JSON.stringify(argument).slice(0, 60)}`] = answer;
    return JSON.parse(answer).value;
  };
  const exported: Record<string, string> = {};
  for (const format of ['json', 'har']) {
    const { id } = await call('exportTraces', { format, choice: { file: null } });
    exported[format] = await (await fetch(`${baseUrl}/__inspector/${launch}/downloads/${id}`)).text();
  }
  Object.assign(found, exported);
  for (const { id } of (await call('traces', { limit: 50 })).traces) {
    await call('trace', { id });
    await call('traceAsCurl', { id, file: null, persona: 'user', revealToken: false });
  }
  for (const name of ['snapshot', 'settings']) await call(name, null);
  for (const path of ['/api/plugins', '/health', '/openapi.json']) found[path] = (await get(path)).text;
  Object.assign(found, await reportsOn(call, launch));
  const opened = await call('openTraceFile', { name: `${token}.json`, text: exported.json });
  expect(opened).toMatchObject({ count: 9 });
  const processes = processesOf(test);
  found.arguments = processes.arguments;
  await runtime.stop();
  found.files = bytesBelow(config.configPath);
  found.log = JSON.stringify(log);
  expect(Object.entries(found).flatMap(leaks)).toEqual([]);
  const ofRuntime = new Set(['secret', 'key', 'launch', 'token', 'signature']);
  const inProcesses = leaks(['environment', processes.environment]);
  expect(inProcesses.filter((leak) => ofRuntime.has(leak.split(': ')[1] ?? ''))).toEqual([]);
  // The test would see it if it were there.
  expect(inProcesses).toContain('environment: variable');
});

it('T1: no canary is in what exec and replay print of a call', async () => {
  const test = await startRuntime({ plugins: { leak: JAVASCRIPT }, env, envFile, start: false });
  const cwd = join(test.plugins, '..');
  const options = {
    cwd,
    env: { ...env, PATH: process.env.PATH, JWT_SECRET: SECRET, PORT: '0', CANARY: token },
  };
  const over = ['--plugins', test.plugins];
  const body = ['--data', '{"how":"print"}', '--verbose', '--context', ...over];
  const calls = ['print', 'throw', 'key', 'code'].map((how, index) =>
    sampleTrace(index + 1, { plugin: 'leak', request: requestOf({ how }) }),
  );
  const file = { format: 'mozaiks-workbench-traces', version: 1, traces: calls };
  await writeFile(join(cwd, 'traces.json'), JSON.stringify(file));
  const printed = [
    await commandLine(['exec', 'leak', ...body, '--token', token], options),
    await commandLine(['exec', 'leak', ...body, '--token', 'env:CANARY', '--json'], options),
    await commandLine(['replay', 'traces.json', ...over, '--token', 'env:CANARY'], options),
    await commandLine(['replay', 'traces.json', ...over, '--token', 'env:CANARY', '--json'], options),
  ];
  const texts = printed.flatMap(({ out, err }, index) => [
    [`${index} out`, out] as const,
    [`${index} err`, err] as const,
  ]);
  for (const { out, err } of printed) expect(out + err).toContain('(masked)');
  expect(texts.flatMap(leaks)).toEqual([]);
});

function requestOf(json: JsonObject): Trace['request'] {
  const body = { json, bytes: JSON.stringify(json).length, truncated: false };
  return { method: 'POST', path: '/api/execute/leak', headers: {}, body };
}

/** The report on a runtime that answers with every canary it can know, in every format. */
async function reportsOn(
  call: (name: string, argument: unknown) => Promise<unknown>,
  launch: string,
): Promise<Record<string, string>> {
  const shown = [...WRITINGS.filter(([name]) => name !== 'foreignPassword').map(([, text]) => text), ADDRESS];
  const target = await serve((request, response) => {
    response.setHeader('X-Echo', `${launch} ${request.headers.authorization ?? ''}`);
    response.end(JSON.stringify({ shown, url: 'redis://x:cnrypw@cache' }));
  });
  const report = (await call('checkContract', { runId: 'canary', target, token })) as ConformanceReport;
  const entries = Object.entries(REPORT_WRITERS).map(
    ([format, { write }]) => [format, write(report)] as const,
  );
  return Object.fromEntries(entries);
}

function leaks([place, text]: readonly [string, string]): string[] {
  const names = WRITINGS.filter(([, writing]) => text.includes(writing)).map(([name]) => name);
  return [...new Set(names)].map((name) => `${place}: ${name}`);
}
