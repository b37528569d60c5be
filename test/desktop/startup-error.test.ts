import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../../main/config/config.ts';
import type { StartupError } from '../../main/contract/startup-error.ts';
import { createStartupErrorHandlers, describeStartupError } from '../../main/desktop/startup-error.ts';
import { ListenError } from '../../main/server/connection/listen.ts';
import { findFreePort, findPortHolder } from '../../main/system/ports.ts';
import { temporaryFolder } from '../support/folders.ts';
import { testConfig } from '../support/server.ts';

function occupy(port = 0, host = '127.0.0.1'): Promise<{ port: number; server: Server }> {
  const server = createServer();
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return new Promise((resolve) => {
    server.listen({ host, port }, () => {
      const address = server.address();
      resolve({ port: typeof address === 'object' && address !== null ? address.port : 0, server });
    });
  });
}

describe('who has a port', () => {
  it.runIf(process.platform === 'linux')('is told by its process and command', async () => {
    const { port } = await occupy();
    const holder = await findPortHolder('127.0.0.1', port);
    expect(holder).toMatchObject({ pid: process.pid, command: expect.stringContaining('node') });
  });

  it.runIf(process.platform === 'linux')('is not who has the same port of another address', async () => {
    const { port } = await occupy();
    const script = `require('net').createServer().listen(${port}, '127.0.0.2', () => console.log('listens'))`;
    const other = spawn(process.execPath, ['-e', script]);
    onTestFinished(async () => {
      other.kill();
      await once(other, 'exit');
    });
    await once(other.stdout, 'data');
    expect(await findPortHolder('127.0.0.1', port)).toMatchObject({ pid: process.pid });
    expect(await findPortHolder('127.0.0.2', port)).toMatchObject({ pid: other.pid });
  });

  it.runIf(process.platform === 'linux')('is told where it listens at every address', async () => {
    const { port } = await occupy(0, '::');
    expect(await findPortHolder('127.0.0.1', port)).toMatchObject({ pid: process.pid });
    expect(await findPortHolder('::1', port)).toMatchObject({ pid: process.pid });
  });

  it('can’t be told of a port that nobody has', async () => {
    const { port, server } = await occupy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    expect(await findPortHolder('127.0.0.1', port)).toBeNull();
  });

  it('is nobody for the free port that is offered', async () => {
    const { port } = await occupy();
    const free = await findFreePort('127.0.0.1', port);
    expect(free).toBeGreaterThan(port);
    await occupy(free ?? 0);
  });
});

describe('what is wrong', () => {
  it('names the port, where it was set, who has it and another one', async () => {
    const { port } = await occupy();
    const config = await testConfig({ PORT: String(port) });
    const error = new ListenError({ host: '127.0.0.1', port }, true, `Port ${port} is taken`);
    expect(await describeStartupError(error, config)).toMatchObject({
      kind: 'port',
      host: '127.0.0.1',
      port,
      taken: true,
      origin: 'PORT (environment)',
      otherPort: expect.any(Number),
      holder: process.platform === 'linux' ? { pid: process.pid } : null,
    });
  });

  it('lists every bad setting, secrets masked', async () => {
    const folder = await temporaryFolder('startup-error');
    onTestFinished(folder.remove);
    const sources = { argv: ['--port', 'x'], cwd: folder.path, configPath: folder.path };
    const env = { JWT_SECRET: 'too-short-to-be-safe', HOST: '0.0.0.0' };
    const error: unknown = await loadConfig({ ...sources, env }).catch((thrown: unknown) => thrown);
    const startupError = await describeStartupError(error, null);
    expect(startupError).toMatchObject({ kind: 'settings' });
    expect(JSON.stringify(startupError)).not.toContain('too-short');
    const problems = startupError?.kind === 'settings' ? startupError.problems : [];
    expect(problems.map(({ name }) => name).sort()).toEqual(['--port', 'HOST', 'JWT_SECRET']);
    expect(problems.find(({ name }) => name === '--port')).toMatchObject({
      value: 'x',
      place: 'command line',
    });
  });

  it('is not offered for any other failure', async () => {
    expect(await describeStartupError(new Error('a bug'), null)).toBeNull();
  });
});

describe('the Inspector of the startup error window', () => {
  const TAKEN: StartupError = {
    kind: 'port',
    host: '127.0.0.1',
    port: 80,
    taken: true,
    message: '',
    origin: null,
    holder: null,
    otherPort: 81,
    at: 1,
  };

  function door(outcomes: (StartupError | null | Error)[]) {
    const seen: Readonly<Record<string, string>>[] = [];
    const events: string[] = [];
    const made = createStartupErrorHandlers({
      startupError: TAKEN,
      async attempt(chosen) {
        seen.push(chosen);
        const outcome = outcomes.shift() ?? null;
        if (outcome instanceof Error) throw outcome;
        return outcome;
      },
      onStarted: () => events.push('started'),
      onFailed: (error) => events.push(String(error)),
      quit: () => events.push('quit'),
    });
    return { ...made, seen, events };
  }

  it('tries again, keeps what was chosen, and tells of the start once', async () => {
    const { call, seen, events } = door([{ ...TAKEN, at: 2 }, { ...TAKEN, at: 3 }, null]);
    expect(await call('retry', null)).toMatchObject({ ok: true, value: { at: 2 } });
    expect(await call('useOtherPort', null)).toMatchObject({ ok: true, value: { at: 3 } });
    expect(await call('startupError', null)).toMatchObject({ value: { at: 3 } });
    expect(events).toEqual([]);
    expect(await call('retry', null)).toEqual({ ok: true, value: null });
    expect(seen).toEqual([{}, { PORT: '81' }, { PORT: '81' }]);
    expect(events).toEqual(['started']);
  });

  it('makes one attempt for two clicks', async () => {
    const { call, seen } = door([{ ...TAKEN, at: 2 }]);
    await Promise.all([call('retry', null), call('retry', null)]);
    expect(seen).toHaveLength(1);
  });

  it('has no Inspector behind it', async () => {
    const { call } = door([]);
    for (const name of ['snapshot', 'settings', 'watchFolder', 'toString', '__proto__', 7]) {
      expect(await call(name, null)).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } });
    }
  });

  it('hands on what nobody can fix', async () => {
    const { call, events } = door([new Error('a bug')]);
    await call('retry', null);
    expect(events).toEqual(['Error: a bug']);
  });
});
