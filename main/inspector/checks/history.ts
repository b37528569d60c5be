import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConformanceReport, ReportSummary } from '../../contract/conformance.ts';
import { WorkbenchError } from '../../contract/errors.ts';
import type { Log } from '../../system/log.ts';
import { parseReport, reportText, summaryOf } from './kept-report.ts';

/**
 * Past runs of the contract's checks, one JSON file each in the user's folder. Threat model: reports hold what foreign runtimes
 * answered. They come here masked, so no secret is written; only their owner can read them; a file's name is made of the
 * report's own id, and files are found by listing the folder, so an id from a UI names nothing else.
 */
export interface CheckHistory {
  /** Writes a report, in place of an older state of it. Never fails for its caller: what can't be kept is logged. */
  keep(report: ConformanceReport): Promise<void>;
  /** Newest first. */
  list(): Promise<readonly Omit<ReportSummary, 'live'>[]>;
  /** @throws {WorkbenchError} NOT_FOUND when it is not kept any more */
  load(reportId: string): Promise<ConformanceReport>;
  /** Null forgets all. */
  forget(reportId: string | null): Promise<void>;
}

export const HISTORY_LIMITS = { reports: 30, reportBytes: 2_000_000 };

/** `2026-11-24T12-04-31-120Z_<report id>.json`: by name is by time. */
const FILE_NAME = /^\d{4}-\d\d-\d\dT[\d-]+Z_([\da-f-]{36})\.json$/;

interface Seen {
  /** Of the file as it was read. */
  readonly mark: string;
  /** Null for a file that is no report. */
  readonly summary: Omit<ReportSummary, 'live'> | null;
}

export function createCheckHistory(configPath: string, log: Log, limits = HISTORY_LIMITS): CheckHistory {
  const folder = join(configPath, 'contract-runs');
  const seen = new Map<string, Seen>();
  let writing: Promise<void> = Promise.resolve();

  const enqueue = (work: () => Promise<void>): Promise<void> => {
    writing = writing.then(work).catch((error) => {
      log.warn('The history of contract runs can’t be kept', { error: String(error) });
    });
    return writing;
  };

  const look = async (name: string): Promise<Seen | null> => {
    const path = join(folder, name);
    try {
      const { size, mtimeMs } = await stat(path);
      const mark = `${size} ${mtimeMs}`;
      const known = seen.get(name);
      if (known?.mark === mark) return known;
      const report = size > limits.reportBytes ? null : parseReport(await readFile(path, 'utf8'));
      const named = report !== null && idOf(name) === report.id;
      if (!named) log.warn('A file among the contract runs is no report and is left out', { file: path });
      const found = { mark, summary: named ? summaryOf(report) : null };
      seen.set(name, found);
      return found;
    } catch (error) {
      // Another workbench may have dropped it meanwhile.
      log.warn('A contract run can’t be read', { file: path, error: String(error) });
      return null;
    }
  };

  return {
    keep: (report) => enqueue(() => write(folder, report, limits, log)),
    async list() {
      await writing;
      const found = await Promise.all((await reportNames(folder)).map(look));
      return found.flatMap((one) => one?.summary ?? []);
    },
    async load(reportId) {
      await writing;
      const name = (await reportNames(folder)).find((one) => idOf(one) === reportId);
      const text = name === undefined ? null : await readFile(join(folder, name), 'utf8').catch(() => null);
      const report = text === null || text.length > limits.reportBytes ? null : parseReport(text);
      if (report !== null) return report;
      throw new WorkbenchError('NOT_FOUND', 'This run is not kept any more: run the checks again');
    },
    async forget(reportId) {
      await enqueue(async () => {
        for (const name of await reportNames(folder)) {
          if (reportId === null || idOf(name) === reportId) await rm(join(folder, name), { force: true });
        }
      });
    },
  };
}

async function write(
  folder: string,
  report: ConformanceReport,
  limits: typeof HISTORY_LIMITS,
  log: Log,
): Promise<void> {
  const text = reportText(report, limits.reportBytes);
  if (text === null) return log.warn('A contract run is too large to be kept', { id: report.id });
  const name = `${new Date(report.at).toISOString().replace(/[:.]/g, '-')}_${report.id}.json`;
  const draft = join(folder, `${name}.${randomBytes(6).toString('hex')}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    // Beside it, then renamed: a reader finds the old state or the new one, never half of one.
    await writeFile(draft, text, { mode: 0o600, flag: 'wx' });
    await rename(draft, join(folder, name));
  } finally {
    await rm(draft, { force: true });
  }
  for (const old of (await reportNames(folder)).slice(limits.reports)) {
    await rm(join(folder, old), { force: true });
  }
}

/** Names of the reports' files, newest first. */
async function reportNames(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
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
