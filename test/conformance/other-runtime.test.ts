import { describe, expect, it } from 'vitest';
import { CLAUSES } from '../../main/conformance/clauses/clauses.ts';
import { PROBE } from '../../main/conformance/target/probe.ts';
import { probeFiles } from '../../main/conformance/target/probe-files.ts';
import type { CheckRequest, CheckResult, ConformanceReport } from '../../main/contract/conformance.ts';
import { callInspector } from '../support/inspector-call.ts';
import { startRuntime, type TestRuntime } from '../support/runtime.ts';
import { localToken } from '../support/tokens.ts';

/**
 * One workbench checks another by its address, as a platform team would: knowing its secret, a token, or
 * nothing.
 */

const SECRET = 'the-secret-of-the-other-runtime-0123456789';
/** What a runtime that is started with two seconds can't show. */
const NOT_STARTED_SO = ['timeout.default', 'timeout.older-name'];

const TWO_SECONDS = { MOZAIKS_PLUGIN_TIMEOUT_SECONDS: '2' };

async function check(
  other: TestRuntime,
  how: Omit<CheckRequest, 'runId' | 'target'> = {},
): Promise<ConformanceReport> {
  const checker = await startRuntime();
  const report = await callInspector(checker, 'checkContract', {
    runId: 'a',
    target: other.baseUrl,
    allowDisruptive: true,
    ...how,
  });
  expect(report).toMatchObject({ target: other.baseUrl, own: false, cancelled: false });
  expect(report.checks).toHaveLength(CLAUSES.length);
  // Nothing of it was judged on a runtime of the checker's.
  expect(report.checks.filter(({ stage }) => stage !== null)).toEqual([]);
  return report;
}

const start = (env: Record<string, string>, language: 'javascript' | 'python' | null = 'javascript') => {
  const probe = language === null ? {} : { [PROBE]: probeFiles(language) };
  const fine = 'export const execute = () => ({});';
  const plugins = { one: fine, two: fine, unfinished: 'export const execute = (' };
  return startRuntime({ plugins: { ...plugins, ...probe }, env: { JWT_SECRET: SECRET, ...env } });
};

const idsOf = (checks: readonly CheckResult[], verdict: CheckResult['verdict']) =>
  checks.filter((check) => check.verdict === verdict).map(({ id }) => id);

const notKept = (checks: readonly CheckResult[]) =>
  checks
    .filter(({ verdict }) => verdict === 'failed' || verdict === 'differs')
    .map(({ id, reason }) => ({ id, reason }));

describe('another runtime that has the probe plugin', () => {
  it.each(['javascript', 'python'] as const)(
    'is judged by every clause that its own start allows, with its secret and the probe in %s',
    { timeout: 90_000 },
    async (language) => {
      const report = await check(await start(TWO_SECONDS, language), { secret: SECRET });
      expect(notKept(report.checks)).toEqual([]);
      expect(report.mode).toBe('local');
      expect(idsOf(report.checks, 'skipped')).toEqual(NOT_STARTED_SO);
      const reasons = report.checks
        .filter(({ verdict }) => verdict === 'skipped')
        .map(({ reason }) => reason);
      for (const reason of reasons)
        expect(reason).toMatch(/its MOZAIKS_PLUGIN_TIMEOUT_SECONDS is 2: start it with/);
      expect(JSON.stringify(report)).not.toContain(SECRET);
    },
  );

  it('lacks the clauses whose tokens nobody can sign where there is one token alone', {
    timeout: 90_000,
  }, async () => {
    const token = localToken({ sub: 'ada', username: 'Ada', roles: ['user'] }, SECRET);
    const { checks } = await check(await start(TWO_SECONDS), { token });
    expect(notKept(checks)).toEqual([]);
    expect(idsOf(checks, 'skipped')).toEqual([
      ...['identity.expired', 'identity.no-expiry', 'identity.no-subject', 'identity.audience'],
      ...['context.username', 'context.odd-roles', 'context.superadmin', ...NOT_STARTED_SO],
    ]);
    expect(JSON.stringify(checks)).not.toContain(token);
  });

  it('is judged as an anonymous caller sees it where there is no token', { timeout: 90_000 }, async () => {
    const { checks } = await check(await start(TWO_SECONDS));
    expect(notKept(checks)).toEqual([]);
    expect(idsOf(checks, 'skipped')).toEqual([
      ...['identity.user', 'identity.user-jwt', 'identity.tampered', 'identity.alg-none', 'identity.expired'],
      ...['identity.no-expiry', 'identity.no-subject', 'identity.audience'],
      ...[
        'context.profile',
        'context.username',
        'context.odd-roles',
        'context.superadmin',
        ...NOT_STARTED_SO,
      ],
    ]);
  });

  it('that shares this one’s key is called with every kind of token', { timeout: 90_000 }, async () => {
    const { checks } = await check(
      await startRuntime({
        plugins: { unfinished: 'export const execute = (', [PROBE]: probeFiles('javascript') },
        env: TWO_SECONDS,
      }),
      {
        ownKey: true,
      },
    );
    expect(notKept(checks)).toEqual([]);
    expect(idsOf(checks, 'skipped')).toEqual(NOT_STARTED_SO);
  });
});

it('without the probe plugin, nothing that needs it is passed', async () => {
  const { checks } = await check(await start(TWO_SECONDS, null), { secret: SECRET });
  expect(notKept(checks)).toEqual([]);
  const skipped = checks.filter(({ verdict }) => verdict === 'skipped');
  const groups = new Set(skipped.map(({ group }) => group));
  expect([...groups]).toEqual([
    ...['Version header', 'Execution', 'Plugin host', 'Identity', 'Context', 'Spoofing', 'Timeouts'],
  ]);
  expect(skipped).toHaveLength(43);
  for (const { reason, exchanges } of skipped) {
    expect(reason).toContain('install it with `mozaiks-workbench check --save-probe <dir>`');
    expect(exchanges).toEqual([]);
  }
});
