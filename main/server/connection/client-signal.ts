import type { ServerResponse } from 'node:http';
import type { CancelSignal } from '../../contract/host.ts';

/** Aborts when the connection ends before the answer is out. */
export function clientSignal(res: ServerResponse): CancelSignal {
  const signal = new ClientSignal();
  const abort = () => {
    if (!res.writableFinished) signal.abort();
  };
  res.once('close', abort);
  if (res.destroyed) abort();
  return signal;
}

class ClientSignal implements CancelSignal {
  aborted = false;
  readonly #listeners = new Set<() => void>();

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.delete(listener);
  }

  /** Calls each listener once. */
  abort(): void {
    this.aborted = true;
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener();
  }
}
