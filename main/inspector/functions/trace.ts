import { z } from 'zod';
import type { TraceFunctions } from '../../contract/trace-list.ts';
import type { HandlerDeps } from '../deps.ts';
import type { ArgumentsOf, HandlersOf } from '../function-types.ts';
import { file, id, traceFilter } from './fields.ts';

export const TRACE_ARGUMENTS: ArgumentsOf<TraceFunctions> = {
  traces: z.strictObject({
    limit: z.int().min(1).max(10_000),
    before: z.int().min(0).exactOptional(),
    skip: z.int().min(0).exactOptional(),
    file: file.exactOptional(),
    ...traceFilter,
  }),
  trace: z.strictObject({ id, file: file.exactOptional() }),
  clearTraces: z.null(),
};

export function createTraceHandlers({ traces, openedFiles }: HandlerDeps): HandlersOf<TraceFunctions> {
  return {
    traces: ({ file, ...query }) =>
      file === undefined ? traces.search(query) : openedFiles.list(file, query),
    trace: ({ id, file }) => (file === undefined ? traces.require(id) : openedFiles.get(file, id)),
    async clearTraces() {
      await traces.clear();
      return null;
    },
  };
}
