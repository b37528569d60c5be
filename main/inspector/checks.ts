import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { CheckContext } from '../conformance/clause.ts';
import { discoverContext } from '../conformance/discover.ts';
import { REPORT_WRITERS } from '../conformance/reports/formats.ts';
import { EDITION } from '../conformance/requirements.ts';
import { CLAUSES, checkClauses } from '../conformance/runner.ts';
import { secretTokens } from '../conformance/tokens.ts';
import type {
  CheckProgress,
  CheckRequest,
  CheckView,
  ConformanceReport,
  ReportFormat,
} from '../contract/conformance.ts';
import { WorkbenchError } from '../contract/errors.ts';
import { CONTRACT_VERSION } from '../contract/http.ts';
import type { ArgumentOf } from '../contract/inspector.ts';
import type { Redactor } from '../traces/redact.ts';

/** Runs of the contract's checks against this runtime or another, and the reports they made. */
export interface Checks {
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
  readonly baseUrl: () => string;
  readonly redactor: Redactor;
  /** What this runtime offers to its own checks. */
  readonly ownContext: () => Promise<CheckContext>;
  /** The user a token names, whoever signed it; null when it names none. */
  readonly userOf: (token: string) => Promise<string | null>;
  readonly onProgress: (progress: CheckProgress) => void;
  /** Of each report that was made, or in which clauses were judged anew. */
  readonly onReport: (report: ConformanceReport) => void;
}

interface Kept {
  readonly report: ConformanceReport;
  /** Of another runtime; a secret, so in memory only. */
  readonly token: string | undefined;
}

/** Reports kept for saving and re-judging; a report is some hundred kilobytes. */
const MAX_REPORTS = 20;

export function createChecks(deps: ChecksDeps): Checks {
  const active = new Map<string, AbortController>();
  const kept = new Map<string, Kept>();

  const keep = (report: ConformanceReport, token: string | undefined) => {
    kept.delete(report.id);
    kept.set(report.id, { report, token });
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
        const token = await tokenFor(request);
        const asked = { ...request, ...(token === undefined ? {} : { token }) };
        return keep(await judgeAll(deps, asked, signal), token);
      }),
    recheck: ({ runId, reportId, clauses }) =>
      whileActive(runId, async (signal) => {
        const { report, token } = find(reportId);
        return keep(await judgeAgain(deps, { runId, report, clauses, token }, signal), token);
      }),
    find: (reportId) => kept.get(reportId)?.report,
  };
}

/** The report as a file. */
export function reportFile(report: ConformanceReport, format: ReportFormat): ReportFile {
  const { ending, write } = REPORT_WRITERS[format];
  const day = new Date(report.at).toISOString().slice(0, 10);
  return { name: `contract-${day}.${ending}`, text: write(report) };
}

async function judgeAll(
  deps: ChecksDeps,
  { runId, target, token }: CheckRequest,
  signal: AbortSignal,
): Promise<ConformanceReport> {
  const [at, started] = [Date.now(), performance.now()];
  const origin = target === null ? deps.baseUrl() : originOf(target);
  const own = origin === deps.baseUrl();
  const context = await contextOf(deps, { origin, own, token }, signal);
  const total = CLAUSES.length;
  const nextTitle = (done: number) => CLAUSES[done]?.title ?? '';
  deps.onProgress({ runId, done: 0, total, title: nextTitle(0), check: null });
  const checks = await checkClauses({
    ...{ target: origin, context, redactor: deps.redactor, signal },
    onCheck: (check, done) => deps.onProgress({ runId, done, total, title: nextTitle(done), check }),
  });
  const time = { at, durationMs: performance.now() - started, cancelled: signal.aborted };
  const set = { contractVersion: CONTRACT_VERSION, edition: EDITION, mode: null };
  return { id: randomUUID(), target: origin, own, ...set, ...time, checks };
}

async function tokenFor({ token, secret }: CheckRequest): Promise<string | undefined> {
  return secret === undefined ? token : (await secretTokens(secret)).tokens.user;
}

async function judgeAgain(
  deps: ChecksDeps,
  wish: {
    readonly runId: string;
    readonly report: ConformanceReport;
    readonly clauses: readonly string[];
    readonly token: string | undefined;
  },
  signal: AbortSignal,
): Promise<ConformanceReport> {
  const { runId, report, token } = wish;
  const clauses = CLAUSES.filter(({ id }) => wish.clauses.includes(id));
  const unknown = wish.clauses.find((id) => !clauses.some((clause) => clause.id === id));
  if (unknown !== undefined) throw new WorkbenchError('NOT_FOUND', `The contract has no clause '${unknown}'`);
  const { target: origin, own } = report;
  const context = await contextOf(deps, { origin, own, token }, signal);
  const total = clauses.length;
  const nextTitle = (done: number) => clauses[done]?.title ?? '';
  deps.onProgress({ runId, done: 0, total, title: nextTitle(0), check: null });
  const judged = new Map<string, CheckView>();
  await checkClauses({
    ...{ target: origin, context, redactor: deps.redactor, clauses, signal },
    onCheck(check, done) {
      // What was cut off keeps its verdict.
      if (!signal.aborted) judged.set(check.id, check);
      deps.onProgress({ runId, done, total, title: nextTitle(done), check });
    },
  });
  return { ...report, checks: report.checks.map((check) => judged.get(check.id) ?? check) };
}

async function contextOf(
  { ownContext, userOf }: ChecksDeps,
  target: { readonly origin: string; readonly own: boolean; readonly token: string | undefined },
  signal: AbortSignal,
): Promise<CheckContext> {
  if (target.own) return ownContext();
  const { token } = target;
  const userId = token === undefined ? null : await userOf(token);
  const caller = token === undefined || userId === null ? null : { token, userId };
  return discoverContext(new URL(target.origin), caller, signal);
}

/** @throws {WorkbenchError} BAD_REQUEST when `target` is not the address of a server, without a path */
function originOf(target: string): string {
  const url = parsed(target);
  const isOrigin = url !== null && url.username === '' && url.password === '' && url.pathname === '/';
  if (isOrigin && ['http:', 'https:'].includes(url.protocol) && url.search === '') return url.origin;
  throw new WorkbenchError(
    'BAD_REQUEST',
    `${JSON.stringify(target.slice(0, 200))} is no runtime's address; give it as http://host:port, without a path`,
  );
}

/** Node 18, in the oldest Electron, has no `URL.canParse`. */
function parsed(address: string): URL | null {
  try {
    return new URL(address);
  } catch {
    return null;
  }
}
