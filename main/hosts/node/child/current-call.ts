import type { AsyncLocalStorage } from 'node:async_hooks';
import type { Children } from './children.ts';

/** The call that the running code belongs to, also in timers and promises that it started. */
export interface CurrentCall {
  readonly id: number;
  /** For requests that it sends: W3C Trace Context. */
  readonly traceparent: string | undefined;
  /** The caller's token, as the plugin received it. */
  userJwt: string | null;
  readonly children: Children;
}

/** One for the process: whatever asks whose code is running asks this. */
export type CallStore = AsyncLocalStorage<CurrentCall>;
