import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { PROBE } from '../../../main/conformance/target/probe.ts';
import { probeFiles } from '../../../main/conformance/target/probe-files.ts';
import { connectTarget, type RemoteOptions } from '../../../main/conformance/target/remote-target.ts';
import { type CheckTarget, VARIANTS } from '../../../main/conformance/target/target.ts';
import { deriveTokens, signTokensWithSecret } from '../../../main/conformance/target/tokens.ts';
import { freePort } from '../../support/free-port.ts';
import { serve } from '../../support/http-server.ts';
import { startRuntime } from '../../support/runtime.ts';
import { SECRET } from '../../support/server.ts';
import { localToken } from '../../support/tokens.ts';

const connect = (options: RemoteOptions) => connectTarget(options, new AbortController().signal);

/** Each variant with `self`, or the reason why it is skipped. */
async function variantsOf(target: CheckTarget): Promise<Record<string, string>> {
  const variants: Record<string, string> = {};
  for (const variant of VARIANTS) {
    const found = await target.findVariant(variant);
    if ('skip' in found) variants[variant] = found.skip;
    else variants[variant] = found === target.self ? 'self' : 'another';
  }
  return variants;
}

const withProbe = (env: Record<string, string> = {}) =>
  startRuntime({ plugins: { [PROBE]: probeFiles('javascript'), aaa: 'exports.execute = () => ({})' }, env });

describe('a runtime with the probe plugin', () => {
  it('is found out over HTTP, and called with every kind of token that its secret can sign', async () => {
    const { baseUrl } = await withProbe({ PLUGIN_EXEC_TIMEOUT_S: '2' });
    const target = await connect({ url: baseUrl, tokens: await signTokensWithSecret(SECRET) });
    expect(target.own).toBe(false);
    expect(target.self).toMatchObject({ origin: new URL(baseUrl), description: null });
    expect(target.self.context).toMatchObject({
      mode: 'local',
      anonymousAllowed: true,
      caller: { userId: 'user-dana' },
      plugin: 'aaa',
      probe: PROBE,
      executeRoute: '/api/execute/:plugin_name',
      maxBodyBytes: 1_000_000,
      allowedOrigin: 'http://localhost:5173',
      allowDisruptive: false,
      timeout: { seconds: 2, from: 'PLUGIN_EXEC_TIMEOUT_S' },
    });
    expect(Object.keys(target.self.context.tokens)).toHaveLength(11);
    expect(await variantsOf(target)).toEqual({
      probe: 'self',
      'timeout-older-name': 'self',
      'timeout-set': expect.stringMatching(/its PLUGIN_EXEC_TIMEOUT_S is 2: start it with MOZAIKS_PLUGIN/),
      'timeout-unset': expect.stringContaining('start it without MOZAIKS_PLUGIN_TIMEOUT_SECONDS'),
    });
  });

  it('shows by its plugins’ environment that the timeout is set, or is believed to have the default', async () => {
    const set = await connect({ url: (await withProbe({ MOZAIKS_PLUGIN_TIMEOUT_SECONDS: '1.5' })).baseUrl });
    expect(set.self.context.timeout).toEqual({ seconds: 1.5, from: 'MOZAIKS_PLUGIN_TIMEOUT_SECONDS' });
    expect(await variantsOf(set)).toMatchObject({ probe: 'self', 'timeout-set': 'self' });

    const { baseUrl } = await withProbe();
    const unset = await connect({ url: baseUrl });
    expect(unset.self.context.timeout).toEqual({ seconds: 30, from: 'assumed' });
    expect(await variantsOf(unset)).toEqual({
      probe: 'self',
      'timeout-unset': 'self',
      'timeout-set': expect.stringContaining('its timeout variables are not visible'),
      'timeout-older-name': expect.stringContaining('start it with PLUGIN_EXEC_TIMEOUT_S=2'),
    });
    const told = await connect({ url: baseUrl, timeoutSeconds: 4, maxBodyBytes: 10, allowDisruptive: true });
    expect(told.self.context).toMatchObject({
      timeout: { seconds: 4, from: 'MOZAIKS_PLUGIN_TIMEOUT_SECONDS' },
      allowDisruptive: true,
      maxBodyBytes: 10,
    });
    expect(await variantsOf(told)).toMatchObject({ 'timeout-set': 'self' });
  });

  it('that demands a token says so where it gets none, or a bad one', async () => {
    const { baseUrl } = await withProbe({ MOZAIKS_REQUIRE_TOKEN: 'true' });
    const without = await connect({ url: baseUrl });
    expect(without.self.context).toMatchObject({
      anonymousAllowed: false,
      probe: null,
      plugin: null,
      caller: null,
      tokens: {},
    });
    expect(await variantsOf(without)).toMatchObject({ probe: expect.stringContaining('requires one') });
    const wrong = await connect({
      url: baseUrl,
      tokens: deriveTokens(localToken({}, 'another secret '.repeat(3))),
    });
    expect(await variantsOf(wrong)).toMatchObject({ probe: expect.stringContaining('refuses the token') });
    const right = await connect({ url: baseUrl, tokens: deriveTokens(localToken()) });
    expect(right.self.context).toMatchObject({ anonymousAllowed: false, probe: PROBE, mode: null });
    expect(Object.keys(right.self.context.tokens)).toEqual(['user', 'tampered', 'alg-none']);
  });
});

