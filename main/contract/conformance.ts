import type { ProductionDifference } from './production-differences.ts';
import type { SaveOutcome } from './save.ts';

/**
 * A broken `must` breaks the contract; a broken `should` is what production, too, does not promise
 * everywhere.
 */
type Severity = 'must' | 'should';

/**
 * `passed`: fulfilled, on evidence. `differs`: not as the contract's text, but as another public
 * implementation of it does; the reason says which. `failed`: broken. `skipped`: could not be tested here,
 * with the reason; never a pass.
 */
export const VERDICTS = ['passed', 'differs', 'failed', 'skipped'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Reasons for a skip that a user can remove, for programs; the reason for people is `CheckResult.reason`. */
export const SKIP_CODES = ['probe-missing'] as const;
export type SkipCode = (typeof SKIP_CODES)[number];

/** A request as it was sent and the answer to it; secrets masked. */
export interface ExchangeView {
  /** First line, headers, and the start of the body. */
  readonly request: string;
  /** Null when no HTTP answer came. */
  readonly answer: {
    readonly status: number;
    /** Names in lower case. */
    readonly headers: Readonly<Record<string, string>>;
    /** Its first 16 KiB. */
    readonly body: string;
  } | null;
  readonly durationMs: number;
}

/** One sentence of the contract that can be tested by itself. */
export interface Clause {
  /** Its permanent name in reports and baselines: `health.app`. */
  readonly id: string;
  /** The heading it belongs to. */
  readonly group: string;
  readonly title: string;
  readonly severity: Severity;
  /** The contract's sentence behind it, paraphrased. */
  readonly rule: string;
  /** Where that sentence is: "contract §1". */
  readonly place: string;
  readonly expected: string;
}

/** One clause of the contract and its verdict. */
export interface CheckResult extends Clause {
  readonly verdict: Verdict;
  /** Why: what differs, or why it was skipped. */
  readonly reason: string;
  /** Only with `skipped`; absent where nothing but the reason describes it. */
  readonly skipCode?: SkipCode | undefined;
  readonly observed: string;
  /**
   * Which runtime was asked, where that was not the target as it runs: a second one, and how it was started.
   */
  readonly stage: string | null;
  /** Everything the verdict rests on, in the order sent; empty when nothing could be sent. */
  readonly exchanges: readonly ExchangeView[];
  readonly durationMs: number;
}

export interface ConformanceReport {
  /** Names the report for `recheckClauses` and `saveReport`. */
  readonly id: string;
  /** Origin that was checked: `http://127.0.0.1:8080`. */
  readonly target: string;
  /** The target was the runtime that made the report. */
  readonly own: boolean;
  readonly contractVersion: string;
  /** The edition of the clauses; grows with every change to them. */
  readonly edition: number;
  /** As what it was called: "local mode", "external mode"; null where that can't be known. */
  readonly mode: 'local' | 'external' | null;
  readonly at: number;
  readonly durationMs: number;
  readonly cancelled: boolean;
  readonly checks: readonly CheckResult[];
}

export const PROBE_LANGUAGES = ['javascript', 'python'] as const;
export type ProbeLanguage = (typeof PROBE_LANGUAGES)[number];

/** A report in one line, for the list of past runs. */
export interface ReportSummary
  extends Pick<
    ConformanceReport,
    'id' | 'target' | 'own' | 'edition' | 'mode' | 'at' | 'durationMs' | 'cancelled'
  > {
  readonly counts: Readonly<Record<Verdict, number>>;
  /** Its clauses can be checked again: it ran in this session, so what it was called with is still known. */
  readonly live: boolean;
}

export interface CheckRequest {
  /** Chosen by the caller; names the run for `cancelCheck` and in its progress. */
  readonly runId: string;
  /** Origin of another runtime, http: or https:; null for this one. */
  readonly target: string | null;
  /**
   * Bearer token to call with, where nothing can sign one: for another runtime, or for this one with a real
   * identity provider. Without one, clauses that need a caller are skipped where the target demands it.
   */
  readonly token?: string;
  /**
   * JWT_SECRET of another runtime in local mode: tokens of every kind are signed with it. Goes before
   * `token`.
   */
  readonly secret?: string;
  /**
   * Sign tokens for another runtime with this one's key, which that one trusts: the same secret, or this
   * development issuer.
   */
  readonly ownKey?: boolean;
  /** In which language this runtime loads the probe plugin for its own checks; default: JavaScript. */
  readonly probe?: ProbeLanguage;
  /** What MOZAIKS_PLUGIN_TIMEOUT_SECONDS is at another runtime, in seconds, where its plugins can't tell. */
  readonly timeoutSeconds?: number;
  /**
   * Another runtime may be sent calls that end or block a plugin's process; one that does not isolate plugins
   * would crash.
   */
  readonly allowDisruptive?: boolean;
}

/** How far a run has come. */
export interface CheckProgress {
  readonly runId: string;
  /** Clauses checked. */
  readonly done: number;
  readonly total: number;
  /** Of the clause that is being checked; empty at the end. */
  readonly title: string;
  /** The clause that was just checked; null at the start of a run. */
  readonly check: CheckResult | null;
}

export const REPORT_FORMATS = ['markdown', 'html', 'junit', 'json'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** What a UI may ask about the contract. `null`: no argument or no answer. */
export interface ConformanceFunctions {
  /** BAD_REQUEST when the target is not an origin, NOT_READY when nothing answers there. */
  checkContract: { argument: CheckRequest; answer: ConformanceReport };
  /** Every clause, in the order of the reports. */
  listClauses: { argument: null; answer: readonly Clause[] };
  /** How production differs (CONTRACT.md §7). */
  listDifferences: { argument: null; answer: readonly ProductionDifference[] };
  /** What was not checked yet is skipped. Unknown ids are ignored: the run may have just ended. */
  cancelCheck: { argument: { runId: string }; answer: null };
  /**
   * Checks clauses of a report again; the report keeps its id and the other verdicts. NOT_FOUND when the
   * report is none of this session's. What was not checked when it is cancelled keeps its verdict.
   */
  recheckClauses: {
    argument: { runId: string; reportId: string; clauses: readonly string[] };
    answer: ConformanceReport;
  };
  /** Past runs, newest first, those of earlier sessions too. */
  listReports: { argument: null; answer: readonly ReportSummary[] };
  /** NOT_FOUND when it no longer exists. */
  getReport: { argument: { reportId: string }; answer: ConformanceReport };
  /** Answers with those that are left; null forgets all. */
  deleteReport: { argument: { reportId: string | null }; answer: readonly ReportSummary[] };
  /** Has the report saved as a file. NOT_FOUND when it no longer exists. */
  saveReport: { argument: { reportId: string; format: ReportFormat }; answer: SaveOutcome };
  /** Has the probe plugin saved: one file, whose first lines say where another runtime wants it. */
  saveProbe: { argument: { language: ProbeLanguage }; answer: SaveOutcome };
}
