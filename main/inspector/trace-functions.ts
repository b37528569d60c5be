import { z } from 'zod';
import { OUTCOMES } from '../contract/trace.ts';
import type { TraceFunctions } from '../contract/trace-list.ts';
import type { HandlerDeps } from './deps.ts';
import { id, name } from './fields.ts';
import type { ArgumentsOf, HandlersOf } from './function-types.ts';
import { keptTrace } from './kept-trace.ts';

export const TRACE_ARGUMENTS: ArgumentsOf<TraceFunctions> = {
  traces: z.strictObject({
    limit: z.int().min(1).max(10_000),
    before: z.int().min(0).exactOptional(),
    skip: z.int().min(0).exactOptional(),
    plugin: name.exactOptional(),
    outcome: z.enum(OUTCOMES).exactOptional(),
    text: z.string().max(1_000).exactOptional(),
  }),
  trace: z.strictObject({ id }),
  clearTraces: z.null(),
};

export function createTraceHandlers({ traces }: HandlerDeps): HandlersOf<TraceFunctions> {
  return {
    traces: (query) => traces.search(query),
    trace: ({ id }) => keptTrace(traces, id),
    async clearTraces() {
      await traces.clear();
      return null;
    },
  };
}
