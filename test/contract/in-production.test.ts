import { beforeAll, describe, expect, it } from 'vitest';
import { pickFreePort } from '../../main/system/ports.ts';
import { eventually } from '../plugins/workspace.ts';
import { cleanUpAfterAll } from '../support/clean-up.ts';
import { type Answer, startRuntime, type TestRuntime } from '../support/runtime.ts';
import { bearer, localToken } from '../support/tokens.ts';

/** CONTRACT.md §7 over HTTP and real processes: the lines on the traces of calls that end otherwise there. */

const python = (text: string) => ({ 'logic.py': text });
const PLUGINS = {
  fine: python('async def execute(data):\n    return {"n": 1}\n'),
  listed: python('async def execute(data):\n    return [1, 2]\n'),
  texts: python('async def execute(data):\n    return "done"\n'),
  counts: python('def execute(data):\n    return 1.0\n'),
  models: python(
    'import datetime\nclass Model:\n    def __init__(self):\n        self.at = datetime.date(2026, 1, 2)\ndef execute(data):\n    return Model()\n',
  ),
  nothing: python('async def execute(data):\n    pass\n'),
  far: python('async def execute(data):\n    return [1] * 400\n'),
  endless: python('import itertools\nasync def execute(data):\n    return (n for n in itertools.count())\n'),
  waits: python('async def later():\n    return {}\ndef execute(data):\n    return later()\n'),
  sleeps: python(
    'import asyncio\nimport time\nasync def execute(data):\n    await asyncio.sleep(data.get("s", 0))\n    time.sleep(data.get("blocks", 0))\n    return {}\n',
  ),
  holds: python('async def execute(data):\n    return {"at": float("nan")}\n'),
  errs: python('async def execute(data):\n    return {"error": None, "error_code": "MINE"}\n'),
  unloaded: python('import no_such_module_of_anyone\n'),
  empty: python('VERSION = 1\n'),
  ids: python(
    'async def execute(data):\n    raise ValueError(f"{data[\'user_id\']!r} is not a valid ObjectId, it must be…")\n',
  ),
  off: { ...python('async def execute(data):\n    return {}\n'), 'manifest.json': '{"enabled":false}' },
  script: 'export const execute = () => ({ n: 1 });\n',
  backs: { 'backend/logic.py': 'async def execute(data):\n    return {}\n' },
};

let shared: TestRuntime;

const cleanUp = cleanUpAfterAll();
beforeAll(async () => {
  shared = await startRuntime({
    plugins: PLUGINS,
    cleanUp,
    env: { MAX_REQUEST_BODY_BYTES: '5000', MOZAIKS_MAX_PLUGIN_PROCESSES: '40' },
  });
});

const asAda = bearer(localToken({ sub: 'ada' }));

/** The status here, and what the trace says of production. */
async function ask(
  plugin: string,
  body: unknown = {},
  headers: Readonly<Record<string, string>> = asAda,
  runtime = shared,
) {
  const { status }: Answer = await runtime.execute(plugin, body, headers);
  const lines = runtime.lastTrace().inProduction ?? [];
  return [status, ...lines];
}

const NOT_FOUND = (name: string) => `404 {"detail":"Plugin '${name}' not found."}`;

describe('a plugin in Python', () => {
  it('that ends alike has no line', async () => {
    expect(await ask('fine')).toEqual([200]);
    expect('inProduction' in shared.lastTrace() && shared.lastTrace().inProduction).toBeFalsy();
  });

  it.each([
    ['listed', 500, '200 [1,2]'],
    ['texts', 500, '200 "done"'],
    ['counts', 500, '200 1.0'],
    ['models', 500, '200 {"at":"2026-01-02"}'],
    ['nothing', 500, '200 null'],
    ['far', 500, '200, and the list as JSON.'],
    ['endless', 500, '200, and the generator as JSON.'],
    ['waits', 200, '500: what a plain function returns is not awaited.'],
    ['holds', 500, '500 {"detail":"An internal server error occurred. Our team has been notified."}'],
    ['errs', 500, '500 {"detail":"Internal Server Error"}, without error_code and status_code.'],
    ['unloaded', 500, NOT_FOUND('unloaded')],
    ['empty', 500, '500 {"detail":"Plugin empty has no execute() or run() method"}'],
    ['ids', 500, 'user_id is the 24 hex digits of a document in users (v1.0.0), not the claim "ada".'],
    ['off', 404, 'the plugin is called: enabled in manifest.json is ignored.'],
  ])('%s', async (plugin, status, line) => {
    expect(await ask(plugin)).toEqual([status, line]);
  });
});

