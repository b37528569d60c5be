/** Waiting for a fact instead of asking for it again and again. */

export interface WaitOptions<T> {
  /** Without it the wait has no limit of its own. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Values that it refuses are ignored; default: the first value is taken. */
  readonly accept?: ((value: T) => boolean) | undefined;
}

/**
 * The first accepted value that `subscribe` delivers. `subscribe` may call its listener at once, for what is
 * already so. The listener and the timer are gone when the promise settles.
 * @throws what `subscribe` or `accept` throws, the signal's reason, or a {@link TimeoutError}
 */
export function waitForEvent<T>(
  subscribe: (listener: (value: T) => void) => () => void,
  { timeoutMs, signal, accept = () => true }: WaitOptions<T> = {},
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    let isSettled = false;
    let unsubscribe: (() => void) | undefined;
    let timer: NodeJS.Timeout | undefined;
    const settle = (report: () => void) => {
      if (isSettled) return;
      isSettled = true;
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      unsubscribe?.();
      report();
    };
    const onAbort = () => settle(() => reject(signal?.reason));
    const onValue = (value: T) => {
      if (isSettled) return;
      try {
        if (accept(value)) settle(() => resolve(value));
      } catch (error) {
        settle(() => reject(error));
      }
    };
    if (timeoutMs !== undefined) {
      timer = setTimeout(() => settle(() => reject(new TimeoutError(timeoutMs))), timeoutMs);
    }
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      unsubscribe = subscribe(onValue);
    } catch (error) {
      settle(() => reject(error));
    }
    // It may have settled while it subscribed, when there was nothing to unsubscribe yet.
    if (isSettled) unsubscribe?.();
  });
}

/** Resolves when everything else that is due has had its turn. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/**
 * Whether `work` settled within `timeoutMs`; rejects as `work` does in that time. What comes later is
 * ignored.
 */
export async function waitAtMost(work: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, false);
  });
  try {
    return await Promise.race([work.then(() => true), limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** Named like the one of `AbortSignal.timeout`, so that one look tells both. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';

  constructor(timeoutMs: number) {
    super(`Nothing within ${timeoutMs} ms`);
  }
}
