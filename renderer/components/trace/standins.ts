import type { TraceEvent } from '../../../main/contract/trace.ts';

/** The modules that were replaced by stubs, each once, in the order of first use. */
export function stubSources(events: readonly TraceEvent[]): readonly string[] {
  return [...new Set(events.map(({ source }) => source))];
}

/** An event's detail for display: JSON on one line, or indented; anything else as it is. */
export function formatDetail(detail: string, indented: boolean): string {
  if (!indented) return detail;
  try {
    return JSON.stringify(JSON.parse(detail), null, 2);
  } catch {
    // Plain text from the plugin, not JSON.
    return detail;
  }
}
