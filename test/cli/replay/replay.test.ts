import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Trace } from '../../../main/contract/trace.ts';
import { TRACE_FILE } from '../../../main/contract/trace-file.ts';
import { pickFreePort } from '../../../main/system/ports.ts';
import { temporaryFolder } from '../../support/folders.ts';
import { serve } from '../../support/http-server.ts';
import { startRuntime, type TestRuntime } from '../../support/runtime.ts';
import { SECRET } from '../../support/server.ts';
import { bearer, localToken } from '../../support/tokens.ts';
import { traceOf } from '../../support/trace-fixture.ts';
import { commandLine, type Printed } from '../command-line.ts';

const PLUGINS = {
  who: 'export const execute = ({ user_id, _context, order }) => ({ user_id, roles: _context.roles, order });',
  fails: "export const execute = ({ n }) => ({ error: 'no luck ' + n });",
  slow: 'export const execute = () => new Promise(() => {});',
  // Some verifiers want to know when a token was issued.
  keeps: `export const execute = ({ user_jwt }) => {
    const { iat, exp } = JSON.parse(Buffer.from(user_jwt.split('.')[1], 'base64url'));
    return { saw: 'token ' + user_jwt, isIssued: Number.isSafeInteger(iat) && iat < exp };
  };`,
  clock:
    'export const execute = () => ({ at: process.hrtime.bigint().toString(), items: [{ id: Math.random(), n: 1 }] });',
};

async function folder(): Promise<string> {
  const { path, remove } = await temporaryFolder('workbench-cli');
  onTestFinished(remove);
  return path;
}

interface Home {
  readonly cwd: string;
  readonly env: Record<string, string>;
}

/** A folder with these plugins where no runtime runs, and a file of these traces. */
async function home(traces: readonly Trace[], plugins: Record<string, string> = PLUGINS): Promise<Home> {
  const cwd = await folder();
  for (const [name, source] of Object.entries(plugins)) {
    await mkdir(join(cwd, 'plugins', name), { recursive: true });
    await writeFile(join(cwd, 'plugins', name, 'logic.js'), source);
  }
  await writeFile(join(cwd, 'traces.json'), JSON.stringify({ ...TRACE_FILE, traces }));
  return { cwd, env: { PORT: String(await pickFreePort()), JWT_SECRET: SECRET } };
}

const replay = (at: Home, ...args: readonly string[]): Promise<Printed> =>
  commandLine(['replay', 'traces.json', ...args], at);

async function recorded(make: (runtime: TestRuntime) => Promise<unknown>): Promise<readonly Trace[]> {
  const runtime = await startRuntime({
    plugins: PLUGINS,
    env: { MOZAIKS_PLUGIN_TIMEOUT_SECONDS: '0.3' },
  });
  await make(runtime);
  const { traces } = runtime.runtime.traces.list({ limit: 100 });
  return traces.map(({ id }) => {
    const trace = runtime.runtime.traces.get(id);
    if (trace === undefined) throw new Error(`no trace ${id}`);
    return trace;
  });
}

