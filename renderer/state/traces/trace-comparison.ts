import type { UiStore } from '../app/ui.ts';
import type { TraceMarks } from './trace-marks.ts';

export type TraceComparison = ReturnType<typeof createTraceComparison>;

interface TraceComparisonDeps {
  readonly ui: UiStore;
  readonly traceMarks: TraceMarks;
}

/** Which two traces are compared; the address names them. */
export function createTraceComparison({ ui, traceMarks: marks }: TraceComparisonDeps) {
  /** Makes this trace the first of a comparison; the next one selected is the second. */
  function startWith(ref: string): void {
    marks.store.setState({ comparing: ref });
  }

  function cancel(): void {
    marks.store.setState({ comparing: null });
  }

  /** Shows two traces side by side; the list's file and filters stay in the address for the return. */
  function open(a: string, b: string): void {
    marks.clear();
    setCompared(`${a},${b}`);
  }

  function close(): void {
    setCompared(null);
  }

  function setCompared(compare: string | null): void {
    const { item, params } = ui.store.getState().route;
    ui.navigate('traces', { item, params: { ...params, compare } });
  }

  /**
   * The compare key: compares two marked rows; otherwise the waiting trace with the open one; otherwise makes
   * the open one wait.
   */
  function press(): void {
    const { marked, comparing } = marks.store.getState();
    const id = marks.openRow();
    const [a, b] = marked;
    if (marked.length === 2 && a !== undefined && b !== undefined) {
      open(a, b);
      return;
    }
    if (id === null) return;
    const ref = marks.refOfRow(id);
    if (comparing !== null && ref !== comparing) open(comparing, ref);
    else startWith(ref);
  }
  return {
    startWith,
    cancel,
    open,
    close,
    press,
  };
}