it('a runtime without the probe plugin is told how to get it, for every variant', async () => {
  const { baseUrl } = await startRuntime({ plugins: { hello: 'exports.execute = () => ({})' } });
  const target = await connect({ url: baseUrl });
  expect(target.self.context).toMatchObject({ plugin: 'hello', probe: null });
  const reasons = Object.values(await variantsOf(target));
  expect(new Set(reasons)).toEqual(new Set([expect.stringContaining('check --save-probe <dir>')]));
});

/** Answers as web frameworks do about routes that they don't have. */
const MISSING: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => void>> = {
  FastAPI: (_request, response) => {
    response.writeHead(404, { 'content-type': 'application/json' }).end('{"detail":"Not Found"}');
  },
  Express: ({ method, url }, response) => {
    response.writeHead(404).end(`<pre>Cannot ${method} ${url}</pre>`);
  },
  'a server of files': (_request, response) => {
    response.writeHead(405, { allow: 'GET' }).end();
  },
};

it.each(Object.keys(MISSING))('the plugin host’s path is taken where %s has only that', async (name) => {
  const host = (answer: object, status = 200) =>
    serve((request, response) => {
      if (request.url === `/api/plugins/${PROBE}/execute`) {
        response.writeHead(status).end(JSON.stringify(answer));
      } else MISSING[name]?.(request, response);
    });
  const environment = { MOZAIKS_PLUGIN_TIMEOUT_SECONDS: null, PLUGIN_EXEC_TIMEOUT_S: null };
  const loaded = await host({ probe: 1, language: 'python', received: {}, environment });
  const { context } = (await connect({ url: loaded })).self;
  expect(context).toMatchObject({ executeRoute: '/api/plugins/:plugin_name/execute', probe: PROBE });
  const empty = await connect({ url: await host({ error: 'Plugin not found', plugin: PROBE }, 404) });
  expect(empty.self.context).toMatchObject({
    executeRoute: '/api/plugins/:plugin_name/execute',
    probe: null,
  });
});

it('the contract’s path is taken where neither is there, and strange reports are no probe', async () => {
  const target = await serve((request, response) => {
    if (request.url === `/api/execute/${PROBE}`) response.end('{"probe":1,"environment":null}');
    else response.writeHead(404).end('gone');
  });
  const { context } = (await connect({ url: target })).self;
  expect(context).toMatchObject({ executeRoute: '/api/execute/:plugin_name', probe: null });
});

it.each(['ftp://127.0.0.1', 'http://127.0.0.1:8080/api', 'http://a:b@127.0.0.1', 'http://h/#x', 'x'])(
  '%s is not the address of a runtime',
  async (url) => {
    await expect(connect({ url })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  },
);

it('a silent address and an ended wait are told apart', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  await expect(connect({ url })).rejects.toMatchObject({
    code: 'NOT_READY',
    message: expect.stringContaining(`No runtime answers at ${url}`),
  });
  const controller = new AbortController();
  const silent = await serve(() => controller.abort());
  await expect(connectTarget({ url: silent }, controller.signal)).rejects.toMatchObject({
    code: 'NOT_READY',
    message: `Cancelled before ${silent} had answered`,
  });
});
