import { WorkbenchError } from '../contract/errors.ts';
import type { Trace } from '../contract/trace.ts';
import type { TraceStore } from '../traces/store.ts';

/** @throws {WorkbenchError} NOT_FOUND when it was dropped, or never was */
export function keptTrace(traces: TraceStore, id: string): Trace {
  const trace = traces.get(id);
  if (trace !== undefined) return trace;
  throw new WorkbenchError('NOT_FOUND', `Trace '${id}' is not kept any more; the oldest are dropped first`);
}
