import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { expect, it, onTestFinished } from 'vitest';
import { CallDeadline } from '../../main/hosts/call-deadline.ts';
import { PausableClock } from '../../main/hosts/pausable-clock.ts';

/** Answers at once, and says so in shared memory. */
const ANSWERING = `
  const { parentPort, workerData } = require('node:worker_threads');
  parentPort.on('message', () => {
    parentPort.postMessage('ended');
    Atomics.store(workerData, 0, 1);
    Atomics.notify(workerData, 0);
  });
`;

it('takes a call that ended while this process was held up for one that ended', async () => {
  const answered = new Int32Array(new SharedArrayBuffer(4));
  const call = new Worker(ANSWERING, { eval: true, workerData: answered });
  onTestFinished(async () => {
    await call.terminate();
  });
  await new Promise((resolve) => call.once('online', resolve));
  const steps: string[] = [];
  const step = (name: string) => () => {
    steps.push(name);
  };
  const deadline = new CallDeadline(new PausableClock(), 20, {
    cancel: step('cancel'),
    answer: step('answer'),
    retire: step('retire'),
    end: step('end'),
  });
  const ended = new Promise<void>((resolve) => {
    call.once('message', () => {
      deadline.stop();
      resolve();
    });
  });
  // Timers come next after this, messages after them.
  await setImmediate();
  call.postMessage('go');
  // Nothing is read here until the call has ended and the deadline is past.
  Atomics.wait(answered, 0, 0);
  const heldUp = new Int32Array(new SharedArrayBuffer(4));
  Atomics.wait(heldUp, 0, 0, 50);
  await ended;
  expect(steps).toEqual([]);
});
