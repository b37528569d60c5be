/** Runs one long-lived child as if it were this process: same output, same signals, same exit code. */
import { spawn } from 'node:child_process';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const FORCE_MS = 10_000;
const TERMINAL_MS = 1_500;
/** How often a script started by npm checks that npm's shell still exists. */
const PARENT_MS = 500;

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{env?: NodeJS.ProcessEnv, cwd?: string, onOutput?: (text: string) => void, hold?: (chunk: Buffer)
 *   => void}} [options] `onOutput` sees stdout as it passes through; `hold` receives its output instead of
 *   this process's own streams
 * @returns {Promise<{code: number, ended: string, signalled: boolean}>} `ended` describes how, for people;
 *   `signalled` is true when this process was asked to stop meanwhile. Never rejects.
 */
export function supervise(command, args, { env, cwd, onOutput, hold } = {}) {
  return new Promise((settle) => {
    const stdio = ['inherit', onOutput || hold ? 'pipe' : 'inherit', hold ? 'pipe' : 'inherit'];
    const child = spawn(command, args, { env, cwd, stdio });
    const signals = forwardSignals(child);
    child.stdout?.on('data', (chunk) => {
      if (hold) return hold(chunk);
      process.stdout.write(chunk);
      onOutput(chunk.toString('utf8'));
    });
    child.stderr?.on('data', (chunk) => hold(chunk));
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

/**
 * Passes the first signal on, and kills the child after 10 s: a shutdown that hangs must not hang this
 * process too. Ctrl+C in a terminal reaches the child by itself, and a second one would force it to exit; so
 * there the child gets another signal, later, in case this process alone was meant.
 */
function forwardSignals(child) {
  const timers = [];
  const later = (signal, ms) => timers.push(setTimeout(() => child.kill(signal), ms));
  let seen = false;
  const forward = (signal) => {
    // npm repeats what the terminal sent: one is enough.
    if (seen) return;
    seen = true;
    if (signal === 'SIGINT' && process.stdin.isTTY) later('SIGTERM', TERMINAL_MS);
    else child.kill(signal);
    later('SIGKILL', FORCE_MS);
  };
  for (const signal of SIGNALS) process.on(signal, forward);
  const parent = watchParent(() => forward('SIGTERM'));
  return {
    seen: () => seen,
    stop() {
      clearInterval(parent);
      for (const timer of timers) clearTimeout(timer);
      for (const signal of SIGNALS) process.off(signal, forward);
    },
  };
}

/** A signal to npm ends npm and its shell, not what the shell runs: this process then has another parent. */
function watchParent(onGone) {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return undefined;
  const { ppid } = process;
  const timer = setInterval(() => {
    if (process.ppid !== ppid) onGone();
  }, PARENT_MS);
  return timer.unref();
}
