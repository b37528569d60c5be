import { existsSync, statSync } from 'node:fs';
import { chmod, mkdir, open, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { restrictToOwner } from '../../main/cli/terminal.ts';
import { loadConfig } from '../../main/config/config.ts';
import { HEADERS } from '../../main/contract/http.ts';
import type { Trace } from '../../main/contract/trace.ts';
import { TRACE_FILE } from '../../main/contract/trace-file.ts';
import { pickFreePort } from '../../main/system/ports.ts';
import { temporaryFolder, writePlugin } from '../support/folders.ts';
import { makeFifo } from '../support/hostile-files.ts';
import { serve } from '../support/http-server.ts';
import { startRuntime } from '../support/runtime.ts';
import { SECRET } from '../support/server.ts';
import { traceOf } from '../support/trace-fixture.ts';
import { commandLine } from './command-line.ts';

/** Commands in a folder that isn't the user's, and beside programs that aren't. */

const ECHO = 'export const execute = (data) => data;';

async function folder(envFile?: string): Promise<string> {
  const { path, remove } = await temporaryFolder('workbench-hostile');
  onTestFinished(remove);
  await writePlugin(join(path, 'plugins'), 'hello', ECHO);
  await writeFile(join(path, 'traces.json'), JSON.stringify({ ...TRACE_FILE, traces: [tracedAs([])] }));
  if (envFile !== undefined) await writeFile(join(path, '.env'), envFile);
  return path;
}

/** A call by a caller with these roles. */
function tracedAs(roles: readonly string[], isSuperadmin = false): Trace {
  return traceOf(1, {
    identity: { kind: 'token', userId: 'ada', username: null, roles, isSuperadmin },
    response: { status: 200, headers: {}, body: null },
  });
}

/** A program that answers as a runtime does, and what it was sent. */
async function stranger(answerHealth?: (challenge: string) => Promise<string>) {
  const seen: string[] = [];
  const url = await serve((request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers.authorization ?? 'without a token'}`);
    const challenge = String(request.headers[HEADERS.runtimeChallenge.toLowerCase()]);
    void (answerHealth?.(challenge) ?? Promise.resolve('I am yours')).then((proof) => {
      response.setHeader(HEADERS.runtimeVersion, '1.0.0');
      response.setHeader(HEADERS.runtimeProof, proof);
      response.end('{"plugins":[]}');
    });
  });
  return { url, seen, host: '127.0.0.1', port: new URL(url).port };
}

const PROBE = 'GET /health without a token';

const CALLS: readonly (readonly string[])[] = [
  ['exec', 'hello', '--token', 'env:PROD'],
  ['exec', 'hello', '--as', 'superadmin'],
  ['exec', 'hello', '--data', '{"private":1}'],
  ['plugins', '--as', 'admin'],
  ['plugins'],
  ['replay', 'traces.json'],
  ['replay', 'traces.json', '--as', 'superadmin'],
];

describe('where a call goes', () => {
  it('C1: a .env does not choose it: nothing is sent', async () => {
    const { seen, port } = await stranger();
    const cwd = await folder(
      `HOST=127.0.0.1\nPORT=${port}\nALLOWED_HOSTS=a.example\nMOZAIKS_REQUIRE_TOKEN=true\n`,
    );
    for (const call of CALLS) {
      const { code, out, err } = await commandLine(call, { cwd, env: { PROD: 'token-of-production' } });
      expect({ call, code, out }).toEqual({ call, code: 2, out: '' });
      expect(err).toBe(
        `PORT (${join(cwd, '.env')}) does not choose the runtime that is called: give --url http://127.0.0.1:${port} to call what is there, or --plugins to have a runtime started\n`,
      );
    }
    expect(seen).toEqual([]);
  });

  it('C1: an address of a .env counts where a runtime is started, and the environment wins over it', async () => {
    const { seen, port } = await stranger();
    const cwd = await folder(`HOST=127.0.0.2\nPORT=${port}\n`);
    const started = await commandLine(['exec', 'hello', '--plugins', 'plugins'], { cwd });
    expect(started).toMatchObject({ code: 0, out: expect.stringContaining('dev-user') });
    const env = { HOST: '127.0.0.1', PORT: String(await pickFreePort()) };
    expect(await commandLine(['exec', 'hello'], { cwd, env })).toMatchObject({ code: 0 });
    expect(seen).toEqual([]);
  });

  it('C4: who holds the port gets no token and no body, whatever they answer', async () => {
    const { seen, port, url } = await stranger();
    const cwd = await folder();
    for (const call of CALLS) {
      const { code, out, err } = await commandLine(call, { cwd, env: { PORT: port, PROD: 'a-token' } });
      expect({ call, code, out }).toEqual({ call, code: 2, out: '' });
      expect(err).toContain(`The runtime that answers at ${url} does not prove to be yours`);
    }
    expect(new Set(seen)).toEqual(new Set([PROBE]));
  });

  it('C4: no token is signed for a stranger whom --url names; what is given is sent', async () => {
    const { seen, url } = await stranger();
    const cwd = await folder();
    const refused = await commandLine(['exec', 'hello', '--url', url, '--as', 'superadmin'], { cwd });
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toContain(`${url} does not prove to be your runtime`);
    const skipped = await commandLine(['replay', 'traces.json', '--url', url], { cwd });
    expect(skipped).toMatchObject({ code: 3, out: expect.stringContaining('does not prove to be yours') });
    expect(new Set(seen)).toEqual(new Set([PROBE]));
    await commandLine(['exec', 'hello', '--url', url, '--token', 'mine'], { cwd });
    expect(seen.at(-1)).toBe('POST /api/execute/hello Bearer mine');
  });

  it('C4: a proof that a stranger fetches from the real runtime is not theirs', async () => {
    const { baseUrl, plugins } = await startRuntime({ plugins: { hello: ECHO } });
    const fetched: string[] = [];
    const { seen, port } = await stranger(async (challenge) => {
      const answer = await fetch(`${baseUrl}/health`, { headers: { [HEADERS.runtimeChallenge]: challenge } });
      fetched.push(answer.headers.get(HEADERS.runtimeProof) ?? '');
      return fetched.at(-1) ?? '';
    });
    const call = ['exec', 'hello', '--as', 'superadmin'];
    const cwd = dirname(plugins);
    expect(await commandLine(call, { cwd, env: { PORT: port, JWT_SECRET: SECRET } })).toMatchObject({
      code: 2,
    });
    expect(fetched).toEqual([expect.stringMatching(/^[\w-]{43}$/)]);
    expect(seen).toEqual([PROBE]);
    const own = await commandLine(call, { cwd, env: { PORT: new URL(baseUrl).port, JWT_SECRET: SECRET } });
    expect(own).toMatchObject({ code: 0, err: `Calling the running runtime at ${baseUrl}\n` });
    expect((await stat(join(cwd, 'user', 'runtime-key'))).mode & 0o777).toBe(0o600);
  });

  it('C4: the roles in a trace file are signed only with an option', async () => {
    const cwd = await folder();
    const env = { PORT: String(await pickFreePort()) };
    const traces = [tracedAs(['boss'], true)];
    await writeFile(join(cwd, 'traces.json'), JSON.stringify({ ...TRACE_FILE, traces }));
    const without = await commandLine(['replay', 'traces.json'], { cwd, env });
    expect(without).toMatchObject({
      code: 3,
      out: expect.stringContaining('sent with roles (superadmin, boss): signed only with --recorded-roles'),
    });
    const { code, out } = await commandLine(['replay', 'traces.json', '--recorded-roles'], { cwd, env });
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^same .* 200 ok\n/) });
  });
});

