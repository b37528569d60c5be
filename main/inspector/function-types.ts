import type { z } from 'zod';

interface FunctionMap {
  readonly [name: string]: { argument: unknown; answer: unknown };
}

/** How a map of functions (`PluginFunctions`, `RunFunctions`, …) is implemented. */
export type HandlersOf<F> = {
  readonly [N in keyof F]: F[N] extends FunctionMap[string]
    ? (argument: F[N]['argument']) => F[N]['answer'] | Promise<F[N]['answer']>
    : never;
};

/** How the arguments of a map of functions are checked. */
export type ArgumentsOf<F> = {
  readonly [N in keyof F]: F[N] extends FunctionMap[string] ? z.ZodType<F[N]['argument']> : never;
};
