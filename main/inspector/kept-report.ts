import { z } from 'zod';
import { type ConformanceReport, type ReportSummary, VERDICTS } from '../contract/conformance.ts';

/** A report as it lies in a file: checked like anything that a hand or another version may have written. */

const exchange = z.object({
  request: z.string(),
  answer: z
    .object({ status: z.int(), headers: z.record(z.string(), z.string()), body: z.string() })
    .nullable(),
  durationMs: z.number(),
});

const check = z.object({
  ...{ id: z.string(), group: z.string(), title: z.string(), severity: z.enum(['must', 'should']) },
  ...{ rule: z.string(), place: z.string(), verdict: z.enum(VERDICTS), reason: z.string() },
  ...{ expected: z.string(), observed: z.string(), stage: z.string().nullable() },
  ...{ exchanges: z.array(exchange).max(200), durationMs: z.number() },
});

const report = z.object({
  ...{ id: z.uuid(), target: z.string().max(2_000), own: z.boolean(), contractVersion: z.string() },
  ...{
    edition: z.int(),
    mode: z.enum(['local', 'external']).nullable(),
    at: z.number(),
    durationMs: z.number(),
  },
  ...{ cancelled: z.boolean(), checks: z.array(check).max(500) },
}) satisfies z.ZodType<ConformanceReport>;

/** The report in a file's text; null when the text is none. */
export function parseReport(text: string): ConformanceReport | null {
  try {
    return report.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Lengths to which bodies and requests are cut, one after the other, until a report is small enough. */
const BODY_CHARS = [4_096, 512, 0];

/** The report as text of at most `maxBytes`: where it would be longer, the evidence is cut, never a verdict. */
export function reportText(made: ConformanceReport, maxBytes: number): string | null {
  const texts = [
    () => JSON.stringify(made),
    ...BODY_CHARS.map((most) => () => JSON.stringify(cut(made, most))),
  ];
  for (const write of texts) {
    const text = `${write()}\n`;
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
  const counts = { passed: 0, differs: 0, failed: 0, skipped: 0 };
  for (const { verdict } of checks) counts[verdict] += 1;
  return { id, target, own, edition, mode, at, durationMs, cancelled, counts };
}
