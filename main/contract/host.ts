import type { JsonObject } from './http.ts';

/**
 * Messages between the runtime and a plugin's process. What comes up from a process is untrusted: guard it with
 * {@link isHostMessage}, ignore unknown call ids, cap sizes.
 */
export type RuntimeMessage =
  | {
      readonly type: 'load';
      /** The compiled bundle (CommonJS, inline source map). */
      readonly bundle: string;
      /** The entry file the bundle was made from: stands for `__filename`, resolves the plugin's own node_modules. */
      readonly entry: string;
    }
  | { readonly type: 'call'; readonly id: number; readonly data: JsonObject; readonly deadline: number }
  | { readonly type: 'cancel'; readonly id: number };

export type ConsoleLevel = 'debug' | 'log' | 'info' | 'warn' | 'error';

/** How a call settled inside the process. `json` is the serialized result object. */
export type HostResult =
  | { readonly kind: 'returned'; readonly json: string }
  | { readonly kind: 'invalid'; readonly reason: string }
  | { readonly kind: 'threw'; readonly message: string; readonly stack: string };

export type HostMessage =
  | { readonly type: 'up' }
  | { readonly type: 'loaded'; readonly handler: 'execute' | 'run' | 'default' }
  | { readonly type: 'load-failed'; readonly message: string; readonly stack: string }
  | {
      readonly type: 'console';
      readonly id: number | null;
      readonly level: ConsoleLevel;
      readonly text: string;
      readonly at: number;
    }
  | { readonly type: 'result'; readonly id: number; readonly result: HostResult };