describe('replay', () => {
  it('finds the same again: answers, errors, timeouts, identities and masked tokens', async () => {
    const traces = await recorded(async ({ execute }) => {
      await execute('who', { order: 1 });
      await execute(
        'who',
        { order: 2, user_id: 'spoof' },
        bearer(localToken({ sub: 'ada', roles: ['boss'] })),
      );
      await execute('fails', { n: 7 });
      await execute('slow');
      await execute('keeps', {}, bearer(localToken({ iat: Math.floor(Date.now() / 1000) })));
      await execute('absent');
      await execute('who', 'no json');
    });
    const at = await home(traces);
    const { code, out, err } = await replay(at, '--timeout', '0.3', '--recorded-roles');
    const said = err.trimEnd().split('\n');
    // Of a plugin once, though `who` was called twice; of a call for each.
    expect(said.filter((line) => line.endsWith('since it runs Python only.'))).toEqual(
      ['who', 'fails', 'slow', 'keeps'].map(
        (name) =>
          `${name}  In production: 404 {"detail":"Plugin '${name}' not found."}, since it runs Python only.`,
      ),
    );
    const anonymous = said.filter((line) => line.endsWith('In production: 401, since no token was sent.'));
    expect(anonymous).toHaveLength(5);
    for (const line of anonymous) expect(line).toMatch(/^[0-9a-f]{16} {2}\w+ {2}In/);
    expect(out.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^same {5}[0-9a-f]{16} {2}who {5}200 ok$/),
      expect.stringMatching(/^same .*who {5}200 ok$/),
      expect.stringMatching(/^same .*fails {3}500 plugin_error$/),
      expect.stringMatching(/^same .*slow {4}500 timeout$/),
      expect.stringMatching(/^same .*keeps {3}200 ok$/),
      expect.stringMatching(/^same .*absent {2}404 refused$/),
      expect.stringMatching(/^same .*who {5}400 refused$/),
      '7 sent again: 7 same, 0 different; 0 skipped',
    ]);
    expect(code).toBe(0);
    expect((await readdir(at.cwd)).sort()).toEqual(['plugins', 'traces.json']);
  });

  it('ends with 1 and says what differs', async () => {
    const traces = await recorded(async ({ execute }) => {
      await execute('who', { order: 1 });
      await execute('fails', { n: 7 });
    });
    const changed = {
      who: 'export const execute = ({ order }) => ({ order: order + 1, user_id: "dev-user", more: "\\u009b2J" });',
      fails: 'export const execute = () => ({ fine: true });',
    };
    const at = await home(traces, changed);
    const { code, out } = await replay(at);
    expect(code).toBe(1);
    expect(out).toContain('body.order 1 → 2; body.more (absent) → "\\u009b2J"');
    expect(out).toContain('outcome plugin_error → ok; status 500 → 200; body.detail "no luck 7" → (absent)');
    expect(out).toContain('2 sent again: 0 same, 2 different; 0 skipped');
    const json = JSON.parse((await replay(at, '--json', '--plugin', 'who')).out);
    expect(json).toMatchObject({
      same: 0,
      different: 1,
      skipped: 0,
      traces: [{ plugin: 'who', verdict: 'differs', reason: null, status: 200, outcome: 'ok' }],
    });
    expect(json.traces[0].differences[0]).toEqual({ place: 'body.roles', recorded: ['user'] });
  });

  it('lets places differ that are named', async () => {
    const at = await home(await recorded(({ execute }) => execute('clock')));
    expect((await replay(at)).code).toBe(1);
    expect((await replay(at, '--ignore', 'at')).code).toBe(1);
    expect((await replay(at, '--ignore', 'at', '--ignore', 'items.*.id')).code).toBe(0);
  });

  it('sends as who is told, in place of who was recorded', async () => {
    const at = await home(await recorded(({ execute }) => execute('who', { order: 1 })));
    const { code, out } = await replay(at, '--as', 'admin');
    expect(code).toBe(1);
    expect(out).toContain('body.user_id "dev-user" → "user-ada"');
    expect((await replay(at, '--token', localToken({ sub: 'eve' }))).out).toContain('"dev-user" → "eve"');
  });

  it('sends to the address that is given, and guesses the outcome from its answers', async () => {
    const traces = await recorded(async ({ baseUrl, execute }) => {
      await execute('fails', { n: 7 });
      await execute('slow');
      // The plugin host's path tells no code.
      await fetch(`${baseUrl}/api/plugins/slow/execute`, { method: 'POST', body: '{}' });
    });
    const { baseUrl } = await startRuntime({
      plugins: PLUGINS,
      env: { MOZAIKS_PLUGIN_TIMEOUT_SECONDS: '0.3' },
    });
    const { code, out } = await replay(await home(traces), '--url', baseUrl, '--json');
    expect(JSON.parse(out)).toMatchObject({ url: baseUrl, same: 3, different: 0, skipped: 0 });
    expect(code).toBe(0);
  });

  it('skips what can not be sent as it was, and says why', async () => {
    const request = traceOf(0).request;
    const answered = { response: { status: 200, headers: {}, body: null } };
    const body = (json: Record<string, string>) => ({ json, bytes: 9, truncated: false });
    const at = await home([
      traceOf(1, {
        ...answered,
        request: { ...request, body: { text: '{', bytes: 9_000_000, truncated: true } },
      }),
      traceOf(2, { ...answered, request: { ...request, body: body({ password: '(masked)' }) } }),
      traceOf(3, { outcome: 'aborted', status: null }),
      traceOf(4, { ...answered, request: { ...request, headers: { authorization: 'Bearer eyJ…(masked)' } } }),
      traceOf(5, { ...answered, request: { ...request, method: 'GET' } }),
      traceOf(6, { outcome: 'refused', status: 403, response: { status: 403, headers: {}, body: null } }),
    ]);
    const { code, out } = await replay(at);
    for (const [id, why] of [
      ['1', 'stored only in part'],
      ['2', 'was masked'],
      ['3', 'the client disconnected'],
      ['4', 'its token was refused'],
      ['5', 'not a plugin call'],
      ['6', 'Host or Origin'],
    ] as const) {
      expect(out).toMatch(new RegExp(`skipped {2}0+${id} {2}hello {2}.*${why}`));
    }
    expect(out).toContain('0 sent again: 0 same, 0 different; 6 skipped');
    // Nothing was found to be the same: that is no success.
    expect(code).toBe(3);
  });

  it('skips what was sent with a token where none can be signed', async () => {
    const traces = await recorded(({ execute }) => execute('who', {}, bearer(localToken())));
    const at = await home(traces);
    const external = {
      MOZAIKS_AUTH_MODE: 'external',
      MOZAIKS_JWKS_URL: 'http://127.0.0.1:1/keys',
      MOZAIKS_ISSUER: 'https://issuer.example',
      MOZAIKS_AUDIENCE: 'api',
    };
    const { code, out } = await replay({ ...at, env: { ...at.env, ...external } });
    expect({ code, out }).toEqual({ code: 3, out: expect.stringContaining('give --token') });
  });

  it('sends nothing to a host that a file hides in a path', async () => {
    const seen: (string | undefined)[] = [];
    const evil = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.end('{}');
    });
    const path = `@${new URL(evil).host}/api/execute/hello`;
    const request = { ...traceOf(0).request, path };
    const at = await home([traceOf(1, { request, response: { status: 200, headers: {}, body: null } })]);
    const { code } = await replay(at, '--as', 'admin', '--url', 'http://127.0.0.1');
    expect({ code, seen }).toEqual({ code: 3, seen: [] });
  });

  it.each([
    [['--trace', 'ffff'], 'the file has no trace with this id'],
    [['--plugin', 'other'], 'the file has calls of hello'],
    [['--as', 'king'], 'Allowed choices'],
  ])('refuses %j', async (args, said) => {
    const { code, out, err } = await replay(await home([traceOf(1)]), ...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(said);
  });

  it('can not run without a file of traces', async () => {
    const cwd = await folder();
    await writeFile(join(cwd, 'other.json'), '{"log":{}}');
    expect(await commandLine(['replay', 'absent.json'], { cwd })).toMatchObject({
      code: 3,
      err: "absent.json can't be read (ENOENT)\n",
    });
    expect(await commandLine(['replay', 'other.json'], { cwd })).toMatchObject({
      code: 3,
      err: expect.stringContaining('it is an HTTP Archive'),
    });
  });
});
