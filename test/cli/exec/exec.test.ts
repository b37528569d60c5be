import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { pickFreePort } from '../../../main/system/ports.ts';
import { temporaryFolder } from '../../support/folders.ts';
import { serve } from '../../support/http-server.ts';
import { startRuntime } from '../../support/runtime.ts';
import { SECRET } from '../../support/server.ts';
import { type CommandLineOptions, commandLine } from '../command-line.ts';

const PLUGINS = {
  echo: 'export const execute = (data) => data;',
  fails: 'export const execute = () => { throw new Error("no luck\\u001b[2J"); };',
  loud: 'export const execute = () => { console.log("said \\u001b[31mred"); return {}; };',
  forever: 'export const execute = () => new Promise(() => {});',
  big: 'export const execute = () => ({ spaced: 1.0, text: "x" });',
} as const;

const NO_TOKEN = 'In production: 401, since no token was sent.\n';
/** What a call of one of these without a token says of production. */
const inProduction = (plugin: string) =>
  `${NO_TOKEN}In production: 404 {"detail":"Plugin '${plugin}' not found."}, since it runs Python only.\n`;

async function home(): Promise<string> {
  const { path, remove } = await temporaryFolder('workbench-cli');
  onTestFinished(remove);
  for (const [name, source] of Object.entries(PLUGINS)) {
    await mkdir(join(path, 'plugins', name), { recursive: true });
    await writeFile(join(path, 'plugins', name, 'logic.js'), source);
  }
  return path;
}

/** A port where nothing runs, so that no runtime of this machine is found. */
async function quietHome(): Promise<{ cwd: string; env: Record<string, string> }> {
  return { cwd: await home(), env: { PORT: String(await pickFreePort()), JWT_SECRET: SECRET } };
}

const exec = (args: readonly string[], options: CommandLineOptions) =>
  commandLine(['exec', ...args], options);

describe('exec with a plan and tiers', () => {
  const ENTITLEMENTS = 'schema_version: "1.0"\nplugin: echo\n';

  it('stores them for the caller, whom every later call obeys', async () => {
    const { cwd, env } = await quietHome();
    await writeFile(join(cwd, 'plugins', 'echo', 'entitlements.yaml'), ENTITLEMENTS);
    const on = { cwd, env: { ...env, MONETIZATION: '1' } };
    const tierOf = async (...args: string[]) =>
      JSON.parse((await exec(['echo', ...args], on)).out)._entitlements.tier;
    expect(await tierOf('--as', 'user', '--plan', 'team')).toBe('team');
    expect(await tierOf('--as', 'user', '--tiers', 'echo=pro,other=x')).toBe('pro');
    expect(await tierOf('--as', 'user')).toBe('pro');
    expect(await tierOf()).toBe('free');
    expect(await tierOf('--plan', 'gold')).toBe('gold');
  });

  it('says where they have no effect', async () => {
    const { cwd, env } = await quietHome();
    const { code, err } = await exec(['echo', '--plan', 'team'], { cwd, env });
    expect(code).toBe(0);
    expect(err).toContain('the subscription has no effect: MONETIZATION is off here\n');
  });

  it.each([
    [['--tiers', 'echo'], 'Give plugin=tier'],
    [['--plan', 'team', '--url', 'http://127.0.0.1:1'], 'cannot be used with'],
  ])('refuses %j', async (args, said) => {
    const { code, err } = await exec(['echo', ...args], { cwd: await home() });
    expect(code).toBe(2);
    expect(err).toContain(said);
  });
});