describe('what is started', () => {
  it('C2: commands that run no plugin start no interpreter of a .env; doctor names it', async () => {
    const cwd = await folder('MOZAIKS_PYTHON=./evil.sh\n');
    const started = async (script: string) => {
      await writeFile(join(cwd, script), `#!/bin/sh\ntouch '${join(cwd, script)}.ran'\nexit 1\n`);
      await chmod(join(cwd, script), 0o755);
      return () => existsSync(join(cwd, `${script}.ran`));
    };
    const [evil, usual] = [await started('evil.sh'), await started('python3')];
    const options = { cwd, env: { PATH: [cwd, process.env.PATH].join(delimiter), PORT: '0' } };
    const [doctor, token] = await Promise.all([
      commandLine(['doctor', '--json'], options),
      commandLine(['token'], options),
    ]);
    expect({ token: token.code, usual: usual() }).toEqual({ token: 0, usual: false });
    await commandLine(['check', '--probe', 'py', '--clause', 'context.app'], options);
    expect({ evil: evil(), usual: usual() }).toEqual({ evil: false, usual: true });
    const { findings } = JSON.parse(doctor.out);
    expect(findings).toContainEqual({
      topic: 'Python',
      state: 'warning',
      message: `./evil.sh, by MOZAIKS_PYTHON (${join(cwd, '.env')}): not started here`,
      remedy: 'If you trust that file, set MOZAIKS_PYTHON in the environment to have it inspected.',
    });
  });

  it('C2: an interpreter of the .env here is not started for plugins elsewhere', async () => {
    const cwd = await folder('MOZAIKS_PYTHON=./evil.sh\n');
    const elsewhere = await folder();
    const config = await loadConfig({
      env: { MOZAIKS_PLUGINS_PATH: join(elsewhere, 'plugins') },
      argv: [],
      cwd,
      configPath: join(cwd, 'user'),
    });
    expect(config.python).toBe('python3');
    expect(config.notices).toEqual([
      `MOZAIKS_PYTHON in ${join(cwd, '.env')} has no effect: the plugins' folder is not below that file's own.`,
    ]);
  });
});

