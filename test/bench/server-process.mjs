import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Starts a server that prints `listening on <url>`; ended by `stop`. */
export async function startServer(script, args, options = {}) {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let text = '';
  const url = await new Promise((resolve, reject) => {
    let errors = '';
    child.stderr.on('data', (chunk) => {
      errors = (errors + chunk).slice(-4_096);
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`it ended with ${code}: ${errors.trim()}`)));
    child.stdout.on('data', (chunk) => {
      text = (text + chunk).slice(-4_096);
      const found = /^listening on (\S+)$/m.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  const stop = () =>
    new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve();
      child.once('exit', resolve);
      child.kill('SIGTERM');
    });
  return { url, pid: child.pid, stop, printed: () => text };
}

/** Resident memory of a process in MiB; NaN where there is no /proc. */
export function residentMb(pid) {
  try {
    const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kibibytes) / 1024;
  } catch {
    return Number.NaN;
  }
}

/** The processes that descend from `pid`, zombies left out; null where there is no /proc. */
export function descendants(pid) {
  const parents = new Map();
  try {
    for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
      const status = statusOf(name);
      if (status !== null && !/^State:\s+Z/m.test(status)) {
        parents.set(Number(name), Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1]));
      }
    }
  } catch {
    return null;
  }
  const below = (parent) =>
    [...parents].filter(([, its]) => its === parent).flatMap(([one]) => [one, ...below(one)]);
  return below(pid);
}

function statusOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    // It ended while the list was read.
    return null;
  }
}