describe('exec without a runtime', () => {
  it('starts one for the call, prints its answer alone, and leaves nothing', async () => {
    const { cwd, env } = await quietHome();
    const { code, out, err } = await exec(['echo', '--data', '{"n":1}'], { cwd, env });
    expect({ code, err }).toEqual({ code: 0, err: inProduction('echo') });
    expect(JSON.parse(out)).toMatchObject({ n: 1, app_id: 'dev_app', user_id: 'dev-user' });
    expect(out.trimEnd()).not.toContain('\n');
    expect(await readdir(cwd)).toEqual(['plugins']);
  });

  it('lays the answer out for a person, and shows control characters instead of sending them', async () => {
    const { cwd, env } = await quietHome();
    const { out, err } = await exec(['fails'], { cwd, env, isOutInteractive: true });
    expect(out).toContain('{\n  "detail": "Error executing plugin: no luck\\u001b[2J"');
    expect(err).toBe(
      `fails: exception (500 PLUGIN_EXCEPTION): Error executing plugin: no luck\\u001b[2J\n${inProduction('fails')}`,
    );
  });

  it('reads the data from the standard input and from a file', async () => {
    const { cwd, env } = await quietHome();
    await writeFile(join(cwd, 'case.json'), '\ufeff{"from":"file"}');
    const piped = await exec(['echo', '-d', '-'], { cwd, env, stdin: '{"from":"pipe"}' });
    expect(JSON.parse(piped.out)).toMatchObject({ from: 'pipe' });
    const filed = await exec(['echo', '-d', '@case.json'], { cwd, env });
    expect(JSON.parse(filed.out)).toMatchObject({ from: 'file' });
  });

  it('calls as a persona', async () => {
    const { cwd, env } = await quietHome();
    const { out } = await exec(['echo', '--as', 'admin'], { cwd, env });
    expect(JSON.parse(out)).toMatchObject({
      user_id: 'user-ada',
      _context: { roles: ['user', 'admin'], is_superadmin: false },
    });
  });

  it('ends with 1 when the plugin fails, its answer on stdout and one line on stderr', async () => {
    const { cwd, env } = await quietHome();
    const { code, out, err } = await exec(['forever', '--timeout', '0.3'], { cwd, env });
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ error_code: 'PLUGIN_TIMEOUT', status_code: 500 });
    expect(err).toBe(
      `forever: timeout (500 PLUGIN_TIMEOUT): Plugin execution timed out after 0.3 seconds\n${inProduction('forever')}`,
    );
  });

  it('counts the time on a terminal, and takes the line away', async () => {
    const { cwd, env } = await quietHome();
    const { err } = await exec(['forever', '--timeout', '0.5'], { cwd, env, isInteractive: true });
    const lines = err.split('\r\u001b[K');
    expect(lines.length).toBeGreaterThan(3);
    for (const line of lines.slice(1, -1)) expect(line).toMatch(/^forever: 0\.\d s of 0\.5 s$/);
    expect(lines.at(-1)).toMatch(/^forever: timeout .*\n(In production: .*\n){2}$/);
  });

  it('names the plugin that was probably meant', async () => {
    const { cwd, env } = await quietHome();
    const near = await exec(['ecko'], { cwd, env });
    expect(near).toMatchObject({
      code: 1,
      err: `ecko: refused (404 NOT_FOUND): plugin 'ecko' not found; did you mean echo?\n${NO_TOKEN}`,
    });
    const far = await exec(['zzzzzz'], { cwd, env });
    expect(far.err).toContain("plugin 'zzzzzz' not found; available: big, echo, fails, forever, loud");
    const nowhere = await exec(['echo', '--plugins', 'absent'], { cwd, env });
    expect(nowhere).toMatchObject({ code: 1, err: expect.stringContaining('absent does not exist') });
  });

  it('says why a token is needed', async () => {
    const { cwd, env } = await quietHome();
    const strict = { ...env, MOZAIKS_REQUIRE_TOKEN: 'true' };
    const { code, err } = await exec(['echo'], { cwd, env: strict });
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('give --as user') });
    expect((await exec(['echo', '--as', 'user'], { cwd, env: strict })).code).toBe(0);
  });

  it('tells as JSON all there is, the trace too', async () => {
    const { cwd, env } = await quietHome();
    const { code, out, err } = await exec(['loud', '--json'], { cwd, env });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({
      plugin: 'loud',
      status: 200,
      body: {},
      outcome: 'ok',
      errorCode: null,
      headers: { 'x-mozaiks-runtime-version': '1.0.0' },
      trace: {
        plugin: 'loud',
        console: [{ text: 'said \u001b[31mred' }],
        inProduction: ['401, since no token was sent.', expect.stringMatching(/^404 .*Python only\.$/)],
      },
    });
    await expect(fetch(`${JSON.parse(out).url}/health`)).rejects.toThrow();
  });

  it('shows on demand what the plugin received and printed', async () => {
    const { cwd, env } = await quietHome();
    const { out, err } = await exec(['loud', '--verbose', '--as', 'user'], { cwd, env });
    expect(out).toBe('{}\n');
    expect(err).toContain('"user_id": "user-dana"');
    expect(err).toContain('said \\u001b[31mred');
    expect(err).toContain('Ended: ok, with status 200');
    expect(err).not.toContain('\u001b');
    expect(err).not.toMatch(/eyJ[\w-]{4,}\./);
    const context = await exec(['loud', '--context'], { cwd, env });
    expect(context.err).toMatch(/^The plugin received:\n\{[\s\S]*\n\}\n(In production: .*\n){2}$/);
  });

  it('ends the call on Ctrl+C, and the runtime with it', async () => {
    const { cwd, env } = await quietHome();
    const interrupt = new AbortController();
    await writeFile(
      join(cwd, 'plugins/forever/logic.js'),
      `import { writeFileSync } from 'node:fs';
       export const execute = ({ file }) => { writeFileSync(file, ''); return new Promise(() => {}); };`,
    );
    const running = join(cwd, 'running');
    const ended = exec(['forever', '-d', JSON.stringify({ file: running })], {
      cwd,
      env,
      signal: interrupt.signal,
    });
    await vi.waitFor(() => expect(existsSync(running)).toBe(true), 20_000);
    interrupt.abort();
    expect(await ended).toEqual({ code: 3, out: '', err: 'Interrupted\n' });
  });
});

