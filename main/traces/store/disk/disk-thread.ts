import { Worker } from 'node:worker_threads';
import { errorMessage } from '../../../system/errors.ts';
import type { DiskJob, DiskJobs, DiskReply, DiskRequest, DiskThreadData } from './jobs.ts';

/**
 * The thread that holds the traces' files, as the runtime sees it. Started by the first job, and again should
 * it end.
 */
export interface DiskThread {
  /** @throws {DiskFailure} */
  ask<N extends DiskJob>(
    job: N,
    argument: DiskJobs[N]['argument'],
    transfer?: readonly ArrayBuffer[],
  ): Promise<DiskJobs[N]['answer']>;
  stop(): Promise<void>;
}

/** A job failed: `code` is the system's (ENOSPC), one of `DISK_ERRORS`, or THREAD_ENDED. */
export class DiskFailure extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = 'DiskFailure';
    this.code = code;
  }
}

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (failure: DiskFailure) => void;
}

export function createDiskThread(script: string, data: DiskThreadData): DiskThread {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | null = null;
  let lastId = 0;

  function start(): Worker {
    const started = new Worker(script, { workerData: data });
    // Traces never keep a process alive that is done.
    started.unref();
    started.on('message', settle);
    const end = (reason: string) => {
      if (worker !== started) return;
      worker = null;
      const failure = new DiskFailure('THREAD_ENDED', `the thread of the traces' files ended: ${reason}`);
      for (const { reject } of waiting.values()) reject(failure);
      waiting.clear();
    };
    started.on('error', (error) => end(errorMessage(error)));
    started.on('exit', (code) => end(`exit code ${code}`));
    return started;
  }

  function settle(reply: DiskReply): void {
    const job = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (reply.ok) job?.resolve(reply.answer as never);
    else job?.reject(new DiskFailure(reply.code, reply.message));
  }

  return {
    ask: (job, argument, transfer = []) =>
      new Promise((resolve, reject) => {
        worker ??= start();
        lastId += 1;
        waiting.set(lastId, { resolve, reject });
        worker.postMessage({ id: lastId, job, argument } satisfies DiskRequest, [...transfer]);
      }),
    async stop() {
      await worker?.terminate();
    },
  };
}