it('a plugin that blocks has all users wait, and no timeout', async () => {
  expect(await ask('sleeps', { blocks: 0.2 })).toEqual([200]);
  const text = expect.stringMatching(
    /^Blocked the event loop for (0\.[2-9]|[1-9])\S* s: in production all users wait/,
  );
  expect(shared.lastTrace().findings).toEqual([{ rule: 'blocking', text, collection: null }]);
  const runtime = await startRuntime({
    plugins: { sleeps: PLUGINS.sleeps },
    env: { MOZAIKS_PLUGIN_TIMEOUT_SECONDS: '1' },
  });
  // Where the machine is too busy for a process to notice its cancellation in time, it seems to block.
  await eventually(async () => (await ask('sleeps', { s: 60 }, asAda, runtime)).slice(0, 2)).toEqual([
    500,
    '500 {"detail":"Plugin execution timed out after 1.0 seconds"}',
  ]);
  expect(await ask('sleeps', { blocks: 60 }, asAda, runtime)).toEqual([
    500,
    'no timeout while the event loop is blocked: the call runs to its end.',
  ]);
  const [status, ...lines] = await ask('sleeps', {}, asAda, runtime);
  expect([status, lines.filter((line) => String(line).startsWith('module state'))]).toEqual([
    200,
    [expect.stringMatching(/since the last one was ended after a timeout\.$/)],
  ]);
});

it('a plugin in JavaScript is not found there', async () => {
  expect(await ask('script')).toEqual([200, `${NOT_FOUND('script')}, since it runs Python only.`]);
});

it('the plugin host finds no backend/ and adds no context', async () => {
  const post = async (name: string) => {
    const url = `${shared.baseUrl}/api/plugins/${name}/execute`;
    await (await fetch(url, { method: 'POST', headers: asAda, body: '{}' })).text();
    return shared.lastTrace().inProduction;
  };
  expect(await post('backs')).toEqual([
    '404 {"error":"Plugin not found","plugin":"backs"}, since it looks for logic.py in the plugin’s own folder only.',
  ]);
  expect(await post('fine')).toEqual([
    'no app_id, user_jwt and _entitlements on this path but those the client sends.',
  ]);
});

describe('a body', () => {
  const deep = `{"a":${'['.repeat(101)}${']'.repeat(101)}}`;
  it.each([
    ['[]', 400, '500: only an object can take the keys that the runtime adds.'],
    ['{"a":NaN,"NaN":"NaN"}', 400, 'the plugin is called: NaN, Infinity and -Infinity are numbers there.'],
    ['{"a":[-Infinity]}', 400, 'the plugin is called: NaN, Infinity and -Infinity are numbers there.'],
    [deep, 400, 'the plugin is called: a body may be nested deeper.'],
    [`{"a":"${'x'.repeat(5_000)}"}`, 413, 'the plugin is called: a body may have any size.'],
  ])('%.40s', async (body, status, line) => {
    expect(await ask('fine', body)).toEqual([status, line]);
  });

  it.each(['{"a":NaN', '{"a":"NaN"', '', '{"a":nan}', '{NaN:1}'])('%j is refused there too', async (body) => {
    expect(await ask('fine', body)).toEqual([400]);
  });
});

