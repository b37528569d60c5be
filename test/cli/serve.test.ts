import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder, writePlugin } from '../support/folders.ts';
import { SECRET } from '../support/server.ts';
import { type CommandLineOptions, commandLine, type Printed } from './command-line.ts';

interface Serving {
  /** All of stdout as far as it listens. */
  readonly out: string;
  stop(): Promise<Printed>;
}

async function home(): Promise<string> {
  const { path, remove } = await temporaryFolder('workbench-cli');
  onTestFinished(remove);
  await writePlugin(`${path}/plugins`, 'greeter', 'export const execute = ({ name }) => ({ hello: name });');
  return path;
}

/** Runs `serve` until the test stops it. */
async function serve(line: string, options: Omit<CommandLineOptions, 'signal' | 'onOut'>): Promise<Serving> {
  const interrupt = new AbortController();
  onTestFinished(() => interrupt.abort());
  let ended: Promise<Printed> | undefined;
  const out = await new Promise<string>((resolve, reject) => {
    ended = commandLine(['serve', '--port', '0', ...line.split(' ').filter(Boolean)], {
      ...options,
      signal: interrupt.signal,
      onOut: resolve,
    });
    ended.then(({ err }) => reject(new Error(err)), reject);
  });
  return {
    out,
    stop() {
      interrupt.abort();
      return ended as Promise<Printed>;
    },
  };
}

describe('serve', () => {
  it('says where it listens and where the UI is, answers, and ends cleanly when it is told to', async () => {
    const { out, stop } = await serve('', { cwd: await home() });
    const [, base = '', ui = ''] =
      /^listening on (\S+)\nopen (\S+\/ui\/) in a browser\nplugins have a local database, not MongoDB: .*\n$/.exec(
        out,
      ) ?? [];
    const answer = await fetch(`${base}/api/execute/greeter`, { method: 'POST', body: '{"name":"Ada"}' });
    expect(await answer.json()).toEqual({ hello: 'Ada' });
    expect((await fetch(ui)).headers.get('x-mozaiks-runtime-version')).toBe('1.0.0');
    const { code, err } = await stop();
    expect({ code, err }).toEqual({ code: 0, err: expect.not.stringContaining(' error ') });
    expect(err).not.toContain(ui.split('/').at(-3));
    await expect(fetch(`${base}/health`)).rejects.toThrow();
  });

  it('promises no local database that can’t be used', async () => {
    const cwd = await home();
    await mkdir(`${cwd}/user`);
    await writeFile(`${cwd}/user/databases`, 'in the way of the folder');
    const { out, stop } = await serve('--no-ui', { cwd });
    expect(out).toMatch(/^listening on \S+\n$/);
    expect((await stop()).err).toContain('The local database can’t be used: ');
  });

  it('masks secrets in what it logs', async () => {
    const cwd = await home();
    await writePlugin(`${cwd}/plugins`, 'tells', `throw new Error('the secret is ${SECRET}');`);
    const { stop } = await serve('', { cwd, env: { JWT_SECRET: SECRET } });
    const { err } = await stop();
    expect(err).toContain('the secret is (masked)');
    expect(err).not.toContain(SECRET);
  });

  it('says it in one line of JSON, also without the UI', async () => {
    const cwd = await home();
    const { out, stop } = await serve('--no-ui --json', { cwd });
    expect(out.trimEnd()).not.toContain('\n');
    const { url, ...rest } = JSON.parse(out);
    expect(rest).toEqual({ ui: null, plugins: `${cwd}/plugins`, pid: process.pid });
    expect((await fetch(`${url}/__inspector/anything/ui/`)).status).toBe(404);
    expect(await stop()).toMatchObject({ code: 0, out });
  });

  it('refuses settings that make no sense, each by its name', async () => {
    const cwd = await home();
    const { code, out, err } = await commandLine(['serve', '--port=many', '--host', 'a b'], { cwd });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('--port=many (command line): give a whole number');
    expect(err).toContain('--host=a b');
    expect((await commandLine(['serve', '--port', '1', '--port', '2'], { cwd })).code).toBe(2);
    expect((await commandLine(['serve', '--wrong'], { cwd })).code).toBe(2);
  });

  it('cannot run where its port is taken', async () => {
    const taken = createServer();
    onTestFinished(() => {
      taken.close();
    });
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const address = taken.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const cwd = await home();
    const { code, out, err } = await commandLine(['serve', `--port=${port}`, '--json'], { cwd });
    expect(code).toBe(3);
    expect(JSON.parse(out).error).toMatchObject({ code: 'CONFLICT' });
    expect(err).toContain(`Port ${port} is taken on 127.0.0.1`);
  });

  it('explains every setting in its help', async () => {
    const { code, out } = await commandLine(['serve', '--help'], { cwd: await home() });
    expect(code).toBe(0);
    for (const name of [
      'PORT ',
      'JWT_SECRET',
      'MOZAIKS_JWKS_URL',
      'MOZAIKS_DEV_ISSUER_PORT',
      'MOZAIKS_PYTHON',
    ]) {
      expect(out).toContain(`\n  ${name}`);
    }
  });
});
