import { parentPort, workerData } from 'node:worker_threads';
import { errorCode, errorMessage } from '../../../system/errors.ts';
import { LOCK_RENEWAL_MS } from '../../../system/lock.ts';
import type { DiskReply, DiskRequest, DiskThreadData } from './jobs.ts';
import { createSegmentFiles } from './segment-files.ts';

/** The thread that holds the traces' files: answers jobs in the order they come (see jobs.ts). */

const port = parentPort;
if (port === null) throw new Error('this script runs as a worker thread');
const files = createSegmentFiles(workerData as DiskThreadData);

const beats = setInterval(() => {
  try {
    files.beat();
  } catch (error) {
    // The folder is unreachable for now; the next write says so.
    console.error('The traces’ lock could not be renewed', error);
  }
}, LOCK_RENEWAL_MS);
beats.unref();

port.on('message', ({ id, job, argument }: DiskRequest) => {
  const reply = answer({ id, job, argument });
  port.postMessage(reply, transfers(reply));
  if (job === 'close') port.close();
});

function answer({ id, job, argument }: DiskRequest): DiskReply {
  try {
    return { id, ok: true, answer: files[job](argument as never) };
  } catch (error) {
    const message = errorMessage(error);
    const code = errorCode(error) ?? 'UNKNOWN';
    return { id, ok: false, code, message };
  }
}

/** The bytes of a segment's rows change hands instead of being copied. */
function transfers(reply: DiskReply): ArrayBuffer[] {
  if (!reply.ok || typeof reply.answer !== 'object' || reply.answer === null) return [];
  return Object.values(reply.answer)
    .filter((value) => value instanceof Uint8Array || value instanceof Uint32Array)
    .map(({ buffer }) => buffer as ArrayBuffer);
}
