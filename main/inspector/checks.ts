import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { CheckContext } from '../conformance/clause.ts';
import { discoverContext } from '../conformance/discover.ts';
import { toJunit } from '../conformance/junit-report.ts';
import { toMarkdown } from '../conformance/markdown-report.ts';
import { EDITION } from '../conformance/requirements.ts';
import { CLAUSES, checkClauses } from '../conformance/runner.ts';
import { secretTokens } from '../conformance/tokens.ts';
import type {
  CheckProgress,
  CheckRequest,
  ConformanceReport,
  ReportFormat,
} from '../contract/conformance.ts';
import { WorkbenchError } from '../contract/errors.ts';
import { CONTRACT_VERSION } from '../contract/http.ts';
import type { Redactor } from '../traces/redact.ts';

/** Runs of the contract's checks against this runtime or another, and the reports they made. */
export interface Checks {
  run(request: CheckRequest): Promise<ConformanceReport>;
  cancel(runId: string): void;
  recheck(reportId: string, clause: string): Promise<ConformanceReport>;
  /**
   * The report as a file.
   * @throws {WorkbenchError} NOT_FOUND when it is not kept any more
   */
  report(reportId: string, format: ReportFormat): ReportFile;
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
    return report;
  };
  const find = (reportId: string): Kept => {
    const found = kept.get(reportId);
    if (found !== undefined) return found;
    throw new WorkbenchError('NOT_FOUND', `Report '${reportId}' is not kept any more: run the checks again`);
  };

  return {
    cancel: (runId) => active.get(runId)?.abort(),
    async run(request) {
      const { runId } = request;
      const controller = new AbortController();
      active.set(runId, controller);
      try {
        const token = await tokenFor(request);
        return keep(
          await judgeAll(deps, { ...request, ...(token === undefined ? {} : { token }) }, controller.signal),
          token,
        );
      } finally {
        active.delete(runId);
      }
    },
    async recheck(reportId, clause) {
      const { report, token } = find(reportId);
      return keep(await judgeAgain(deps, report, clause, token), token);
    },
    report(reportId, format) {
      const { report } = find(reportId);
      const { ending, write } = FORMATS[format];
      const day = new Date(report.at).toISOString().slice(0, 10);
      return { name: `contract-${day}.${ending}`, text: write(report) };
    },
  };
}

const FORMATS: Readonly<
  Record<ReportFormat, { readonly ending: string; readonly write: (report: ConformanceReport) => string }>
> = {
  markdown: { ending: 'md', write: toMarkdown },
  junit: { ending: 'xml', write: toJunit },
  json: { ending: 'json', write: (report) => `${JSON.stringify(report, null, 2)}\n` },
};

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
  report: ConformanceReport,
  id: string,
  token: string | undefined,
): Promise<ConformanceReport> {
  const clauses = CLAUSES.filter((clause) => clause.id === id);
  if (clauses.length === 0) throw new WorkbenchError('NOT_FOUND', `The contract has no clause '${id}'`);
  const { target: origin, own } = report;
  const context = await contextOf(deps, { origin, own, token }, new AbortController().signal);
  const [fresh] = await checkClauses({ target: origin, context, redactor: deps.redactor, clauses });
  const checks = report.checks.map((check) => (check.id === id && fresh !== undefined ? fresh : check));
  return { ...report, checks };
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
