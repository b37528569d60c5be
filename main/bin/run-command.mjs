/** Runs one program to its end, with its output captured and its time limited. */
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const MAX_OUTPUT = 64 * 1024;

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number, shell?: boolean}} [options]
 * @returns {Promise<{code: number|null, stdout: string, stderr: string, failure: string|null}>} `failure` is
 *   null exactly when the program ended with 0; else one line that says how it ended. Never rejects.
 */
export function runCommand(command, args, { cwd, env, timeoutMs = 600_000, shell = false } = {}) {
  return new Promise((settle) => {
    const child = spawn(command, args, { cwd, env, shell, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr']) {
      child[stream].setEncoding('utf8').on('data', (text) => {
        output[stream] = (output[stream] + text).slice(-MAX_OUTPUT);
      });
    }
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
      // Processes that the program started may hold these pipes open forever.
      child.stdout.destroy();
      child.stderr.destroy();
    }, timeoutMs);
    const end = (code, failure) => {
      clearTimeout(timer);
      settle({ code, ...output, failure });
    };
    child.on('error', (error) =>
      end(null, error.code === 'ENOENT' ? `${command} is not installed` : error.message),
    );
    child.on('close', (code, signal) => {
      if (timedOut) return end(code, `${command} was stopped after ${timeoutMs / 1000} s`);
      if (code === 0) return end(code, null);
      end(
        code,
        lastLine(output.stderr) ?? lastLine(output.stdout) ?? `${command} ended with ${signal ?? code}`,
      );
    });
  });
}

function lastLine(text) {
  return text.trim().split('\n').at(-1)?.trim() || null;
}

/** The npm that started this process, else the one on PATH (a .cmd file on Windows, which needs a shell). */
export function runNpm(args, options = {}) {
  const cli = process.env.npm_execpath;
  if (cli && /npm-cli\.c?js$/.test(cli)) return runCommand(process.execPath, [cli, ...args], options);
  return runCommand('npm', args, { ...options, shell: process.platform === 'win32' });
}

/** Full path of the first of `names` that PATH offers, else null. */
export function findOnPath(names, env = process.env) {
  for (const name of names) {
    for (const folder of (env.PATH ?? '').split(delimiter).filter(Boolean)) {
      if (isExecutable(join(folder, name))) return join(folder, name);
    }
  }
  return null;
}

export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
