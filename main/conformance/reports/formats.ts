import { extname } from 'node:path';
import { type ConformanceReport, REPORT_FORMATS, type ReportFormat } from '../../contract/conformance.ts';
import { toHtml } from './html.ts';
import { toJunit } from './junit.ts';
import { toMarkdown } from './markdown.ts';
import type { OutcomeRules } from './outcome-rules.ts';
import { toJson } from './report-document.ts';

export interface ReportWriter {
  /** The file extension, without the dot. */
  readonly extension: string;
  readonly mediaType: string;
  /** Returns the whole file; failures are reported as the rules count them. */
  readonly write: (report: ConformanceReport, rules?: OutcomeRules) => string;
}

/** Every format of a report. */
export const REPORT_WRITERS: Readonly<Record<ReportFormat, ReportWriter>> = {
  markdown: { extension: 'md', mediaType: 'text/markdown; charset=utf-8', write: toMarkdown },
  junit: { extension: 'xml', mediaType: 'application/xml', write: toJunit },
  html: { extension: 'html', mediaType: 'text/html; charset=utf-8', write: toHtml },
  json: { extension: 'json', mediaType: 'application/json', write: toJson },
};

/** The extensions that {@link resolveReportFormat} knows, for messages: ".md, .xml, .json". */
export const REPORT_EXTENSIONS = REPORT_FORMATS.map((format) => `.${REPORT_WRITERS[format].extension}`).join(
  ', ',
);

/** The format of a file's extension, case-insensitive; null for an unknown one. */
export function resolveReportFormat(file: string): ReportFormat | null {
  const ending = extname(file).slice(1).toLowerCase();
  return REPORT_FORMATS.find((format) => REPORT_WRITERS[format].extension === ending) ?? null;
}
