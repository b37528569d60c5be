import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { copyExamples, temporaryFolder } from '../support/folders.ts';
import { freePort } from '../support/free-port.ts';
import { openWorkbench, pluginProcesses, workbenchCommand } from '../support/workbench-window.ts';

/** What ends the desktop program, what doesn't, and what is left of it. */

it('works on when what reads its output is gone, as a terminal that was closed', async () => {
  const folder = await temporaryFolder('workbench');
  onTestFinished(folder.remove);
  const port = await freePort();
  const own = ['--port', `${port}`, '--plugins', await copyExamples(folder.path, ['hello'])];
  const { command, args, surroundings } = workbenchCommand(folder.path, own);
  const child = spawn(command, args, { env: surroundings, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const exited = once(child, 'exit');
  child.stdout.destroy();
  child.stderr.destroy();
  const status = async () => (await fetch(`http://127.0.0.1:${port}/ready`)).status;
  await vi.waitFor(async () => expect(await status()).toBe(200), { timeout: 60_000 });
  // Once it is ready it says so.
  for (let times = 0; times < 20; times += 1) expect(await status()).toBe(200);
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
});

describe('quitting', () => {
  it('I9: ends within three seconds on an error that nobody caught, its port closed, though the box stays', async () => {
    const workbench = await openWorkbench({ examples: ['slow'] });
    const { app, stderr, baseUrl } = workbench;
    const plugins = await pluginProcesses(workbench);
    expect(plugins.length).toBeGreaterThan(0);
    const exited = once(app.process(), 'exit');
    const begun = performance.now();
    await app.evaluate(({ dialog }) => {
      // In the place of the real box, which waits for somebody to close it.
      dialog.showMessageBox = (...given: readonly unknown[]) => {
        process.stderr.write(`box: ${JSON.stringify(given)}\n`);
        return new Promise<never>(() => undefined);
      };
      setTimeout(() => {
        throw new Error('nobody caught this');
      }, 0);
    });
    await vi.waitFor(() => expect(fetch(`${baseUrl}/health`)).rejects.toThrow('fetch failed'));
    expect(await exited).toEqual([1, null]);
    // Three seconds, and what a busy machine adds.
    expect(performance.now() - begun).toBeLessThan(8_000);
    expect(stderr()).toMatch(/^Error: nobody caught this$/m);
    expect(stderr()).toMatch(/box: .*The Mozaiks Workbench crashed.*Error: nobody caught this/);
    await vi.waitFor(() => expect(plugins.filter(isRunning)).toEqual([]), { timeout: 10_000 });
    await workbench.close();
  });

  it('I6: ends although Electron does not come to its own end', async () => {
    const { app, close } = await openWorkbench({ examples: ['hello'] });
    const exited = once(app.process(), 'exit');
    await app.evaluate(({ app: program }) => {
      program.on('quit', () => {
        for (;;);
      });
    });
    await Promise.all([close(), exited]);
    expect(await exited).toEqual([null, 'SIGKILL']);
  });

  it('ends the call in flight and leaves no process behind', async () => {
    const workbench = await openWorkbench({ examples: ['slow'] });
    const { app, baseUrl } = workbench;
    const call = fetch(`${baseUrl}/api/execute/slow`, { method: 'POST', body: '{"seconds":25}' }).then(
      () => 'answered',
      () => 'cut off',
    );
    const pids = await vi.waitFor(
      async () => {
        const running = await pluginProcesses(workbench);
        expect(running.length).toBeGreaterThan(0);
        return running;
      },
      { timeout: 20_000 },
    );
    const main = app.process();
    const exited = new Promise((resolve) => main.once('exit', resolve));
    await workbench.close();
    await exited;
    expect(['answered', 'cut off']).toContain(await call);
    await vi.waitFor(() => expect([...pids, main.pid ?? 0].filter(isRunning)).toEqual([]), {
      timeout: 10_000,
    });
  });
});

/** A zombie that waits to be reaped runs no more. */
function isRunning(pid: number): boolean {
  const path = `/proc/${pid}/stat`;
  return existsSync(path) && !/\) [ZX] /.test(readFileSync(path, 'utf8'));
}
