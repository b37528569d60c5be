/**
 * Installs system packages where this process may (root on a Debian-like system); otherwise names the exact
 * command.
 */
import { existsSync } from 'node:fs';
import { SetupProblem, timed } from './report.mjs';
import { findOnPath, runCommand } from './run-command.mjs';

const APT_MS = 900_000;
/** Another apt may be running (a fresh machine updates itself): wait for it. */
const APT_OPTIONS = ['-o', 'DPkg::Lock::Timeout=300', '-q'];

/**
 * @param {readonly string[]} packages Debian names
 * @param {string} what why they are needed, as the start of a message
 * @throws {SetupProblem} when they could not be installed
 */
export async function ensurePackages(packages, what) {
  const names = await namesHere(packages);
  const command = installLine(names);
  if (!isDebianLike()) {
    throw new SetupProblem(
      what,
      'this is not a Debian-like system',
      `Install what Debian calls ${names.join(' ')}`,
    );
  }
  if (process.getuid?.() !== 0) {
    throw new SetupProblem(what, 'only root may install packages', `Run: sudo sh -c '${command}'`);
  }
  await timed(`${what}; installing ${names.join(' ')}`, () => install(packages, what, command));
}

/** How to install them on this system, as one sentence. @param {readonly string[]} packages Debian names */
export async function installRemedy(packages) {
  const names = await namesHere(packages);
  if (!isDebianLike()) return `Install what Debian calls ${names.join(' ')}`;
  return `Run: ${process.getuid?.() === 0 ? installLine(names) : `sudo sh -c '${installLine(names)}'`}`;
}

function installLine(names) {
  return `apt-get update && apt-get install -y --no-install-recommends ${names.join(' ')}`;
}

async function install(packages, what, command) {
  const update = await apt(['update']);
  const { failure } = await apt(['install', '-y', '--no-install-recommends', ...(await namesHere(packages))]);
  if (failure === null) return;
  const why = update.failure === null ? failure : `${failure} (and apt-get update: ${update.failure})`;
  throw new SetupProblem(what, why, `Run it by hand to see more: ${command}`);
}

function apt(args) {
  return runCommand('apt-get', [...APT_OPTIONS, ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    timeoutMs: APT_MS,
  });
}

export function isDebianLike() {
  return (
    process.platform === 'linux' && existsSync('/etc/debian_version') && findOnPath(['apt-get']) !== null
  );
}

/** Newer releases renamed some libraries (libgtk-3-0t64): takes the new name where apt knows it. */
async function namesHere(packages) {
  if (!isDebianLike()) return packages;
  const renamed = packages.map((name) => `${name}t64`);
  const { stdout } = await runCommand('apt-cache', ['show', '--no-all-versions', ...renamed], {
    timeoutMs: 60_000,
  });
  const known = new Set([...stdout.matchAll(/^Package: (\S+)$/gm)].map(([, name]) => name));
  return packages.map((name) => (known.has(`${name}t64`) ? `${name}t64` : name));
}
