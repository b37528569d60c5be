import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { parseReportJson, REPORT_SCHEMA, toJson } from '../../../main/conformance/reports/report-document.ts';
import type { ConformanceReport } from '../../../main/contract/conformance.ts';
import {
  HOSTILE_TEXTS,
  hostileCheck,
  madeCheck,
  madeFullReport,
  madeReport,
} from '../../support/made-report.ts';

const ajv = new Ajv2020({ allErrors: true, strict: true });
formats.default(ajv);
const validate = ajv.compile(REPORT_SCHEMA);

const REPORTS: readonly ConformanceReport[] = [
  madeFullReport(),
  madeFullReport({
    'cors.foreign': { verdict: 'failed' },
    'header.value': { verdict: 'differs' },
    'timeout.default': { verdict: 'skipped', skipCode: 'probe-missing' },
    'execute.crash': { stage: 'a second runtime with the probe plugin' },
  }),
  madeReport([], { cancelled: true, mode: null, own: false }),
  madeReport(HOSTILE_TEXTS.map((text) => hostileCheck('header.health', text))),
];

describe('the JSON report', () => {
  it('keeps to its schema', () => {
    for (const report of REPORTS) {
      validate(JSON.parse(toJson(report)));
      expect(validate.errors).toBeNull();
    }
  });

  it('can be read back without loss', () => {
    for (const report of REPORTS) expect(parseReportJson(toJson(report))).toEqual(report);
  });

  it('sums itself up for a reader who stops there', () => {
    const report = madeReport([madeCheck('header.health', { verdict: 'failed' }), madeCheck('header.value')]);
    expect(JSON.parse(toJson(report))).toMatchObject({
      $schema: 'urn:mozaiks-workbench:conformance-report:1',
      schemaVersion: 1,
      at: '2026-01-23T12:00:00.000Z',
      outcome: { ok: false, reasons: ['1 clause failed: header.health'] },
      counts: { passed: 1, differs: 0, failed: 1, skipped: 0 },
    });
    const rules = { baseline: new Map([['header.health', '']]) };
    const { outcome, summary } = JSON.parse(toJson(report, rules));
    expect(outcome).toEqual({ ok: true, reasons: [] });
    expect(summary).toHaveLength(6);
    expect(summary[0]).toMatchObject({ compliance: 'partial', clauses: ['header.health', 'header.value'] });
  });

  it('has a schema that says what each key is, and refuses what is of another type', () => {
    expect(REPORT_SCHEMA).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: 'urn:mozaiks-workbench:conformance-report:1',
      title: 'Conformance report',
    });
    const changes = [
      { at: 1_769_169_600_000 },
      { schemaVersion: 2 },
      { mode: 'oidc' },
      { counts: { passed: 1 } },
      { checks: [{ ...madeCheck('header.health'), verdict: 'ok' }] },
      { checks: [{ ...madeCheck('header.health'), exchanges: null }] },
      { checks: undefined },
    ];
    for (const change of changes) {
      const document = JSON.parse(JSON.stringify({ ...JSON.parse(toJson(madeFullReport())), ...change }));
      expect(validate(document)).toBe(false);
      expect(() => parseReportJson(JSON.stringify(document))).toThrow();
    }
  });

  it('takes keys that a later version may add', () => {
    const document = { ...JSON.parse(toJson(madeFullReport())), later: true };
    expect(validate(document)).toBe(true);
    expect(parseReportJson(JSON.stringify(document))).toEqual(madeFullReport());
  });
});

describe('a file that is not a report', () => {
  const problemOf = (text: string) => {
    try {
      parseReportJson(text);
      return '';
    } catch (error) {
      expect(error).toMatchObject({ code: 'BAD_REQUEST' });
      return (error as Error).message;
    }
  };

  it('is refused by what is wrong with it', () => {
    const document = JSON.parse(toJson(madeFullReport()));
    expect(problemOf('<html>')).toMatch(/^Not a conformance report: it is not valid JSON: /);
    expect(problemOf('[]')).toContain('the whole: ');
    expect(problemOf(JSON.stringify({ ...document, schemaVersion: 2 }))).toBe(
      'Not a conformance report: its schemaVersion is 2, and this workbench reads 1',
    );
    document.checks[3].verdict = 'ok';
    expect(problemOf(JSON.stringify(document))).toMatch(
      /Not a conformance report: checks\.3\.verdict: .*"passed"/,
    );
  });

  it('is refused in few words and little time, whatever its size', () => {
    expect(problemOf(' '.repeat(33 * 1024 * 1024))).toContain('longer than 32 MiB');
    const document = JSON.parse(toJson(madeFullReport()));
    const message = problemOf(JSON.stringify({ ...document, checks: Array(900).fill({}) }));
    expect(message.length).toBeLessThan(5_000);
    expect(message).toMatch(/… and [\d]+ more$/);
  });

  it('pollutes nothing', () => {
    const text = toJson(madeReport([madeCheck('header.health')])).replace(
      '"content-type"',
      '"__proto__": "x", "content-type"',
    );
    const [check] = parseReportJson(text).checks;
    expect(Object.getPrototypeOf(check?.exchanges[0]?.answer?.headers)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['content-type']).toBeUndefined();
  });
});
