import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { CleanUp } from './clean-up.ts';
import { projectRoot, temporaryFolder } from './folders.ts';
import { freePort } from './free-port.ts';

/**
 * A shell in a folder of its own where `mozaiks-workbench` is what npm makes of the package's bin: a link on
 * the path.
 */
export interface CommandShell {
  /** The working directory. */
  readonly cwd: string;
  /** The user's folder, where the runtime keeps its own. */
  readonly configPath: string;
  /** The port that the environment names; nobody listens there. */
  readonly port: number;
  /** Runs a line as `sh -c` does: pipes, lists and `$?` as a shell has them. */
  run(line: string): Promise<ShellOutcome>;
  /** Starts the command itself, for signals. */
  start(...args: readonly string[]): StartedCommand;
}

interface ShellOutcome {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface StartedCommand {
  readonly process: ChildProcess;
  /** Resolves with all of stdout so far once the pattern is in it. */
  printed(pattern: RegExp): Promise<string>;
  readonly ended: Promise<ShellOutcome>;
}

export async function openShell(cleanUp: CleanUp = onTestFinished): Promise<CommandShell> {
  const folder = await temporaryFolder('workbench-shell');
  cleanUp(folder.remove);
  const bin = join(folder.path, 'bin');
  const cwd = join(folder.path, 'work');
  await Promise.all([mkdir(bin), mkdir(cwd)]);
  await symlink(join(projectRoot, 'main/bin/mozaiks-workbench.mjs'), join(bin, 'mozaiks-workbench'));
  const port = await freePort();
  const env = {
    PATH: [bin, dirname(process.execPath), process.env.PATH].join(delimiter),
    HOME: folder.path,
    XDG_CONFIG_HOME: join(folder.path, 'config'),
    PORT: String(port),
  };
  return {
    cwd,
    port,
    configPath: join(folder.path, 'config/mozaiks-workbench'),
    run: (line) =>
      new Promise((resolve) => {
        execFile('sh', ['-c', line], { cwd, env }, (error, stdout, stderr) =>
          resolve({ code: error === null ? 0 : numberOf(error.code), stdout, stderr }),
        );
      }),
    start: (...args) => started(spawn('mozaiks-workbench', [...args], { cwd, env }), cleanUp),
  };
}

function numberOf(code: unknown): number | null {
  return typeof code === 'number' ? code : null;
}

function started(child: ChildProcess, cleanUp: CleanUp): StartedCommand {
  const written = { stdout: '', stderr: '' };
  const waiting = new Set<() => void>();
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (text: string) => {
      written[stream] += text;
      for (const look of waiting) look();
    });
  }
  const ended = new Promise<ShellOutcome>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...written }));
  });
  cleanUp(async () => {
    child.kill('SIGKILL');
    await ended.catch(() => undefined);
  });
  return {
    process: child,
    ended,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => pattern.test(written.stdout) && resolve(written.stdout);
        waiting.add(look);
        look();
        ended.then(({ code, stderr }) => reject(new Error(`it ended with ${code}: ${stderr}`)), reject);
      }),
  };
}
