import { expect, it } from 'vitest';
import {
  REPORT_EXTENSIONS,
  REPORT_WRITERS,
  resolveReportFormat,
} from '../../../main/conformance/reports/formats.ts';
import { REPORT_FORMATS } from '../../../main/contract/conformance.ts';
import { madeFullReport } from '../../support/made-report.ts';

it('tells a report’s form by the ending of its file', () => {
  for (const format of REPORT_FORMATS) {
    expect(resolveReportFormat(`/tmp/a.b/report.${REPORT_WRITERS[format].extension}`)).toBe(format);
  }
  expect(resolveReportFormat('REPORT.XML')).toBe('junit');
  for (const other of [
    'report',
    'report.txt',
    '.md',
    'xml',
    'a.xml/report',
    'report.xml.gz',
    'report.constructor',
  ]) {
    expect(resolveReportFormat(other)).toBeNull();
  }
  expect(REPORT_EXTENSIONS).toBe('.md, .html, .xml, .json');
});

it('writes every form of a whole report', () => {
  const starts = { markdown: '# Runtime', html: '<!doctype html>', junit: '<?xml ', json: '{\n' };
  for (const format of REPORT_FORMATS) {
    const text = REPORT_WRITERS[format].write(madeFullReport());
    expect(text.startsWith(starts[format])).toBe(true);
    expect(text.endsWith('\n')).toBe(true);
  }
});
