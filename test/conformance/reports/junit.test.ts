import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'junit2json';
import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { toJunit } from '../../../main/conformance/reports/junit.ts';
import { type OutcomeRules, resolveOutcome } from '../../../main/conformance/reports/outcome-rules.ts';
import { projectRoot } from '../../support/folders.ts';
import {
  HOSTILE_TEXTS,
  hostileCheck,
  madeCheck,
  madeFullReport,
  madeReport,
} from '../../support/made-report.ts';

interface Case {
  readonly name: string;
  readonly classname: string;
  readonly time: string;
  /** Tags of its children. */
  readonly kinds: readonly string[];
  readonly message: string | null;
  readonly text: string;
}

/** What a parser that CI services trust makes of it: Python's own. */
function parsedByPython(xml: string): { totals: Record<string, string>; cases: Case[] } {
  const script = `
import json, sys, xml.etree.ElementTree as tree
root = tree.fromstring(sys.stdin.buffer.read())
print(json.dumps({
  'totals': dict(root.attrib),
  'cases': [{**dict(case.attrib), 'kinds': [child.tag for child in case], 'message': next((child.get('message') for child in case), None),
    'text': ''.join(child.text or '' for child in case)} for case in root.iter('testcase')],
}))`;
  const { stdout, stderr } = spawnSync('python3', ['-c', script], { input: xml, encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
}

const schema = readFileSync(join(projectRoot, 'test/fixtures/conformance/junit.xsd'), 'utf8');

async function schemaProblems(xml: string): Promise<readonly string[]> {
  const { errors } = await validateXML({ xml: { fileName: 'report.xml', contents: xml }, schema: [schema] });
  return errors.map(({ rawMessage }) => rawMessage);
}

const MIXED = madeReport([
  madeCheck('header.health', { durationMs: 1_234 }),
  madeCheck('header.value', { verdict: 'differs' }),
  madeCheck('health.status', { verdict: 'failed', reason: 'The status is 503, not 200' }),
  madeCheck('health.counts', { verdict: 'failed' }),
  madeCheck('identity.user', { verdict: 'skipped' }),
]);

describe('the JUnit report', () => {
  it('is a suite a group and a case a clause, with its time and its evidence', () => {
    const { totals, cases } = parsedByPython(toJunit(MIXED));
    expect(totals).toMatchObject({ tests: '5', failures: '2', errors: '0', time: '1.234' });
    expect(cases.map(({ kinds }) => kinds)).toEqual([
      ['system-out'],
      ['system-out'],
      ['failure'],
      ['failure'],
      ['skipped'],
    ]);
    expect(cases[0]).toMatchObject({
      name: 'On GET /health (header.health)',
      classname: 'contract.Version header',
      time: '1.234',
    });
    expect(cases[1]?.text).toContain('Differs: The header is 1.0');
    expect(cases[2]?.message).toBe('The status is 503, not 200');
    expect(cases[2]?.text).toMatch(
      /GET \/health HTTP\/1\.1\nHost: [\s\S]*Answer 200\ncontent-type: application\/json/,
    );
    expect(cases[4]?.message).toBe('The probe plugin is not loaded there');
  });

  it('is read by a parser made for JUnit', async () => {
    const read = await parse(toJunit(MIXED));
    if (read === null || read === undefined || !('testsuite' in read)) throw new Error('no suites');
    expect(
      read.testsuite?.map(({ name, tests, failures, skipped }) => [name, tests, failures, skipped]),
    ).toEqual([
      ['Version header', 2, 0, 0],
      ['Runtime', 2, 2, 0],
      ['Identity', 1, 0, 1],
    ]);
    expect(read.testsuite?.[1]?.testcase?.[0]?.failure?.[0]?.message).toBe('The status is 503, not 200');
    expect(read.testsuite?.[0]?.properties).toContainEqual({
      name: 'target',
      value: 'http://127.0.0.1:8080',
    });
  });

  it('keeps to the schema, whatever the rules', { timeout: 60_000 }, async () => {
    const baseline = new Map([['health.status', 'known <so> & so']]);
    for (const rules of [{}, { strict: true, noSkips: true }, { mustsOnly: true }, { baseline }]) {
      expect(await schemaProblems(toJunit(MIXED, rules))).toEqual([]);
    }
    expect(await schemaProblems(toJunit(madeFullReport()))).toEqual([]);
    expect(await schemaProblems('<testsuites><testsuite/></testsuites>')).not.toEqual([]);
  });

  it('fails exactly where the exit code does', () => {
    const baseline = (...ids: string[]) => new Map(ids.map((id) => [id, 'known']));
    const failures: readonly [OutcomeRules, number][] = [
      [{}, 2],
      [{ mustsOnly: true }, 1],
      [{ strict: true }, 3],
      [{ noSkips: true }, 3],
      [{ baseline: baseline('health.status', 'health.counts') }, 0],
      [{ baseline: baseline('health.status') }, 1],
      [{ baseline: baseline('health.status', 'health.counts', 'header.health') }, 1],
    ];
    for (const [rules, expected] of failures) {
      const { totals, cases } = parsedByPython(toJunit(MIXED, rules));
      expect(totals.failures).toBe(String(expected));
      expect(cases.filter(({ kinds }) => kinds.includes('failure'))).toHaveLength(expected);
      expect(resolveOutcome(MIXED, rules).ok).toBe(expected === 0);
    }
  });

  it('says of an expected failure why it was expected', () => {
    const baseline = new Map([['health.status', 'fixed in March']]);
    const { cases } = parsedByPython(toJunit(MIXED, { baseline }));
    expect(cases[2]).toMatchObject({
      kinds: ['skipped', 'system-out'],
      message: 'Expected to fail (fixed in March): The status is 503, not 200',
    });
  });

  it('is XML whatever the target answered, and hides nothing of it', { timeout: 60_000 }, async () => {
    for (const text of HOSTILE_TEXTS) {
      const xml = toJunit(madeReport([hostileCheck('header.health', text)], { target: text }));
      const { cases } = parsedByPython(xml);
      expect(cases).toHaveLength(1);
      expect(cases[0]?.kinds).toEqual(['failure']);
      expect(await schemaProblems(xml)).toEqual([]);
    }
    const { cases } = parsedByPython(toJunit(madeReport([hostileCheck('header.health', HOSTILE_TEXTS[0])])));
    expect(cases[0]?.message).toBe(HOSTILE_TEXTS[0]);
    const lines = parsedByPython(toJunit(madeReport([hostileCheck('header.health', 'one\n\ttwo')])));
    expect(lines.cases[0]?.message).toBe('one\n\ttwo');
    expect(cases[0]?.text).toContain(`Observed: ${HOSTILE_TEXTS[0]}`);
  });
});