describe('a .env that is no file of settings', () => {
  const MAKE: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
    'a FIFO': async (path) => makeFifo(path, onTestFinished),
    'a folder': (path) => mkdir(path),
    'a link to /dev/zero': (path) => symlink('/dev/zero', path),
    '100 MB': async (path) => {
      await writeFile(path, '');
      await truncate(path, 100 * 1024 * 1024);
    },
  };

  it.runIf(process.platform === 'linux').each(Object.keys(MAKE))(
    'C3: %s is refused at once',
    // Nothing is waited for: a FIFO would hold it for ever.
    { timeout: 30_000 },
    async (kind) => {
      const cwd = await folder();
      await MAKE[kind]?.(join(cwd, '.env'));
      for (const command of [
        ['token'],
        ['exec', 'hello'],
        ['new', 'fresh'],
        ['serve'],
        ['check'],
        ['plugins'],
      ]) {
        const { code, out, err } = await commandLine(command, { cwd });
        expect({ command, code, out }).toEqual({ command, code: 2, out: '' });
        expect(err).toContain(`${join(cwd, '.env')}: can't be read (it is `);
      }
    },
  );
});

describe('the output of serve', () => {
  it.runIf(process.platform !== 'win32')(
    'C7: a file is private before the launch token is in it',
    async () => {
      const cwd = await folder();
      const path = join(cwd, 'listening.json');
      await writeFile(path, '', { mode: 0o644 });
      const file = await open(path, 'a');
      onTestFinished(() => file.close());
      const interrupt = new AbortController();
      const modes: string[] = [];
      const { code } = await commandLine(['serve', '--port', '0', '--json'], {
        cwd,
        signal: interrupt.signal,
        onSecret: () => restrictToOwner(file.fd),
        onOut(text) {
          modes.push((statSync(path).mode & 0o777).toString(8));
          if (text.includes('__inspector')) interrupt.abort();
        },
      });
      expect({ code, modes }).toEqual({ code: 0, modes: ['600'] });
    },
  );

  it('C7: a private file is left as it is', async () => {
    const path = join(await folder(), 'private');
    await writeFile(path, '', { mode: 0o400 });
    const file = await open(path);
    onTestFinished(() => file.close());
    restrictToOwner(file.fd);
    expect((await stat(path)).mode & 0o777).toBe(0o400);
  });
});
