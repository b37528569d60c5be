import { countVerdicts } from '../../conformance/reports/findings.ts';
import { parseReportJson, toJson } from '../../conformance/reports/report-document.ts';
import type { ConformanceReport, ReportSummary } from '../../contract/conformance.ts';

/** A report as it lies in a file, in the form that a saved one has. */

/** The report in a file's text; null when the text is none. */
export function parseReport(text: string): ConformanceReport | null {
  try {
    return parseReportJson(text);
  } catch {
    return null;
  }
}

/** Lengths to which bodies and requests are cut, one after the other, until a report is small enough. */
const BODY_CHARS = [4_096, 512, 0];

/** The report as text of at most `maxBytes`: where it would be longer, the evidence is cut, never a verdict. */
export function reportText(made: ConformanceReport, maxBytes: number): string | null {
  const texts = [() => toJson(made), ...BODY_CHARS.map((most) => () => toJson(cut(made, most)))];
  for (const write of texts) {
    const text = write();
    if (Buffer.byteLength(text) <= maxBytes) return text;
  }
  return null;
}

function cut(made: ConformanceReport, most: number): ConformanceReport {
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

export function summaryOf(made: ConformanceReport): Omit<ReportSummary, 'live'> {
  const { id, target, own, edition, mode, at, durationMs, cancelled, checks } = made;
  return { id, target, own, edition, mode, at, durationMs, cancelled, counts: countVerdicts(checks) };
}
