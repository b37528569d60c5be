/**
 * The real window, started as a person starts it, and what its page says about when it was there. Nothing is
 * attached before the first screen is painted, so that no debugger slows it down.
 */
import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { evaluateInPage } from './devtools.mjs';

const START_MS = 60_000;

/**
 * @typedef {object} FirstScreen all in ms
 * @property {number} openedMs from the start of the process until the window began to load
 * @property {number} dataMs from there until the first screen with the runtime's data was painted
 */

/**
 * @param {{binary: string, flags: readonly string[], args: readonly string[], env: NodeJS.ProcessEnv}}
 * options
 * @returns {Promise<FirstScreen>}
 */
export async function timeFirstScreen({ binary, flags, args, env }) {
  const began = Date.now();
  const child = spawn(binary, [...flags, '--remote-debugging-port=0', ...args], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  try {
    return await readTimes(await debuggerUrl(child), began);
  } finally {
    await stop(child);
  }
}

/** @returns {Promise<string>} */
function debuggerUrl(child) {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => reject(new Error(`no window within ${START_MS} ms: ${text}`)), START_MS);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the window ended with ${code}: ${text}`)));
    child.stderr.setEncoding('utf8').on('data', (chunk) => {
      text = (text + chunk).slice(-4_096);
      const url = /^DevTools listening on (ws:\S+)$/m.exec(text)?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    });
  });
}

/** Evaluated in the page: resolves when the page itself has set its mark. */
const TIMES = `new Promise((resolve) => {
  const tell = () => resolve({
    origin: performance.timeOrigin,
    data: performance.getEntriesByName('first-screen')[0].startTime,
  });
  new PerformanceObserver(() => {
    if (performance.getEntriesByName('first-screen').length > 0) tell();
  }).observe({ type: 'mark', buffered: true });
})`;

async function readTimes(browserUrl, began) {
  const until = Date.now() + START_MS;
  while (Date.now() < until) {
    const times = await evaluateInPage(browserUrl, 'workbench:', TIMES);
    if (times !== null) {
      return { openedMs: times.origin - began, dataMs: times.data };
    }
    await delay(50);
  }
  throw new Error(`the window opened no page within ${START_MS} ms`);
}

function stop(child) {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
