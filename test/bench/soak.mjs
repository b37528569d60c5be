import { setTimeout as delay } from 'node:timers/promises';
import { ask, awaitVersion } from './client.mjs';
import { saveNext } from './latency.mjs';
import { descendants, residentMb } from './server-process.mjs';

const REQUESTS_PER_SECOND = 50;
const MAX_GROWTH_MB = 50;
/** Reloads before the first reading of memory: caches and compiled code have settled by then. */
const WARM_UP = 25;
/**
 * Requests before it: the workbench keeps the last 10,000 traces, and what is looked for is growth beyond
 * those.
 */
const FILLING = 11_000;
const FILLING_WIDTH = 8;

/**
 * Reloads a plugin again and again under steady requests.
 * @returns {Promise<{ok: boolean, words: string}>} ok: no request failed, memory stayed flat and no process
 * was left
 */
export async function soak(subject, pid, reloads) {
  await fillTraces(subject);
  for (let n = 0; n < WARM_UP; n += 1) await awaitVersion(subject, saveNext(subject));
  await delay(1_500);
  const before = { memory: residentMb(pid), processes: descendants(pid)?.length };
  const traffic = startTraffic(subject);
  const began = performance.now();
  for (let n = 0; n < reloads; n += 1) await awaitVersion(subject, saveNext(subject));
  const seconds = (performance.now() - began) / 1000;
  const { sent, failures } = await traffic.stop();
  await delay(2_000);
  const growth = residentMb(pid) - before.memory;
  const extra = (descendants(pid)?.length ?? 0) - (before.processes ?? 0);
  const words =
    `${reloads} reloads in ${seconds.toFixed(0)} s under ${(sent / seconds).toFixed(0)} requests/s: ` +
    `${failures.length} of ${sent} failed${failures.length > 0 ? ` (${[...new Set(failures)].join('; ')})` : ''}, ` +
    `memory ${growth >= 0 ? '+' : ''}${growth.toFixed(1)} MB, ${extra} processes more than before`;
  return { ok: failures.length === 0 && !(growth >= MAX_GROWTH_MB) && extra <= 0, words };
}

async function fillTraces(subject) {
  let left = FILLING;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await ask(subject);
    }
  };
  await Promise.all(Array.from({ length: FILLING_WIDTH }, worker));
}

/** Sends requests at a fixed rate, whether or not earlier ones were answered. */
function startTraffic(subject) {
  const failures = [];
  const open = new Set();
  let sent = 0;
  const send = () => {
    sent += 1;
    const call = ask(subject)
      .then(({ status }) => {
        if (status !== 200) failures.push(`status ${status}`);
      })
      .catch((error) => failures.push(error.message))
      .finally(() => open.delete(call));
    open.add(call);
  };
  const timer = setInterval(send, 1000 / REQUESTS_PER_SECOND);
  const stop = async () => {
    clearInterval(timer);
    await Promise.all(open);
    return { sent, failures };
  };
  return { stop };
}
