/** Finds out whether a window can open, and starts a virtual display for test runs where it can't. */
import { spawn } from 'node:child_process';
import { createConnection } from 'node:net';
import { SetupProblem } from './report.mjs';

const CONNECT_MS = 2_000;
const XVFB_START_MS = 20_000;

/**
 * Null when a window can open, else a short reason. Only Linux and similar systems can be without a display.
 */
export async function displayProblem(env = process.env) {
  if (process.platform === 'win32' || process.platform === 'darwin') return null;
  if (env.WAYLAND_DISPLAY) return null;
  if (!env.DISPLAY) return 'there is no display (DISPLAY and WAYLAND_DISPLAY are not set)';
  const local = /^(?:unix)?:(\d+)/.exec(env.DISPLAY);
  // A display on another machine (ssh -X) is trusted; a local one is checked, since DISPLAY often outlives
  // its server.
  if (!local) return null;
  const socket = `/tmp/.X11-unix/X${local[1]}`;
  const answers = (await connects(socket)) || (await connects(`\0${socket}`));
  return answers ? null : `the display does not answer (DISPLAY=${env.DISPLAY})`;
}

function connects(path) {
  return new Promise((settle) => {
    const socket = createConnection({ path });
    const end = (answer) => {
      socket.destroy();
      settle(answer);
    };
    socket.setTimeout(CONNECT_MS, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

/**
 * Starts Xvfb on a number it picks itself, so that several test runs can share a machine.
 * @returns {Promise<{display: string, stop(): void}>}
 * @throws {SetupProblem} when Xvfb is missing or does not come up within 20 s
 */
export function startXvfb() {
  const args = ['-displayfd', '3', '-screen', '0', '1600x1100x24', '-nolisten', 'tcp', '-noreset'];
  const child = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  const stop = () => child.kill('SIGTERM');
  process.once('exit', stop);
  return new Promise((settle, reject) => {
    let output = '';
    const fail = (why) => {
      stop();
      clearTimeout(timer);
      reject(new SetupProblem('The virtual display did not start', why, 'Install it: apt-get install xvfb'));
    };
    const timer = setTimeout(
      () => fail(`no answer within ${XVFB_START_MS / 1000} s ${output}`),
      XVFB_START_MS,
    );
    child.stderr.setEncoding('utf8').on('data', (text) => {
      output = (output + text).slice(-2_000);
    });
    child.stdio[3].setEncoding('utf8').on('data', (number) => {
      clearTimeout(timer);
      settle({ display: `:${number.trim()}`, stop });
    });
    child.once('error', (error) => fail(error.code === 'ENOENT' ? 'Xvfb is not installed' : error.message));
    child.once('exit', (code, signal) => fail(`Xvfb ended with ${signal ?? code} ${output}`));
  });
}
