import { WorkbenchError } from '../../contract/errors.ts';
import type { Trace } from '../../contract/trace.ts';
import type { TraceStore } from '../../traces/store/store.ts';

/** @throws {WorkbenchError} NOT_FOUND when it was dropped, or never was */
export async function keptTrace(traces: TraceStore, id: string): Promise<Trace> {
  const trace = await traces.read(id);
  if (trace !== undefined) return trace;
  throw new WorkbenchError('NOT_FOUND', `Trace '${id}' is not kept any more; the oldest are dropped first`);
}
