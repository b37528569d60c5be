import { describe, expect, it } from 'vitest';
import type { CheckView } from '../../../../main/contract/conformance.ts';
import {
  groupChecks,
  headerRow,
  headline,
  isHeaderGroup,
} from '../../../../renderer/views/contract/contract-model.ts';

function check(over: Partial<CheckView>): CheckView {
  return {
    id: 'health',
    group: 'Endpoints',
    title: 'GET /health answers without a token',
    rule: 'contract §2',
    verdict: 'passed',
    reason: 'as expected',
    expected: '200',
    observed: '200',
    ...{ severity: 'must', place: 'contract §2', stage: null, durationMs: 1 },
    exchanges: [exchange({ 'x-mozaiks-runtime-version': '1.0.0' })],
    ...over,
  };
}

function exchange(headers: Readonly<Record<string, string>>) {
  const request = 'GET /health\nAccept: */*';
  return { request, answer: { status: 200, headers, body: '{}' }, durationMs: 1 };
}

describe('the head line', () => {
  it('counts what is kept, broken and skipped', () => {
    const checks = [check({}), check({ verdict: 'failed' }), check({ verdict: 'skipped' })];
    expect(headline(checks)).toBe('1 of 3 kept · 1 broken · 1 skipped');
  });

  it('says only what is there', () => {
    expect(headline([check({})])).toBe('1 of 1 kept');
  });
});

describe('groups', () => {
  it('keep the order of the report and are green only without a failure', () => {
    const groups = groupChecks([
      check({ group: 'B' }),
      check({ group: 'A', verdict: 'failed' }),
      check({ group: 'B', verdict: 'skipped' }),
    ]);
    expect(groups.map(({ name, green, checks }) => [name, green, checks.length])).toEqual([
      ['B', true, 2],
      ['A', false, 1],
    ]);
  });
});

describe('header rows', () => {
  it('take status and version from the evidence, whatever the letter case of the name', () => {
    const headers = { 'X-Mozaiks-Runtime-Version': '1.0.0' };
    const row = headerRow(check({ expected: '404 with …: 1.0.0', exchanges: [exchange(headers)] }));
    expect(row).toMatchObject({
      request: 'GET /health',
      expectedStatus: 404,
      observedStatus: 200,
      expectedVersion: '1.0.0',
      observedVersion: '1.0.0',
    });
  });

  it('tell a missing header from no answer at all', () => {
    const silent = headerRow(check({ exchanges: [{ ...exchange({}), answer: null }] }));
    expect(silent).toMatchObject({ request: 'GET /health', observedStatus: null, observedVersion: null });
    const bare = headerRow(check({ exchanges: [exchange({})] }));
    expect(bare).toMatchObject({ observedStatus: 200, observedVersion: null });
  });

  it('are made for the group of header checks only', () => {
    const [headers, others] = groupChecks([
      check({ id: 'header.health', group: 'Version header' }),
      check({ id: 'errors.404', group: 'Errors' }),
    ]);
    expect([headers, others].map((group) => group && isHeaderGroup(group))).toEqual([true, false]);
  });
});
