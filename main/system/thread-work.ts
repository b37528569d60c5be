import { setTimeout as delay } from 'node:timers/promises';

/**
 * Files and host names are asked for in a few threads of Node's, where nothing can be cancelled: a file system that
 * doesn't answer holds one for ever. `process.exit` waits for them all, and would then never end the process.
 */
const THREAD_WORK = /^(FSReq|GetAddrInfoReq|GetNameInfoReq)/;

const POLL_MS = 10;

/**
 * To be awaited before this process exits. Returns once no thread is at work; kills the process if that is not so
 * within `graceMs`.
 */
export async function endIfStuck(graceMs: number): Promise<void> {
  const startedAt = performance.now();
  while (process.getActiveResourcesInfo().some((name) => THREAD_WORK.test(name))) {
    if (performance.now() - startedAt > graceMs) process.kill(process.pid, 'SIGKILL');
    await delay(POLL_MS);
  }
}
