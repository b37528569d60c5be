import type { HostMessage } from '../contract/host.ts';
import type { LoadedSources, LoadFailure, LoadResult } from './call.ts';

export type LoadMessage = Extract<HostMessage, { type: 'loaded' | 'load-failed' }>;

/** The one load of a process, from the caller's side: settles exactly once, whatever arrives. */
export class PendingLoad {
  #settle: ((result: LoadResult) => void) | null = null;

  /** Waits for its end, at most `limitMs`; then it has failed, and `onLate` is called. Never rejects. */
  begin(limitMs: number, onLate: () => void): Promise<LoadResult> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.fail(`its top level did not finish within ${limitMs / 1000} s`);
        onLate();
      }, limitMs);
      this.#settle = (result) => {
        clearTimeout(timer);
        this.#settle = null;
        resolve(result);
      };
    });
  }

  receive(message: LoadMessage): void {
    if (message.type === 'loaded') {
      this.#settle?.({ ok: true, sources: sourcesOf(message) });
      return;
    }
    const { stack, place = null } = message;
    this.#settle?.({ ok: false, message: message.message, stack: stack || null, place });
  }

  fail(message: string): void {
    this.#settle?.(loadFailure(message));
  }
}

/** A failure that has no place in the plugin's source. */
export function loadFailure(message: string): LoadFailure {
  return { ok: false, message, stack: null, place: null };
}

/** What the process was made of, where it is the process that knows. */
function sourcesOf({ files, hash }: Extract<HostMessage, { type: 'loaded' }>): LoadedSources | null {
  return files === undefined || hash === undefined ? null : { files, hash };
}
