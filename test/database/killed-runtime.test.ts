import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { parseAddress } from '../../main/database/address.ts';
import { descendantsOf, sendKill } from '../../main/hosts/process-tree.ts';
import { listenOn } from '../../main/system/ports.ts';
import { eventually, isRunning, makeFolder } from '../plugins/workspace.ts';
import { databaseScript } from '../support/host-script.ts';
import { startRuntimeProcess } from '../support/runtime-process.ts';
import { connectRaw } from './wire/raw-client.ts';

const PLUGIN =
  'export const execute = () => ({ uri: process.env.DATABASE_URI, both: process.env.MONGODB_URI });';

const isDatabase = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('database-process');

it('L4: a runtime that is killed leaves no database process, even one that notices nothing', async () => {
  const runtime = await startRuntimeProcess({ plugins: { p: PLUGIN }, cleanUp: onTestFinished });
  const answer = await fetch(`${runtime.baseUrl}/api/execute/p`, { method: 'POST', body: '{}' });
  const { uri, both } = (await answer.json()) as { uri: string; both: string };
  expect(both).toBe(uri);
  const { port, password } = parseAddress(uri) ?? { port: 0, password: '' };
  const client = await connectRaw(port);
  expect(await client.logIn('workbench', password)).toMatchObject({ ok: 1 });
  const [pid = 0, ...others] = descendantsOf(runtime.pid).filter(isDatabase);
  expect(others).toEqual([]);
  onTestFinished(() => sendKill(pid));
  process.kill(pid, 'SIGSTOP');
  process.kill(runtime.pid, 'SIGKILL');
  await eventually(() => isRunning(pid)).toBe(false);
  await client.closed;
});

it('L4: one ends by itself when its runtime is gone, where there is no guardian', async () => {
  const child = fork(databaseScript, { execArgv: [] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  child.send({ type: 'open', folder: await makeFolder(), user: 'workbench', password: 'of-the-launch' });
  const listener = createServer({ pauseOnConnect: true }, (socket) => {
    child.send({ type: 'connection', id: 1 }, socket);
  });
  onTestFinished(() => {
    listener.close();
  });
  const client = await connectRaw(await listenOn(listener, { host: '127.0.0.1', port: 0 }));
  expect(await client.run({ ping: 1 })).toEqual({ ok: 1 });
  child.disconnect();
  expect(await once(child, 'exit')).toEqual([0, null]);
});
