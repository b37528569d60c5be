import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { HEADERS } from '../../../main/contract/http.ts';
import { pickFreePort } from '../../../main/system/ports.ts';
import { temporaryFolder } from '../../support/folders.ts';
import { startRuntime } from '../../support/runtime.ts';
import { SECRET } from '../../support/server.ts';
import { commandLine } from '../command-line.ts';

const GOOD = 'export const execute = () => ({});';

/** A machine without a display or an Electron of this user's, and a folder with one plugin. */
async function home(files: Readonly<Record<string, string>> = { 'plugins/good/logic.js': GOOD }) {
  const { path: cwd, remove } = await temporaryFolder('workbench-doctor');
  onTestFinished(remove);
  for (const [file, text] of Object.entries(files)) {
    await mkdir(join(cwd, file, '..'), { recursive: true });
    await writeFile(join(cwd, file), text);
  }
  const env = {
    PATH: process.env.PATH,
    HOME: cwd,
    XDG_CACHE_HOME: join(cwd, 'cache'),
    PORT: String(await pickFreePort()),
    JWT_SECRET: SECRET,
  };
  return { cwd, env };
}

async function findings(
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>> },
  ...argv: readonly string[]
) {
  const { code, out, err } = await commandLine(['doctor', '--json', ...argv], options);
  expect(err).toBe('');
  const { problems, warnings, findings: list } = JSON.parse(out);
  const of = (topic: string) => list.filter((one: { topic: string }) => one.topic === topic);
  return { code, problems, warnings, list, of };
}

const port = (options: { env: { PORT: string } }) => Number(options.env.PORT);

it('finds nothing wrong with a machine that has what is needed', async () => {
  const options = await home();
  const { code, problems, list, of } = await findings(options);
  expect({ code, problems }).toEqual({ code: 0, problems: 0 });
  expect(of('Node')).toMatchObject([{ state: 'ok', message: expect.stringContaining(process.execPath) }]);
  expect(of('Settings')).toMatchObject([{ state: 'ok', message: expect.stringContaining('local mode') }]);
  expect(of('Port')).toMatchObject([{ state: 'ok', message: `${options.env.PORT} on 127.0.0.1 is free` }]);
  expect(of('Plugins')).toMatchObject([
    { state: 'ok', message: expect.stringContaining('1 plugin (1 javascript)') },
  ]);
  expect(of('User folder')).toMatchObject([{ state: 'ok', message: join(options.cwd, 'user') }]);
  expect(of('Traces')).toHaveLength(1);
  for (const { state, remedy } of list) expect(remedy === null).toBe(state === 'ok');
});

it('says that callers are identified as in production, and what contradicts that', async () => {
  const { cwd, env } = await home();
  const provider = {
    MOZAIKS_AS_PRODUCTION: 'true',
    MOZAIKS_JWKS_URL: 'https://issuer.test/jwks',
    MOZAIKS_ISSUER: 'https://issuer.test',
    MOZAIKS_AUDIENCE: 'app',
  };
  const { of } = await findings({ cwd, env: { ...env, ...provider } });
  expect(of('Settings')).toMatchObject([
    { state: 'ok', message: expect.stringMatching(/^as in production, external mode; /) },
  ]);
  const wrong = await findings({ cwd, env: { ...env, ...provider, MOZAIKS_AUTH_MODE: 'local' } });
  expect(wrong.of('Settings')).toContainEqual({
    topic: 'Settings',
    state: 'problem',
    message: 'MOZAIKS_AUTH_MODE=local (environment)',
    remedy: 'contradicts MOZAIKS_AS_PRODUCTION, which makes it external; remove one of the two',
  });
});

it('writes lines for people, with the remedy below and the sum at the end', async () => {
  const { code, out, err } = await commandLine(['doctor'], await home({ 'plugins/readme.txt': '' }));
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(
    /^warning {2}Plugins {6}\S+ contains no plugins\n {22}Create one: mozaiks-workbench new hello$/m,
  );
  expect(out).toMatch(/\nno problems, \d+ warnings?\n$/);
});

it.runIf(process.platform === 'linux')('says who holds the port, and which one is free', async () => {
  const options = await home();
  const server = createServer().listen(port(options), '127.0.0.1');
  onTestFinished(() => void server.close());
  const { code, of } = await findings(options);
  expect(code).toBe(1);
  expect(of('Port')).toMatchObject([
    {
      state: 'problem',
      message: expect.stringContaining(`is in use by process ${process.pid}: `),
      remedy: expect.stringMatching(/^Stop that program, or set PORT=\d+\.$/),
    },
  ]);
});

it('takes a port as well used where the user’s own runtime answers', async () => {
  const { port: used, plugins, baseUrl } = await startRuntime();
  const { env } = await home();
  const { of } = await findings({ cwd: dirname(plugins), env: { ...env, PORT: String(used) } });
  expect(of('Port')).toEqual([
    { topic: 'Port', state: 'ok', message: `your runtime answers there: ${baseUrl}`, remedy: null },
  ]);
});

