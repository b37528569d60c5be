import { parentPort, Worker, workerData } from 'node:worker_threads';
import { ERROR_STATUS, type ErrorCode, WorkbenchError } from '../contract/errors.ts';
import { errorCode, errorMessage } from './errors.ts';

/**
 * A task in a thread of its own: reading what a stranger made. Threat model: whatever it is, it holds up no
 * call of this runtime, and takes memory and time up to a limit. What the task sends is small, since to take
 * it over costs this thread time, too.
 */
export interface ThreadTask {
  /** What it is given; cloned. */
  readonly input: object;
  /** Sent any number of times, in order. */
  readonly part: unknown;
  readonly answer: unknown;
}

export interface ThreadTaskOptions<Task extends ThreadTask> {
  readonly onPart: (part: Task['part']) => void;
  /** Ends the thread at once. */
  readonly signal: AbortSignal;
}

type Message<Task extends ThreadTask> =
  | { readonly kind: 'part'; readonly part: Task['part'] }
  | { readonly kind: 'done'; readonly answer: Task['answer'] }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string };

const MEMORY_MB = 2_048;

/**
 * Runs the task of a script that calls {@link answerTask}.
 * @throws {WorkbenchError} as the task does; PAYLOAD_TOO_LARGE when it takes too much memory
 * @throws the signal's reason when that aborts
 */
export function runInThread<Task extends ThreadTask>(
  script: string,
  input: Task['input'],
  { onPart, signal }: ThreadTaskOptions<Task>,
): Promise<Task['answer']> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const worker = new Worker(script, {
      workerData: input,
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    });
    const end = (settle: () => void) => {
      signal.removeEventListener('abort', abort);
      settle();
      worker.terminate().catch(reject);
    };
    const abort = () => end(() => reject(signal.reason));
    signal.addEventListener('abort', abort, { once: true });
    worker.on('message', (message: Message<Task>) => {
      if (message.kind === 'part') onPart(message.part);
      else if (message.kind === 'done') end(() => resolve(message.answer));
      else end(() => reject(new WorkbenchError(message.code, message.message)));
    });
    worker.once('error', (error) => end(() => reject(toFailure(error))));
    worker.once('exit', () => end(() => reject(new Error('the thread ended without an answer'))));
  });
}

function toFailure(error: unknown): unknown {
  if (errorCode(error) !== 'ERR_WORKER_OUT_OF_MEMORY') return error;
  return new WorkbenchError('PAYLOAD_TOO_LARGE', `it takes more than ${MEMORY_MB} MB of memory`, {
    cause: error,
  });
}

/** The thread's side: does the work it was started for, and ends. */
export function answerTask<Task extends ThreadTask>(
  work: (
    input: Task['input'],
    post: (part: Task['part']) => void,
  ) => Task['answer'] | Promise<Task['answer']>,
): void {
  const port = parentPort;
  if (port === null) throw new Error('this script runs as a worker thread');
  const send = (message: Message<Task>) => port.postMessage(message);
  const run = async () => work(workerData as Task['input'], (part) => send({ kind: 'part', part }));
  run().then(
    (answer) => send({ kind: 'done', answer }),
    (error: unknown) => send({ kind: 'failed', code: codeOf(error), message: errorMessage(error) }),
  );
}

function codeOf(error: unknown): ErrorCode {
  const code = errorCode(error);
  return code !== undefined && Object.hasOwn(ERROR_STATUS, code) ? (code as ErrorCode) : 'INTERNAL_ERROR';
}
