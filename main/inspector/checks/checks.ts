import { CLAUSES } from '../../conformance/clauses/clauses.ts';
import { REPORT_WRITERS } from '../../conformance/reports/formats.ts';
import { type ConformanceStep, checkConformance } from '../../conformance/run/run.ts';
import type { CheckTarget } from '../../conformance/target/target.ts';
import type {
  CheckProgress,
  CheckRequest,
  CheckResult,
  ConformanceReport,
  ReportFormat,
} from '../../contract/conformance.ts';
import { WorkbenchError } from '../../contract/errors.ts';
import type { ArgumentOf } from '../../contract/inspector.ts';
import type { Redactor } from '../../traces/record/redact.ts';

/** Runs of the contract's checks against this runtime or another, and the reports they made. */
export interface Checks {
  /** @throws {WorkbenchError} CONFLICT when too many run, or one of that id; what finding the target throws */
  run(request: CheckRequest): Promise<ConformanceReport>;
  cancel(runId: string): void;
  /** @throws {WorkbenchError} NOT_FOUND when the report is not kept any more, or the contract has no such clause */
  recheck(wish: ArgumentOf<'recheckClauses'>): Promise<ConformanceReport>;
  /** A report of this session, or undefined. */
  find(reportId: string): ConformanceReport | undefined;
}

export interface ReportFile {
  readonly name: string;
  readonly text: string;
}

export interface ChecksDeps {
  readonly redactor: Redactor;
  /** The runtime to check; closed when its run ends. */
  readonly findTarget: (request: Omit<CheckRequest, 'runId'>, signal: AbortSignal) => Promise<CheckTarget>;
  readonly onProgress: (progress: CheckProgress) => void;
  /** Of each report that was made, or in which clauses were judged anew. */
  readonly onReport: (report: ConformanceReport) => void;
}

interface Kept {
  readonly report: ConformanceReport;
  /** Holds the token or the secret of another runtime, so it is in memory only. */
  readonly request: CheckRequest;
}

/** Reports kept for saving and re-judging; a report is some hundred kilobytes. */
const MAX_REPORTS = 20;
/** Each may have a handful of second runtimes. */
const MAX_RUNS = 4;

export function createChecks(deps: ChecksDeps): Checks {
  const active = new Map<string, AbortController>();
  const kept = new Map<string, Kept>();

  const keep = (report: ConformanceReport, request: CheckRequest) => {
    kept.delete(report.id);
    kept.set(report.id, { report, request });
    for (const oldest of kept.keys()) if (kept.size > MAX_REPORTS) kept.delete(oldest);
    deps.onReport(report);
    return report;
  };
  const find = (reportId: string): Kept => {
    const found = kept.get(reportId);
    if (found !== undefined) return found;
    throw new WorkbenchError('NOT_FOUND', `Report '${reportId}' is not kept any more: run the checks again`);
  };
  const whileActive = async <T>(runId: string, work: (signal: AbortSignal) => Promise<T>) => {
    if (active.has(runId) || active.size >= MAX_RUNS) {
      throw new WorkbenchError('CONFLICT', 'Other checks are still running: wait for them, or cancel them');
    }
    const controller = new AbortController();
    active.set(runId, controller);
    try {
      return await work(controller.signal);
    } finally {
      active.delete(runId);
    }
  };

  return {
    cancel: (runId) => active.get(runId)?.abort(),
    run: (request) =>
      whileActive(request.runId, async (signal) => keep(await judgeAll(deps, request, signal), request)),
    recheck: (wish) =>
      whileActive(wish.runId, async (signal) => {
        const found = find(wish.reportId);
        return keep(await judgeAgain(deps, wish, found, signal), found.request);
      }),
    find: (reportId) => kept.get(reportId)?.report,
  };
}

/** The report as a file. */
export function reportFile(report: ConformanceReport, format: ReportFormat): ReportFile {
  const { extension, write } = REPORT_WRITERS[format];
  const day = new Date(report.at).toISOString().slice(0, 10);
  return { name: `contract-${day}.${extension}`, text: write(report) };
}

async function judgeAll(
  deps: ChecksDeps,
  request: CheckRequest,
  signal: AbortSignal,
): Promise<ConformanceReport> {
  const { runId, ...wish } = request;
  const target = await deps.findTarget(wish, signal);
  try {
    const onProgress = (step: ConformanceStep) => deps.onProgress({ runId, ...step });
    return await checkConformance({ target, redactor: redactorFor(deps, request), signal, onProgress });
  } finally {
    await target.close();
  }
}

async function judgeAgain(
  deps: ChecksDeps,
  wish: ArgumentOf<'recheckClauses'>,
  { report, request }: Kept,
  signal: AbortSignal,
): Promise<ConformanceReport> {
  const { runId, clauses } = wish;
  const unknown = clauses.find((id) => !CLAUSES.some((known) => known.id === id));
  if (unknown !== undefined) throw new WorkbenchError('NOT_FOUND', `The contract has no clause '${unknown}'`);
  const target = await deps.findTarget(request, signal);
  const judged = new Map<string, CheckResult>();
  try {
    const onProgress = (step: ConformanceStep) => {
      // What was cut off keeps its verdict.
      if (step.check !== null && !signal.aborted) judged.set(step.check.id, step.check);
      deps.onProgress({ runId, ...step });
    };
    await checkConformance({ target, redactor: redactorFor(deps, request), clauses, signal, onProgress });
  } finally {
    await target.close();
  }
  return { ...report, checks: report.checks.map((check) => judged.get(check.id) ?? check) };
}

/** The target's own secret is never sent, but a plugin of it may show it. */
function redactorFor({ redactor }: ChecksDeps, { secret }: CheckRequest): Redactor {
  return secret === undefined ? redactor : redactor.with([secret]);
}
