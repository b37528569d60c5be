import type { CheckResult, ConformanceReport, ExchangeView } from '../../contract/conformance.ts';
import { type CheckGroup, groupChecks } from './findings.ts';
import { escapeMarkup, shorten } from './foreign-text.ts';
import { type CountedAs, classifyCheck, failsRun, type OutcomeRules } from './outcome-rules.ts';

/**
 * The report as JUnit XML: a suite for each group, a case for each clause. A case fails exactly when its
 * clause fails the run, so that what a CI service shows in red is what the exit code says; an expected
 * failure is a skipped case.
 */
export function toJunit(report: ConformanceReport, rules: OutcomeRules = {}): string {
  const { contractVersion, checks, durationMs } = report;
  const name = { name: `Runtime-Platform Contract ${contractVersion}` };
  const { skipped: _, ...totals } = countTotals(checks, rules);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${formatAttributes({ ...name, time: formatSeconds(durationMs), ...totals })}>`,
    ...groupChecks(checks).flatMap((group, index) => suite(report, rules, group, index)),
    '</testsuites>',
    '',
  ].join('\n');
}

function suite(report: ConformanceReport, rules: OutcomeRules, group: CheckGroup, index: number): string[] {
  const { target, at, contractVersion, edition, mode, cancelled } = report;
  const time = group.checks.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const head = {
    name: group.name,
    id: index,
    package: 'contract',
    hostname: findHost(target),
    // Without a zone, as the schema has it: UTC.
    timestamp: new Date(at).toISOString().slice(0, 19),
    time: formatSeconds(time),
    ...countTotals(group.checks, rules),
  };
  const properties = { target, contractVersion, edition, mode: mode ?? 'unknown', cancelled: `${cancelled}` };
  return [
    `  <testsuite${formatAttributes(head)}>`,
    '    <properties>',
    ...Object.entries(properties).map(
      ([name, value]) => `      <property${formatAttributes({ name, value })}/>`,
    ),
    '    </properties>',
    ...group.checks.map((check) => testCase(check, classifyCheck(check, rules), rules)),
    '  </testsuite>',
  ];
}

function testCase(check: CheckResult, counted: CountedAs, rules: OutcomeRules): string {
  const { id, group, title, durationMs } = check;
  const name = { name: `${title} (${id})`, classname: `contract.${group}`, time: formatSeconds(durationMs) };
  const message = describeCheck(check, counted, rules);
  const result = formatResult(check, counted, message);
  // Clauses that passed have their evidence too.
  const output = failsRun(counted) || check.exchanges.length === 0 ? '' : systemOut(check, message);
  return `    <testcase${formatAttributes(name)}>${result}${output}</testcase>`;
}

function formatResult(check: CheckResult, counted: CountedAs, message: string): string {
  if (failsRun(counted)) {
    const attributes = formatAttributes({ message, type: counted });
    return `<failure${attributes}>${escapeMarkup(describeDetails(check))}</failure>`;
  }
  const isSkipped = counted === 'skipped' || counted === 'expected';
  return isSkipped ? `<skipped${formatAttributes({ message })}/>` : '';
}

function describeCheck({ id, reason }: CheckResult, counted: CountedAs, { baseline }: OutcomeRules): string {
  if (counted === 'expected') {
    const known = baseline?.get(id) ?? '';
    return `Expected to fail${known === '' ? '' : ` (${known})`}: ${reason}`;
  }
  if (counted === 'unexpected-pass') return `Passed unexpectedly: remove '${id}' from the baseline`;
  if (counted === 'counted-skip') return `Skipped, which counts as failed: ${reason}`;
  if (counted === 'uncounted') return `Failed, but only musts count: ${reason}`;
  return counted === 'differs' ? `Differs: ${reason}` : reason;
}

function systemOut(check: CheckResult, message: string): string {
  return `<system-out>${escapeMarkup(`${message}\n${describeDetails(check)}`)}</system-out>`;
}

function describeDetails(check: CheckResult): string {
  const { severity, rule, place, expected, observed, reason, stage, exchanges } = check;
  return [
    `Rule: ${rule} (${place}, ${severity})`,
    `Expected: ${expected}`,
    `Observed: ${observed === '' ? reason : observed}`,
    ...(stage === null ? [] : [`Checked on: ${stage}`]),
    ...exchanges.flatMap(formatEvidence),
  ].join('\n');
}

const MAX_BODY = 2_000;

function formatEvidence({ request, answer }: ExchangeView): string[] {
  if (answer === null) return ['', request, '', 'No HTTP answer'];
  const headers = Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}`);
  return ['', request, '', `Answer ${answer.status}`, ...headers, '', shorten(answer.body, MAX_BODY)];
}

function countTotals(checks: readonly CheckResult[], rules: OutcomeRules) {
  const counted = checks.map((check) => classifyCheck(check, rules));
  const skipped = counted.filter((one) => one === 'skipped' || one === 'expected').length;
  return { tests: checks.length, failures: counted.filter(failsRun).length, errors: 0, skipped };
}

/** The target's host, or its whole text where it is not an address, as in a report from a file. */
function findHost(target: string): string {
  try {
    return new URL(target).host;
  } catch {
    return target;
  }
}

function formatSeconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

function formatAttributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeAttribute(String(value))}"`)
    .join('');
}

/** Newlines and tabs as references: a parser would turn them into blanks. */
function escapeAttribute(value: string): string {
  return escapeMarkup(value).replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');
}
