import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { hostScripts } from '../../../support/host-script.ts';

/**
 * A socket in place of the page's end of Chromium's channel to it, and the other end, which waits for its
 * close.
 */
async function connectedPair(): Promise<{ readonly given: Socket; readonly other: Socket }> {
  const folder = await mkdtemp(join(tmpdir(), 'workbench-sockets-'));
  const server = createServer().listen(join(folder, 'socket'));
  onTestFinished(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });
  const accepted = once(server, 'connection');
  const given = connect(join(folder, 'socket'));
  const [other] = (await accepted) as [Socket];
  onTestFinished(() => void other.destroy());
  return { given, other };
}

/** The process as its launcher starts it, and behind its channel one socket that nobody meant to give it. */
function startWith(inherited: Socket, language: 'node' | 'python'): ChildProcess {
  const child =
    language === 'node'
      ? spawn(process.execPath, [hostScripts.node], {
          stdio: ['ignore', 'ignore', 'inherit', 'pipe', 'pipe', inherited],
        })
      : spawn('python3', ['-B', hostScripts.python], { stdio: ['pipe', 'pipe', 'inherit', inherited] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

it.runIf(process.platform === 'linux').each(['node', 'python'] as const)(
  'lets a %s process go of a socket it inherited',
  async (language) => {
    const { given, other } = await connectedPair();
    const child = startWith(given, language);
    await once(child, 'spawn');
    given.destroy();
    other.resume();
    await once(other, 'close');
    expect([child.exitCode, child.signalCode]).toEqual([null, null]);
  },
);