describe('a caller', () => {
  const now = Math.floor(Date.now() / 1000);
  it.each([
    ['sends no token', {}, 200, '401, since no token was sent.'],
    [
      'has a token that has just expired',
      bearer(localToken({ sub: 'ada', exp: now - 5 })),
      200,
      '401: no leeway is given for the times in a token.',
    ],
    [
      'has a token for later',
      bearer(localToken({ sub: 'ada', nbf: now + 40 })),
      200,
      '401: no leeway is given for the times in a token.',
    ],
    [
      'is superadmin by a role',
      bearer(localToken({ sub: 'ada', roles: ['superadmin'] })),
      200,
      'is_superadmin is false unless MOZAIKS_SUPERADMIN_CLAIM or MOZAIKS_SUPERADMIN_ROLE is set.',
    ],
  ])('%s', async (_title, headers, status, line) => {
    expect(await ask('fine', {}, headers)).toEqual([status, line]);
  });

  it('has a token without exp', async () => {
    const token = localToken({ sub: 'ada', exp: undefined });
    expect(await ask('fine', {}, bearer(token))).toEqual([401, 'the token is accepted: exp is optional.']);
  });
});

describe('a setting that production has too', () => {
  it('names the superadmin’s claim: then truth is enough there', async () => {
    const runtime = await startRuntime({
      plugins: { fine: PLUGINS.fine },
      env: { MOZAIKS_SUPERADMIN_CLAIM: 'root' },
    });
    const askWith = (value: unknown) =>
      ask('fine', {}, bearer(localToken({ sub: 'ada', root: value })), runtime);
    const truthy = 'is_superadmin is true: any value of MOZAIKS_SUPERADMIN_CLAIM that Python counts as true.';
    expect([await askWith(true), await askWith('yes')]).toEqual([[200], [200, truthy]]);
    expect([await askWith([]), await askWith(0)]).toEqual([[200], [200]]);
  });
});

it('--as-production: no token is 401 here too, and nothing differs', async () => {
  const runtime = await startRuntime({
    plugins: { fine: PLUGINS.fine },
    env: {
      MOZAIKS_AS_PRODUCTION: 'true',
      MOZAIKS_DEV_ISSUER: 'true',
      MOZAIKS_DEV_ISSUER_PORT: String(await pickFreePort()),
    },
  });
  expect(await ask('fine', {}, {}, runtime)).toEqual([401]);
  const { mint } = runtime.runtime.authSwitch;
  const token = await mint.personaToken('user');
  expect(await ask('fine', {}, bearer(String(token)), runtime)).toEqual([200]);
  const { claims } = mint.personas().find(({ id }) => id === 'user') ?? {};
  const now = Math.floor(Date.now() / 1000);
  for (const late of [{ exp: now - 5 }, { nbf: now + 40 }]) {
    expect(await ask('fine', {}, bearer(await mint.mint({ ...claims, ...late })), runtime)).toEqual([401]);
  }
});

describe('calls beside and after each other', () => {
  const COUNTS = `
import asyncio
count = 0
async def execute(data):
    global count
    count += 1
    await asyncio.sleep(data.get("s", 0))
    return {"count": count}
`;
  it('wait for a turn, and lose module state with their process', async () => {
    const runtime = await startRuntime({
      plugins: { counts: python(COUNTS) },
      env: { PLUGIN_EXEC_MAX_CONCURRENCY: '1' },
    });
    await Promise.all([runtime.execute('counts', { s: 0.2 }, asAda), runtime.execute('counts', {}, asAda)]);
    const lines = runtime.runtime.traces
      .list({ limit: 2 })
      .traces.map(({ id }) => runtime.runtime.traces.get(id)?.inProduction);
    expect(lines).toContainEqual(['the call runs at once: calls of a plugin never wait for each other.']);
    expect(lines).toContain(undefined);

    await runtime.runtime.engine.restart('counts');
    const state = 'module state lives as long as the server; this is the first call of a new process, since';
    expect(await ask('counts', {}, asAda, runtime)).toEqual([200, `${state} the plugin was restarted.`]);
    expect(await ask('counts', {}, asAda, runtime)).toEqual([200]);
    await runtime.write('counts', python(`${COUNTS}\n# changed\n`));
    await runtime.runtime.engine.reload('counts');
    expect(await ask('counts', {}, asAda, runtime)).toEqual([200, `${state} the plugin was reloaded.`]);
  });
});
