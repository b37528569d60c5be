import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { toJunit } from '../../../main/conformance/reports/junit.ts';
import { toMarkdown } from '../../../main/conformance/reports/markdown.ts';
import type { CheckView, ConformanceReport } from '../../../main/contract/conformance.ts';

function check(over: Partial<CheckView>): CheckView {
  return {
    ...{ id: 'health', group: 'Endpoints', title: 'GET /health', rule: 'contract §2', verdict: 'passed' },
    ...{ reason: 'As the contract says', expected: '200', observed: '200 {}' },
    ...{ severity: 'must', place: 'contract §2', stage: null, durationMs: 1 },
    exchanges: [{ request: 'GET /health', answer: { status: 200, headers: {}, body: '{}' }, durationMs: 1 }],
    ...over,
  };
}

function report(checks: readonly CheckView[]): ConformanceReport {
  return {
    ...{ id: 'r', target: 'http://127.0.0.1:8080', own: true, contractVersion: '1.0.0' },
    ...{ edition: 1, mode: null },
    ...{ at: Date.UTC(2026, 0, 23, 12), durationMs: 1_234, cancelled: false, checks },
  };
}

const HOSTILE = '</failure><script>x</script> & "quoted" | `ticks` \u0000\u001b[31m\ud800 ```\nsecond line';

const MIXED = report([
  check({}),
  check({
    id: 'broken',
    title: HOSTILE,
    verdict: 'failed',
    reason: HOSTILE,
    observed: HOSTILE,
    exchanges: [{ request: HOSTILE, answer: { status: 200, headers: {}, body: '{}' }, durationMs: 1 }],
  }),
  check({ id: 'left', title: 'Left out', verdict: 'skipped', reason: 'no token', observed: '' }),
]);

/** What a parser that CI services trust makes of it: Python's own. */
function parsedJunit(xml: string) {
  const script = `
import json, sys, xml.etree.ElementTree as tree
root = tree.fromstring(sys.stdin.buffer.read())
print(json.dumps({
  'totals': dict(root.attrib),
  'cases': [{'name': case.get('name'), 'class': case.get('classname'), 'kinds': [child.tag for child in case],
    'message': case[0].get('message'), 'text': case[0].text} for case in root.iter('testcase')],
}))`;
  const { stdout, stderr } = spawnSync('python3', ['-c', script], { input: xml, encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as {
    totals: Record<string, string>;
    cases: { name: string; class: string; kinds: string[]; message: string | null; text: string | null }[];
  };
}

describe('the JUnit report', () => {
  it('is XML with one case a clause, whatever a target answered', () => {
    const { totals, cases } = parsedJunit(toJunit(MIXED));
    expect(totals).toMatchObject({ tests: '3', failures: '1', errors: '0', skipped: '1', time: '1.234' });
    expect(cases.map(({ kinds }) => kinds)).toEqual([['system-out'], ['failure'], ['skipped']]);
    expect(cases[1]?.message).toContain('<script>x</script> & "quoted"');
    expect(cases[1]?.text).toContain('second line');
    expect(cases[2]).toMatchObject({
      name: 'Left out (left)',
      class: 'contract.Endpoints',
      message: 'no token',
    });
  });
});

describe('the Markdown report', () => {
  const lines = toMarkdown(MIXED).split('\n');

  it('sums up each requirement in one row, with its status and its evidence', () => {
    expect(lines).toContain('**Result**: 1 of 3 kept, 1 broken, 1 skipped');
    expect(lines).toContain('| Endpoints: GET /health | ✅ kept | 200 {} |');
    expect(lines).toContain('| Endpoints: Left out | ⚠️ skipped | no token |');
  });

  it('shows what is broken in full, and lets none of it act as Markdown', () => {
    const text = lines.join('\n');
    expect(text).not.toMatch(/^\|.*[^\\]<script>/m);
    const fence = /^(`{4,})\n<\/failure>/m.exec(text)?.[1];
    expect(fence).toBe('````');
    expect(
      lines.filter((line) => line.startsWith('| ')).every((line) => line.split(/(?<!\\)\|/).length === 5),
    ).toBe(true);
  });
});