it('warns of a runtime at the port that is another’s', async () => {
  const options = await home();
  const answer = `HTTP/1.1 200 OK\r\n${HEADERS.runtimeVersion}: 1.0.0\r\nContent-Length: 2\r\n\r\n{}`;
  const server = createServer((socket) => socket.once('data', () => socket.end(answer)));
  server.listen(port(options), '127.0.0.1');
  onTestFinished(() => void server.close());
  const { code, of } = await findings(options);
  expect(code).toBe(0);
  expect(of('Port')).toMatchObject([
    {
      state: 'warning',
      message: `a runtime answers at http://127.0.0.1:${port(options)} that does not prove to be yours`,
    },
  ]);
});

it('reports every invalid setting as a failure', async () => {
  const options = await home();
  const env = { ...options.env, PORT: 'many', JWT_SECRET: 'short-secret' };
  const { code, of } = await findings({ ...options, env });
  expect(code).toBe(1);
  expect(of('Settings')).toMatchObject([
    { state: 'problem', message: 'PORT=many (environment)' },
    { state: 'problem', message: expect.not.stringContaining('short-secret') },
  ]);
  // What hangs on a wrong setting would be guessed; nothing else is held up by it.
  expect(of('Port')).toEqual([]);
  for (const topic of ['Node', 'Python', 'User folder', 'Traces']) expect(of(topic)).toHaveLength(1);
  expect(of('Plugins')).toMatchObject([{ state: 'ok' }]);
});

it('guesses nothing where a .env file can’t be read', async () => {
  const { code, of } = await findings(await home({ '.env/file': '', 'plugins/good/logic.js': GOOD }));
  expect(code).toBe(1);
  expect(of('Settings')).toMatchObject([{ state: 'problem', message: expect.stringContaining('.env') }]);
  for (const topic of ['Port', 'Python', 'Plugins', 'Traces']) expect(of(topic)).toEqual([]);
  expect(of('User folder')).toHaveLength(1);
});

it('warns of a deprecated variable', async () => {
  const options = await home();
  const { code, of } = await findings({ ...options, env: { ...options.env, PLUGIN_EXEC_TIMEOUT_S: '5' } });
  expect(code).toBe(0);
  expect(of('Settings')).toMatchObject([
    { state: 'warning', message: expect.stringContaining('deprecated') },
  ]);
});

it('misses a plugins’ folder, and one that is a file', async () => {
  const options = await home({ file: '' });
  const missing = await findings(options, '--plugins', 'nowhere');
  expect(missing.code).toBe(1);
  expect(missing.of('Plugins')).toMatchObject([
    { state: 'problem', message: `${join(options.cwd, 'nowhere')} does not exist` },
  ]);
  const file = await findings(options, '--plugins', 'file');
  expect(file.of('Plugins')).toMatchObject([
    { state: 'problem', message: expect.stringContaining('ENOTDIR') },
  ]);
});

it('needs Python only where a plugin does', async () => {
  const without = await home();
  const env = { MOZAIKS_PYTHON: '/nowhere/python3' };
  const unneeded = await findings({ ...without, env: { ...without.env, ...env } });
  expect(unneeded.code).toBe(0);
  expect(unneeded.of('Python')).toMatchObject([
    { state: 'warning', message: expect.stringContaining('no Python was found') },
  ]);
  const needing = await home({ 'plugins/snake/logic.py': 'def execute(data): return {}' });
  const needed = await findings({ ...needing, env: { ...needing.env, ...env } });
  expect(needed.code).toBe(1);
  expect(needed.of('Python')).toMatchObject([
    { state: 'problem', remedy: expect.stringContaining('set MOZAIKS_PYTHON') },
  ]);
});

it('sees a user’s folder that can’t be written', async () => {
  const { code, of } = await findings(await home({ 'plugins/good/logic.js': GOOD, user: 'a file' }));
  expect(code).toBe(1);
  expect(of('User folder')).toMatchObject([{ state: 'problem', message: expect.stringContaining('EEXIST') }]);
});

it.runIf(process.platform === 'linux')('minds a broken Electron only where a window could open', async () => {
  const options = await home();
  const env = { ...options.env, ELECTRON_OVERRIDE_DIST_PATH: options.cwd };
  const without = await findings({ ...options, env });
  expect(without.code).toBe(0);
  expect(without.of('Display')).toMatchObject([{ state: 'warning' }]);
  expect(without.of('Electron')).toMatchObject([{ state: 'warning' }]);
  const withDisplay = await findings({ ...options, env: { ...env, WAYLAND_DISPLAY: 'wayland-0' } });
  expect(withDisplay.code).toBe(1);
  expect(withDisplay.of('Electron')).toMatchObject([
    {
      state: 'problem',
      message: expect.stringContaining('ELECTRON_OVERRIDE_DIST_PATH contains no Electron'),
    },
  ]);
});

it('ends with 2 for an option that is unknown, with 3 when it is interrupted', async () => {
  const options = await home();
  expect(await commandLine(['doctor', '--cure'], options)).toMatchObject({ code: 2, out: '' });
  const interrupted = await commandLine(['doctor'], { ...options, signal: AbortSignal.abort() });
  expect(interrupted).toMatchObject({ code: 3, out: '', err: 'Interrupted\n' });
});
