import type { TraceEvent } from '../../../main/contract/trace.ts';

/** The modules that were stood in for, each once, in the order of first use. */
export function standIns(events: readonly TraceEvent[]): readonly string[] {
  return [...new Set(events.map(({ source }) => source))];
}

/** An event's detail to read: JSON on one line, or indented when there is room; anything else as it is. */
export function detailText(detail: string, indented: boolean): string {
  if (!indented) return detail;
  try {
    return JSON.stringify(JSON.parse(detail), null, 2);
  } catch {
    // A text of the plugin's, no JSON.
    return detail;
  }
}
