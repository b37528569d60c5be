import { AsyncLocalStorage } from 'node:async_hooks';
import type { Children } from './spans/children.ts';

/** One call of the plugin, as all that runs for it finds it, timers and promises that it starts included. */
export interface CurrentCall {
  readonly id: number;
  /** For requests that it sends; absent where the runtime gave none. */
  readonly traceparent?: string | undefined;
  /** The caller's token, once its data has been read. */
  userJwt: string | null;
  readonly children: Children;
}

/** Undefined outside of any call. */
export const currentCall = new AsyncLocalStorage<CurrentCall>();
