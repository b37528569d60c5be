/** Runs one long-lived child as if it were this process: same output, same signals, same exit code. */
import { spawn } from 'node:child_process';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const FORCE_MS = 10_000;

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{env?: NodeJS.ProcessEnv, cwd?: string, onOutput?: (text: string) => void}} [options] `onOutput` sees stdout as it passes through
 * @returns {Promise<{code: number, ended: string, signalled: boolean}>} `ended` says how, for people; `signalled` is true when this process was
 *   asked to stop meanwhile. Never rejects.
 */
export function supervise(command, args, { env, cwd, onOutput } = {}) {
  return new Promise((settle) => {
    const stdio = ['inherit', onOutput ? 'pipe' : 'inherit', 'inherit'];
    const child = spawn(command, args, { env, cwd, stdio });
    const signals = forwardSignals(child);
    child.stdout?.on('data', (chunk) => {
      process.stdout.write(chunk);
      onOutput(chunk.toString('utf8'));
    });
    const end = (code, ended) => {
      signals.stop();
      settle({ code, ended, signalled: signals.seen() });
    };
    child.on('error', (error) => end(127, error.message));
    child.on('close', (code, signal) =>
      signal ? end(128 + (SIGNAL_NUMBERS[signal] ?? 0), signal) : end(code, `exit code ${code}`),
    );
  });
}

const SIGNAL_NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGABRT: 6, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 };

/** Passes signals on, and after 10 s without an end kills: a stop that hangs must not hang this process too. */
function forwardSignals(child) {
  let seen = false;
  let force;
  const forward = (signal) => {
    // npm repeats what the terminal sent: one is enough.
    if (seen) return;
    seen = true;
    // Ctrl+C in a terminal reaches the child by itself; a second one from here would look like impatience.
    const alreadySent = signal === 'SIGINT' && process.stdin.isTTY;
    if (!alreadySent) child.kill(signal);
    force = setTimeout(() => child.kill('SIGKILL'), FORCE_MS);
  };
  for (const signal of SIGNALS) process.on(signal, forward);
  return {
    seen: () => seen,
    stop() {
      clearTimeout(force);
      for (const signal of SIGNALS) process.off(signal, forward);
    },
  };
}
