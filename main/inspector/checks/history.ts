import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { countVerdicts } from '../../conformance/reports/findings.ts';
import { parseReportJson, toJson } from '../../conformance/reports/report-document.ts';
import type { ConformanceReport, ReportSummary } from '../../contract/conformance.ts';
import { WorkbenchError } from '../../contract/errors.ts';
import { PRIVATE_FILE_MODE, replaceFile } from '../../system/atomic-file.ts';
import { hasErrorCode } from '../../system/errors.ts';
import type { Log } from '../../system/log.ts';

/**
 * Past runs of the contract's checks, one JSON file each in the user's folder. Threat model: reports contain
 * what foreign runtimes answered. They arrive here masked, so no secret is written; only their owner can read
 * them; a file's name is built from the report's own id, and files are found by listing the folder, so an id
 * sent by a UI can name nothing else.
 */
export interface CheckHistory {
  /**
   * Writes a report, replacing an older version of it. Never fails for its caller: what can't be stored is
   * logged.
   */
  save(report: ConformanceReport): Promise<void>;
  /** Newest first. */
  list(): Promise<readonly Omit<ReportSummary, 'live'>[]>;
  /** @throws {WorkbenchError} NOT_FOUND when it no longer exists */
  load(reportId: string): Promise<ConformanceReport>;
  /** Null deletes all. */
  delete(reportId: string | null): Promise<void>;
}

export const HISTORY_LIMITS = { reports: 30, reportBytes: 2_000_000 };

/** `2026-11-24T12-04-31-120Z_<report id>.json`: sorted by name is sorted by time. */
const FILE_NAME = /^\d{4}-\d\d-\d\dT[\d-]+Z_([\da-f-]{36})\.json$/;

interface SeenFile {
  /** Size and modification time when it was read. */
  readonly mark: string;
  /** Null for a file that is not a report. */
  readonly summary: Omit<ReportSummary, 'live'> | null;
}

export function createCheckHistory(configPath: string, log: Log, limits = HISTORY_LIMITS): CheckHistory {
  const folder = join(configPath, 'contract-runs');
  const seen = new Map<string, SeenFile>();
  let writing: Promise<void> = Promise.resolve();

  const enqueue = (work: () => Promise<void>): Promise<void> => {
    writing = writing.then(work).catch((error) => {
      log.warn('Could not store the contract run', { error: String(error) });
    });
    return writing;
  };

  const inspect = async (name: string): Promise<SeenFile | null> => {
    const path = join(folder, name);
    try {
      const { size, mtimeMs } = await stat(path);
      const mark = `${size} ${mtimeMs}`;
      const known = seen.get(name);
      if (known?.mark === mark) return known;
      const report = size > limits.reportBytes ? null : parseReport(await readFile(path, 'utf8'));
      const named = report !== null && idOf(name) === report.id;
      if (!named) log.warn('Skipped a file that is not a contract run', { file: path });
      const found = { mark, summary: named ? summarizeReport(report) : null };
      seen.set(name, found);
      return found;
    } catch (error) {
      // Another workbench may have deleted it in the meantime.
      log.warn('Could not read a contract run', { file: path, error: String(error) });
      return null;
    }
  };

  return {
    save: (report) => enqueue(() => writeReport(folder, report, limits, log)),
    async list() {
      await writing;
      const found = await Promise.all((await reportNames(folder)).map(inspect));
      return found.flatMap((one) => one?.summary ?? []);
    },
    async load(reportId) {
      await writing;
      const name = (await reportNames(folder)).find((one) => idOf(one) === reportId);
      const text = name === undefined ? null : await readFile(join(folder, name), 'utf8').catch(() => null);
      const report = text === null || text.length > limits.reportBytes ? null : parseReport(text);
      if (report !== null) return report;
      throw new WorkbenchError('NOT_FOUND', 'This run no longer exists: run the checks again');
    },
    async delete(reportId) {
      await enqueue(async () => {
        for (const name of await reportNames(folder)) {
          if (reportId === null || idOf(name) === reportId) await rm(join(folder, name), { force: true });
        }
      });
    },
  };
}

async function writeReport(
  folder: string,
  report: ConformanceReport,
  limits: typeof HISTORY_LIMITS,
  log: Log,
): Promise<void> {
  const text = formatReport(report, limits.reportBytes);
  if (text === null) return log.warn('A contract run is too large to be stored', { id: report.id });
  const name = `${new Date(report.at).toISOString().replace(/[:.]/g, '-')}_${report.id}.json`;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await replaceFile(join(folder, name), text, { mode: PRIVATE_FILE_MODE });
  for (const old of (await reportNames(folder)).slice(limits.reports)) {
    await rm(join(folder, old), { force: true });
  }
}

/** Names of the reports' files, newest first. */
async function reportNames(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (hasErrorCode(error, 'ENOENT')) return [];
    throw error;
  });
  return names
    .filter((name) => FILE_NAME.test(name))
    .sort()
    .reverse();
}

function idOf(name: string): string | undefined {
  return FILE_NAME.exec(name)?.[1];
}

/** The report in a file's text; null when the text is not a report. */
function parseReport(text: string): ConformanceReport | null {
  try {
    return parseReportJson(text);
  } catch {
    return null;
  }
}

/** Lengths to which bodies and requests are cut, one after the other, until a report is small enough. */
const BODY_CHARS = [4_096, 512, 0];

/** The report as text of at most `maxBytes`: where it would be longer, evidence is cut, never a verdict. */
function formatReport(made: ConformanceReport, maxBytes: number): string | null {
  const texts = [() => toJson(made), ...BODY_CHARS.map((most) => () => toJson(shortenEvidence(made, most)))];
  for (const write of texts) {
    const text = write();
    if (Buffer.byteLength(text) <= maxBytes) return text;
  }
  return null;
}

function shortenEvidence(made: ConformanceReport, most: number): ConformanceReport {
  const shorten = (text: string) => (text.length <= most ? text : `${text.slice(0, most)}…`);
  const checks = made.checks.map((one) => ({
    ...one,
    exchanges: one.exchanges.map(({ request, answer, durationMs }) => ({
      request: shorten(request),
      answer: answer && { ...answer, headers: most === 0 ? {} : answer.headers, body: shorten(answer.body) },
      durationMs,
    })),
  }));
  return { ...made, checks };
}

function summarizeReport(made: ConformanceReport): Omit<ReportSummary, 'live'> {
  const { id, target, own, edition, mode, at, durationMs, cancelled, checks } = made;
  return { id, target, own, edition, mode, at, durationMs, cancelled, counts: countVerdicts(checks) };
}
