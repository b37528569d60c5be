import type { SaveOutcome } from './save.ts';

export interface CheckView {
  readonly id: string;
  readonly group: string;
  readonly title: string;
  /** The rule, in our words, with its place: "contract §1". */
  readonly rule: string;
  readonly verdict: 'passed' | 'failed' | 'skipped';
  /** Why, in words: what differs, or why it was skipped. */
  readonly reason: string;
  readonly request: string;
  readonly expected: string;
  readonly observed: string;
  readonly evidence: {
    readonly status: number | null;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
}

export interface ConformanceReport {
  /** Names the report for `recheckClause` and `saveReport`. */
  readonly id: string;
  /** Origin that was checked: `http://127.0.0.1:8080`. */
  readonly target: string;
  /** The target was the runtime that made the report. */
  readonly own: boolean;
  readonly contractVersion: string;
  readonly at: number;
  readonly durationMs: number;
  readonly cancelled: boolean;
  readonly checks: readonly CheckView[];
}

export interface CheckRequest {
  /** Chosen by the caller; names the run for `cancelCheck` and in its progress. */
  readonly runId: string;
  /** Origin of another runtime, http: or https:; null for this one. */
  readonly target: string | null;
  /** Bearer token for another runtime. Without one, clauses that need a caller are skipped where it demands one. */
  readonly token?: string;
}

/** How far a run has come. */
export interface CheckProgress {
  readonly runId: string;
  /** Clauses judged. */
  readonly done: number;
  readonly total: number;
  /** Of the clause at work; empty at the end. */
  readonly title: string;
}

export const REPORT_FORMATS = ['markdown', 'junit', 'json'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** What a UI may ask about the contract. `null` stands for no argument or no answer. */
export interface ConformanceFunctions {
  /** BAD_REQUEST when the target is no origin, NOT_READY when nothing answers there. */
  checkContract: { argument: CheckRequest; answer: ConformanceReport };
  /** What is not judged yet is skipped. Unknown ids are ignored: the run may have just ended. */
  cancelCheck: { argument: { runId: string }; answer: null };
  /** Judges one clause of a report anew; the report keeps its id and the other verdicts. */
  recheckClause: { argument: { reportId: string; clause: string }; answer: ConformanceReport };
  /** Has the report saved as a file. NOT_FOUND when it is not kept any more. */
  saveReport: { argument: { reportId: string; format: ReportFormat }; answer: SaveOutcome };
}
