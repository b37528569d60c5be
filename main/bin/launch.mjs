/** How to start Electron on this machine: its flags and its environment. */
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runCommand } from './run-command.mjs';

/**
 * @param {import('./report.mjs').UsableElectron} electron
 * @returns {Promise<{flags: string[], remarks: string[]}>} flags for the command line, before the
 *   application's folder; remarks for people
 */
export async function launchFlags(electron) {
  const flags = [];
  const remarks = [];
  const noSandbox = await sandboxProblem(electron.binary);
  if (noSandbox) {
    flags.push('--no-sandbox');
    remarks.push(`Chromium's sandbox is off: ${noSandbox}`);
  }
  // The old copy is for machines without a desktop of their own: its GPU process fails there, and it
  // complains about every missing desktop service. Its own log is limited to fatal errors; the product's log
  // is not affected.
  if (electron.source === 'copy') flags.push('--disable-gpu', '--log-level=3');
  return { flags, remarks };
}

/** @returns {Promise<string|null>} why Chromium's sandbox can't work here, else null */
async function sandboxProblem(binary) {
  if (process.platform !== 'linux') return null;
  if (process.getuid() === 0) return 'it does not work for root';
  const helper = statSync(join(dirname(binary), 'chrome-sandbox'), { throwIfNoEntry: false });
  if (helper?.uid === 0 && helper.mode & 0o4000) return null;
  const { failure } = await runCommand('unshare', ['--user', '--map-root-user', 'true'], {
    timeoutMs: 10_000,
  });
  return failure === null ? null : `this system allows no user namespaces (${failure})`;
}

/** @param {import('./report.mjs').UsableElectron} electron */
export function launchEnvironment(electron) {
  const env = { ...process.env, MOZAIKS_WORKBENCH_ELECTRON_NOTICE: electron.notice };
  // Set in some editors' terminals; Electron would start as plain Node.
  delete env.ELECTRON_RUN_AS_NODE;
  if (process.platform === 'linux' && !env.DBUS_SESSION_BUS_ADDRESS && !hasSessionBus(env)) {
    // Without a session bus libdbus would try to launch one: an address where nothing listens stops that.
    env.DBUS_SESSION_BUS_ADDRESS = 'unix:path=/dev/null';
  }
  return env;
}

function hasSessionBus(env) {
  return Boolean(env.XDG_RUNTIME_DIR) && existsSync(join(env.XDG_RUNTIME_DIR, 'bus'));
}
