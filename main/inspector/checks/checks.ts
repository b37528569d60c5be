import { CLAUSES } from '../../conformance/clauses/clauses.ts';
import { REPORT_WRITERS } from '../../conformance/reports/formats.ts';
import type { ConformanceStep } from '../../conformance/run/run.ts';
import type {
  CheckProgress,
  CheckRequest,
  CheckResult,
  ConformanceReport,
  ReportFormat,
} from '../../contract/conformance.ts';
import { WorkbenchError } from '../../contract/errors.ts';
import type { ArgumentOf } from '../../contract/inspector.ts';

/** Runs of the contract's checks against this runtime or another, and the reports of this session. */
export interface Checks {
  /** @throws {WorkbenchError} CONFLICT when too many run, or one with that id; what `check` throws */
  run(request: CheckRequest): Promise<ConformanceReport>;
  cancel(runId: string): void;
  /**
   * @throws {WorkbenchError} NOT_FOUND when the report no longer exists, or the contract has no such clause
   */
  recheck(input: ArgumentOf<'recheckClauses'>): Promise<ConformanceReport>;
  /** A report of this session, or undefined. */
  find(reportId: string): ConformanceReport | undefined;
}

export interface ReportFile {
  readonly name: string;
  readonly text: string;
}

export interface ChecksDeps {
  readonly check: (request: CheckRequest, options: CheckOptions) => Promise<ConformanceReport>;
  readonly onProgress: (progress: CheckProgress) => void;
  /** Gets each new report, and each whose clauses were checked again. */
  readonly onReport: (report: ConformanceReport) => void;
}

export interface CheckOptions {
  /** Default: all. */
  readonly clauses?: readonly string[];
  readonly signal: AbortSignal;
  readonly onProgress: (step: ConformanceStep) => void;
}

interface RetainedReport {
  readonly report: ConformanceReport;
  /** Holds the token or the secret of another runtime, so it is in memory only. */
  readonly request: CheckRequest;
}

/** Reports retained for saving and rechecking; a report takes some hundred kilobytes. */
const MAX_REPORTS = 20;
/** Each may have a handful of ephemeral runtimes. */
const MAX_RUNS = 4;

export function createChecks(deps: ChecksDeps): Checks {
  const active = new Map<string, AbortController>();
  const retained = new Map<string, RetainedReport>();

  const retain = (report: ConformanceReport, request: CheckRequest) => {
    retained.delete(report.id);
    retained.set(report.id, { report, request });
    for (const oldest of retained.keys()) if (retained.size > MAX_REPORTS) retained.delete(oldest);
    deps.onReport(report);
    return report;
  };
  const find = (reportId: string): RetainedReport => {
    const found = retained.get(reportId);
    if (found !== undefined) return found;
    throw new WorkbenchError('NOT_FOUND', `Report '${reportId}' no longer exists: run the checks again`);
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
      whileActive(request.runId, async (signal) => {
        const onProgress = (step: ConformanceStep) => deps.onProgress({ runId: request.runId, ...step });
        return retain(await deps.check(request, { signal, onProgress }), request);
      }),
    recheck: (input) =>
      whileActive(input.runId, async (signal) => {
        const found = find(input.reportId);
        return retain(await recheckClauses(deps, input, found, signal), found.request);
      }),
    find: (reportId) => retained.get(reportId)?.report,
  };
}

/** The report as a file. */
export function reportFile(report: ConformanceReport, format: ReportFormat): ReportFile {
  const { extension, write } = REPORT_WRITERS[format];
  const day = new Date(report.at).toISOString().slice(0, 10);
  return { name: `contract-${day}.${extension}`, text: write(report) };
}

async function recheckClauses(
  deps: ChecksDeps,
  input: ArgumentOf<'recheckClauses'>,
  { report, request }: RetainedReport,
  signal: AbortSignal,
): Promise<ConformanceReport> {
  const { runId, clauses } = input;
  const unknown = clauses.find((id) => !CLAUSES.some((known) => known.id === id));
  if (unknown !== undefined) throw new WorkbenchError('NOT_FOUND', `The contract has no clause '${unknown}'`);
  const rechecked = new Map<string, CheckResult>();
  const onProgress = (step: ConformanceStep) => {
    // A clause whose check was cut off keeps its verdict.
    if (step.check !== null && !signal.aborted) rechecked.set(step.check.id, step.check);
    deps.onProgress({ runId, ...step });
  };
  await deps.check(request, { clauses, signal, onProgress });
  return { ...report, checks: report.checks.map((check) => rechecked.get(check.id) ?? check) };
}