describe('exec with a runtime that runs', () => {
  it('calls that one', async () => {
    const { runtime, port, plugins } = await startRuntime({ plugins: { here: PLUGINS.echo } });
    const at = { cwd: dirname(plugins), env: { PORT: String(port), JWT_SECRET: SECRET } };
    const { code, out, err } = await exec(['here', '--as', 'user', '-v'], at);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ user_id: 'user-dana' });
    expect(err).toContain(`Called the running runtime at ${runtime.baseUrl}`);
    expect(runtime.traces.counts().kept).toBe(1);
    const unknown = await exec(['hare'], at);
    expect(unknown).toMatchObject({ code: 1, err: expect.stringContaining('did you mean here?') });
  });

  it('calls the address that is given, and none other; --plugins starts one', async () => {
    const { runtime, baseUrl, port } = await startRuntime({ plugins: { here: PLUGINS.echo } });
    const { cwd, env } = await quietHome();
    expect((await exec(['here', '--url', `${baseUrl}/`], { cwd, env })).code).toBe(0);
    const elsewhere = { ...env, PORT: String(port) };
    expect((await exec(['echo', '--plugins', 'plugins'], { cwd, env: elsewhere })).code).toBe(0);
    expect(runtime.traces.counts().kept).toBe(1);
  });

  it('waits as long as --timeout says', async () => {
    const { baseUrl } = await startRuntime({ plugins: { forever: PLUGINS.forever } });
    const { code, out, err } = await exec(['forever', '--url', baseUrl, '--timeout', '0.3'], {
      cwd: await home(),
    });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    const [, seconds] = /^forever: timeout, no answer within (\d+\.\d) s\n$/.exec(err) ?? [];
    expect(Number(seconds)).toBeGreaterThanOrEqual(0.3);
    // Far from the plugin's own limit of 30 s.
    expect(Number(seconds)).toBeLessThan(10);
  });

  it('sends no control characters of a foreign server to a terminal', async () => {
    const url = await serve((_request, response) => response.end('plain \u001b[2J text'));
    const shown = await exec(['echo', '--url', url], { cwd: await home(), isOutInteractive: true });
    expect(shown).toEqual({ code: 0, out: 'plain \\u001b[2J text\n', err: '' });
    const piped = await exec(['echo', '--url', url], { cwd: await home() });
    expect(piped.out).toBe('plain \u001b[2J text\n');
  });

  it('takes another program at the configured address for none', async () => {
    const { port } = new URL(await serve((_request, response) => response.end('{}')));
    const { code, out } = await exec(['echo'], {
      cwd: await home(),
      env: { PORT: port, JWT_SECRET: SECRET },
    });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ user_id: 'dev-user' });
  });
});

describe('exec refuses', () => {
  it.each([
    [['echo', '-d', '{"a":\n tru}'], 'Line 2, column 2: expected a value, found tru'],
    [['echo', '-d', '[1]'], 'is not a JSON object'],
    [['echo', '-d', ''], 'is empty'],
    [['a/b'], "'a/b' can't be a plugin's name"],
    [['echo', '--as', 'king'], 'Allowed choices are anonymous, user'],
    [['echo', '--as', 'user', '--token', 'x'], 'cannot be used with'],
    [['echo', '--token', 'env:NOT_THERE'], 'the variable NOT_THERE is not set'],
    [['echo', '--token', 'a\nb'], 'contains characters that are not allowed in a token'],
    [['echo', '--timeout', '0'], 'above 0'],
    [['echo', '--url', 'file:///etc/passwd'], 'Give an address such as'],
    [['echo', '--url', 'http://a', '--plugins', 'b'], 'cannot be used with'],
  ])('%j: %s', async (args, said) => {
    const { code, out, err } = await exec(args, { cwd: await home(), env: { PORT: '0' } });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(said);
  });

  it('what it can not read or reach', async () => {
    const cwd = await home();
    expect(await exec(['echo', '-d', '@absent.json'], { cwd })).toMatchObject({
      code: 3,
      err: "--data: absent.json can't be read (ENOENT)\n",
    });
    const url = `http://127.0.0.1:${await pickFreePort()}`;
    expect(await exec(['echo', '--url', url], { cwd })).toMatchObject({
      code: 3,
      err: `Nothing answers at ${url} (ECONNREFUSED)\n`,
    });
  });

  it('personas where nothing can be signed', async () => {
    const { cwd, env } = await quietHome();
    const external = {
      MOZAIKS_AUTH_MODE: 'external',
      MOZAIKS_JWKS_URL: 'http://127.0.0.1:1/keys',
      MOZAIKS_ISSUER: 'https://issuer.example',
      MOZAIKS_AUDIENCE: 'api',
    };
    const { code, err } = await exec(['echo', '--as', 'user'], { cwd, env: { ...env, ...external } });
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('--as user: External mode') });
  });
});
