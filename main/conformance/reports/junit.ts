import type { CheckView, ConformanceReport } from '../../contract/conformance.ts';

/** The report as JUnit XML, one test case a clause, in the form that CI services read. */
export function toJunit({ target, at, durationMs, contractVersion, checks }: ConformanceReport): string {
  const count = (verdict: CheckView['verdict']) => checks.filter((check) => check.verdict === verdict).length;
  const totals = attributes({
    tests: checks.length,
    failures: count('failed'),
    errors: 0,
    skipped: count('skipped'),
    time: (durationMs / 1000).toFixed(3),
  });
  const name = attributes({ name: `Runtime-Platform Contract ${contractVersion}` });
  const suite = attributes({ timestamp: new Date(at).toISOString(), hostname: new URL(target).host });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${name}${totals}>`,
    `  <testsuite${name}${totals}${suite}>`,
    ...checks.map(testCase),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase(check: CheckView): string {
  const { id, group, title, verdict, reason, expected, observed, exchanges, rule } = check;
  const head = `    <testcase${attributes({ classname: `contract.${group}`, name: `${title} (${id})` })}`;
  if (verdict === 'passed') return `${head}><system-out>${escaped(observed)}</system-out></testcase>`;
  if (verdict === 'skipped') return `${head}><skipped${attributes({ message: reason })}/></testcase>`;
  const text = [
    `Rule: ${rule}`,
    `Expected: ${expected}`,
    `Observed: ${observed}`,
    '',
    ...exchanges.map(({ request }) => request),
  ].join('\n');
  return `${head}><failure${attributes({ message: reason, type: 'contract' })}>${escaped(text)}</failure></testcase>`;
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(String(value)).replaceAll('\n', '&#10;')}"`)
    .join('');
}

/** Characters that XML 1.0 can't hold, not even escaped: control characters, lone surrogates, the two non-characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

function escaped(text: string): string {
  return text
    .replace(UNWRITABLE, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
