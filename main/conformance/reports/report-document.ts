import { z } from 'zod';
import {
  type CheckResult,
  type ConformanceReport,
  SKIP_CODES,
  VERDICTS,
} from '../../contract/conformance.ts';
import { WorkbenchError } from '../../contract/errors.ts';
import { errorMessage } from '../../system/errors.ts';
import { printable } from '../../system/printable.ts';
import { countVerdicts, createSummary } from './findings.ts';
import { type OutcomeRules, resolveOutcome } from './outcome-rules.ts';

/**
 * The report as JSON, for programs: one definition makes the JSON Schema that a user gets and checks what is
 * read back. Readers ignore keys that they don't know, so keys may be added; changing or removing one raises
 * the version.
 */
const REPORT_SCHEMA_VERSION = 1;
const REPORT_SCHEMA_ID = `urn:mozaiks-workbench:conformance-report:${REPORT_SCHEMA_VERSION}`;

/** In characters; a whole report with evidence needs a tenth of it. */
const MAX_LENGTH = 32 * 1024 * 1024;
const COMPLIANCES = ['compliant', 'partial', 'broken', 'open'] as const;

const count = z.int().nonnegative();
const milliseconds = z.number().nonnegative();

const exchange = z.object({
  request: z.string().describe('First line, headers, and the start of the body, as sent; secrets masked'),
  answer: z
    .object({
      status: z.int(),
      headers: z.record(z.string(), z.string()).describe('Names in lower case'),
      body: z.string().describe('Its first 16 KiB'),
    })
    .nullable()
    .describe('Null when no HTTP answer came'),
  durationMs: milliseconds,
});

const check = z.object({
  id: z.string().min(1).describe('Of the clause; stable within an edition'),
  group: z.string(),
  title: z.string(),
  severity: z.enum(['must', 'should']),
  rule: z.string().describe('The sentence that the clause comes from'),
  place: z.string().describe('Where that sentence is: "contract §1"'),
  expected: z.string(),
  verdict: z
    .enum(VERDICTS)
    .describe(
      'differs: as another public implementation does it; skipped: could not be checked, never a pass',
    ),
  reason: z.string().describe('Why'),
  skipCode: z.enum(SKIP_CODES).optional().describe('Only with skipped, for reasons that a user can fix'),
  observed: z.string(),
  stage: z.string().nullable().describe('Which other runtime was called; null for the target as it runs'),
  exchanges: z.array(exchange).max(1_000).describe('The evidence for the verdict, in the order sent'),
  durationMs: milliseconds,
}) satisfies z.ZodType<CheckResult>;

const summaryLine = z.object({
  requirement: z.string(),
  compliance: z.enum(COMPLIANCES).describe('open: not all of its clauses were checked'),
  evidence: z.string(),
  clauses: z.array(z.string()).describe('Ids of the clauses behind it'),
});

const reportDocument = z
  .object({
    $schema: z.literal(REPORT_SCHEMA_ID),
    schemaVersion: z.literal(REPORT_SCHEMA_VERSION),
    id: z.string().min(1).max(100),
    target: z.string().max(2_000).describe('Origin that was checked'),
    own: z.boolean().describe('The target was the runtime that created the report'),
    contractVersion: z.string().max(50),
    edition: z.int().positive().describe('Of the clauses; reports of the same edition can be compared'),
    mode: z.enum(['local', 'external']).nullable().describe('Auth mode of the target; null when unknown'),
    at: z.iso.datetime().describe('When the run began'),
    durationMs: milliseconds,
    cancelled: z.boolean(),
    outcome: z
      .object({ ok: z.boolean(), reasons: z.array(z.string()) })
      .describe('Whether the run succeeded under the rules it was written with'),
    counts: z.object({ passed: count, differs: count, failed: count, skipped: count }),
    summary: z.array(summaryLine).describe('The requirements of the compliance report'),
    checks: z.array(check).max(1_000),
  })
  .meta({
    $id: REPORT_SCHEMA_ID,
    title: 'Conformance report',
    description:
      'Whether a runtime follows the Runtime ↔ Platform Contract, clause by clause, with evidence.',
  });

type ReportDocument = z.infer<typeof reportDocument>;

/** JSON Schema (2020-12) of the JSON report. */
export const REPORT_SCHEMA = Object.freeze(z.toJSONSchema(reportDocument, { io: 'input' }));

/** The report as JSON, whose foreign texts are text to a terminal, too. */
export function toJson(report: ConformanceReport, rules: OutcomeRules = {}): string {
  const { at, checks, ...rest } = report;
  const document: ReportDocument = {
    $schema: REPORT_SCHEMA_ID,
    schemaVersion: REPORT_SCHEMA_VERSION,
    ...rest,
    at: new Date(at).toISOString(),
    outcome: { ...resolveOutcome(report, rules), reasons: [...resolveOutcome(report, rules).reasons] },
    counts: countVerdicts(checks),
    summary: createSummary(report).map(({ clauses, ...line }) => ({
      ...line,
      clauses: clauses.map(({ id }) => id),
    })),
    checks: checks.map((one) => ({ ...one, exchanges: one.exchanges.map(copyExchange) })),
  };
  return printable(`${JSON.stringify(document, null, 2)}\n`);
}

function copyExchange({ answer, ...rest }: CheckResult['exchanges'][number]) {
  return { ...rest, answer: answer === null ? null : { ...answer, headers: { ...answer.headers } } };
}

/**
 * Reads a JSON report back. Its summary is ignored: only the clauses' verdicts count.
 * @throws {WorkbenchError} BAD_REQUEST, with a line for each problem, when the text is not such a report
 */
export function parseReportJson(text: string): ConformanceReport {
  if (text.length > MAX_LENGTH) throw invalid(`it is longer than ${MAX_LENGTH / 1024 / 1024} MiB`);
  const value = parseJson(text);
  const version =
    typeof value === 'object' && value !== null && 'schemaVersion' in value ? value.schemaVersion : null;
  if (typeof version === 'number' && version !== REPORT_SCHEMA_VERSION) {
    throw invalid(`its schemaVersion is ${version}, and this workbench reads ${REPORT_SCHEMA_VERSION}`);
  }
  const result = reportDocument.safeParse(value);
  if (!result.success) throw invalid(problemsOf(result.error).join('\n'));
  const { $schema, schemaVersion, outcome, counts, summary, at, ...report } = result.data;
  return { ...report, at: Date.parse(at) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw invalid(`it is not valid JSON: ${errorMessage(error).slice(0, 200)}`);
  }
}

const MAX_PROBLEMS = 10;

/** "checks.3.verdict: Invalid option: expected one of …" */
function problemsOf({ issues }: z.ZodError): readonly string[] {
  const lines = issues.slice(0, MAX_PROBLEMS).map(({ path, message }) => {
    const place = path.map(String).join('.').slice(0, 200);
    return `${place === '' ? 'the whole' : place}: ${message.slice(0, 200)}`;
  });
  return issues.length > MAX_PROBLEMS ? [...lines, `… and ${issues.length - MAX_PROBLEMS} more`] : lines;
}

function invalid(why: string): WorkbenchError {
  return new WorkbenchError('BAD_REQUEST', `Not a conformance report: ${why}`);
}
