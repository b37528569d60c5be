import type { ChildWork } from '../../../../contract/child-span.ts';
import type { CurrentCall } from '../current-call.ts';

/** Something that the plugin does outside its own code, until it ends. */
export interface OpenSpan {
  /** The call that does it. */
  readonly call: CurrentCall;
  /** Tells the runtime. Only the first one counts, and the end of the call is one. */
  end(error?: string | null): void;
}

/** What is known of it by its end. */
export interface SpanReport {
  readonly work: ChildWork;
  readonly scope?: string | undefined;
  /** Where that is not the time from its beginning to its end. */
  readonly durationMs?: number | undefined;
}

/** Opens a span of the current call; null outside of any. `report` is asked once, at the end. */
export type OpenSpanOf = (report: () => SpanReport) => OpenSpan | null;
