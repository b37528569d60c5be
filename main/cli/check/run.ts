import { access, constants, writeFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { CLAUSES, EDITION } from '../../conformance/clauses/clauses.ts';
import { BaselineError, formatBaseline, parseBaseline } from '../../conformance/reports/baseline.ts';
import { REPORT_EXTENSIONS, REPORT_WRITERS, resolveReportFormat } from '../../conformance/reports/formats.ts';
import { type Baseline, resolveOutcome } from '../../conformance/reports/outcome-rules.ts';
import { REPORT_SCHEMA, toJson } from '../../conformance/reports/report-document.ts';
import { writeProbe } from '../../conformance/target/probe-files.ts';
import type { ConformanceReport, ReportFormat } from '../../contract/conformance.ts';
import { WorkbenchError } from '../../contract/errors.ts';
import { CONTRACT_VERSION } from '../../contract/http.ts';
import { errorCode, errorMessage } from '../../system/errors.ts';
import { describeReadError, readBoundedFile } from '../../system/read-file.ts';
import { type CommandContext, type CommandResult, Interrupted, UsageError } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { type CheckOptions, resolveRules, selectClauses } from './options.ts';
import { formatClauses, formatReport } from './output.ts';
import { openCheckTarget } from './target.ts';

/** What `check` does. Imported only when needed: the engine is most of the command line. */

/**
 * Checks the runtime at `url`, or one that is started for it.
 * @throws {UsageError} for an invalid option; {WorkbenchError} NOT_READY when nothing answers, NOT_FOUND for
 *   a file that can't be read, INTERNAL_ERROR for one that can't be written; {Interrupted} when the run was
 *   cancelled
 */
export async function runCheck(
  context: CommandContext,
  url: string | undefined,
  options: CheckOptions,
): Promise<CommandResult> {
  if (options.list === true) {
    const value = { contractVersion: CONTRACT_VERSION, edition: EDITION, clauses: CLAUSES };
    return { code: EXIT.ok, value, text: formatClauses() };
  }
  if (options.reportSchema === true) {
    return { code: EXIT.ok, value: REPORT_SCHEMA, text: `${JSON.stringify(REPORT_SCHEMA, null, 2)}\n` };
  }
  if (options.saveProbe !== undefined) return saveProbe(context, options.saveProbe, options);
  // Typos should be reported before a minute of checks.
  const files = reportFiles(options.report ?? []);
  const baseline = await loadBaseline(context, options.expectedFailures);
  const rules = { ...resolveRules(options), baseline };
  for (const { file } of files) await assertWritable(context, file);
  if (options.writeExpectedFailures !== undefined)
    await assertWritable(context, options.writeExpectedFailures);
  const report = await checkTarget(context, url, options);
  for (const { file, format } of files) {
    await save(context, file, REPORT_WRITERS[format].write(report, rules));
  }
  if (options.writeExpectedFailures !== undefined) {
    await save(context, options.writeExpectedFailures, formatBaseline(report, rules));
  }
  return {
    code: resolveOutcome(report, rules).ok ? EXIT.ok : EXIT.failed,
    value: JSON.parse(toJson(report, rules)),
    text: formatReport(report, rules, options.verbose === true),
  };
}

async function saveProbe(
  { sources }: CommandContext,
  dir: string,
  { probe: language }: CheckOptions,
): Promise<CommandResult> {
  const folder = await writeProbe(resolve(sources.cwd, dir), language);
  const shown = relative(sources.cwd, folder);
  const text = [
    `Wrote ${shown.startsWith('..') ? folder : shown}`,
    'It makes its runtime wait, block and crash on request: remove it after the check.',
    '',
  ].join('\n');
  return { code: EXIT.ok, value: { folder, language }, text };
}

interface WantedReport {
  readonly file: string;
  readonly format: ReportFormat;
}

function reportFiles(files: readonly string[]): readonly WantedReport[] {
  return files.map((file) => {
    const format = resolveReportFormat(file);
    if (format !== null) return { file, format };
    throw new UsageError(`--report ${file}: unknown extension; use one of ${REPORT_EXTENSIONS}`);
  });
}

/** More than the longest list that is accepted. */
const MAX_BASELINE_BYTES = 1024 * 1024;

async function loadBaseline(
  { sources }: CommandContext,
  file: string | undefined,
): Promise<Baseline | undefined> {
  if (file === undefined) return undefined;
  try {
    const content = await readBoundedFile(resolve(sources.cwd, file), { maxBytes: MAX_BASELINE_BYTES });
    return parseBaseline(content.toString('utf8'), file);
  } catch (error) {
    if (error instanceof BaselineError) throw new UsageError(error.message);
    throw new WorkbenchError(
      'NOT_FOUND',
      `--expected-failures: ${file} can't be read (${describeReadError(error)})`,
      {
        cause: error,
      },
    );
  }
}

async function checkTarget(
  context: CommandContext,
  url: string | undefined,
  options: CheckOptions,
): Promise<ConformanceReport> {
  const { signal, terminal } = context;
  const clauses = selectClauses(options);
  terminal.draw(url === undefined ? 'Starting a runtime …' : `Connecting to ${url} …`);
  try {
    const opened = await openCheckTarget(context, url, options);
    try {
      const report = await opened.check({
        signal,
        clauses,
        onProgress: ({ done, total, title }) => terminal.draw(`[${done}/${total}] ${title}`),
      });
      if (report.cancelled) throw new Interrupted();
      return report;
    } finally {
      await opened.close();
    }
  } catch (error) {
    throw signal.aborted ? new Interrupted() : error;
  } finally {
    terminal.draw(null);
  }
}

/** Checked before the run, whose results must not be lost because a folder is missing. */
function assertWritable({ sources }: CommandContext, file: string): Promise<void> {
  return access(dirname(resolve(sources.cwd, file)), constants.W_OK).catch((error) =>
    unwritable(file, error),
  );
}

function save({ sources }: CommandContext, file: string, text: string): Promise<void> {
  return writeFile(resolve(sources.cwd, file), text).catch((error) => unwritable(file, error));
}

function unwritable(file: string, cause: unknown): never {
  throw new WorkbenchError('INTERNAL_ERROR', `${file} can't be written (${describeCause(cause)})`, { cause });
}

function describeCause(error: unknown): string {
  return errorCode(error) ?? errorMessage(error);
}
