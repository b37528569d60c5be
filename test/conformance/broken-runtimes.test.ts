import { writeFile } from 'node:fs/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { CLAUSES, type ClauseId } from '../../main/conformance/clauses/clauses.ts';
import type { ConformanceReport } from '../../main/contract/conformance.ts';
import { brokenTable } from '../support/stand-in/broken-table.ts';
import type { StandInTargetOptions } from '../support/stand-in/check-target.ts';
import { FAULTS } from '../support/stand-in/faults/faults.ts';
import { byVerdict, judgeStandIn, QUICK } from '../support/stand-in/judged.ts';
import { IN_ITS_WORDS } from '../support/stand-in/plugin-host.ts';

/**
 * Each clause against a runtime that breaks this one requirement and keeps the others: it fails, and it
 * alone. A clause that passes whatever a runtime does would be found here, as would one that fails for
 * another's reason.
 */

const ALL: readonly ClauseId[] = CLAUSES.map(({ id }) => id);

/** Where nothing is left to judge, once the broken requirement is in the way. */
const UNDECIDED: Readonly<Partial<Record<ClauseId, readonly ClauseId[]>>> = {
  'health.plugins-loaded': ['health.counts', 'health.not-loaded'],
  // There a plugin's own error is no error.
  'execute.path': ['header.plugin-error'],
  'execute.host-path': [
    ...(['host.order', 'host.bad-json', 'host.empty-body', 'host.not-found', 'host.own-error'] as const),
    ...(['host.exception', 'host.invalid-result'] as const),
  ],
  'context.keys': ['context.superadmin'],
  'limit.body': ['header.too-large'],
  'timeout.enforced': [
    ...(['timeout.status', 'timeout.detail', 'timeout.variable', 'timeout.older-name'] as const),
    'timeout.blocking',
  ],
  'timeout.variable': ['timeout.blocking'],
};

/** Where another way of a runtime's make comes with it. */
const DIFFERS: Readonly<Partial<Record<ClauseId, readonly ClauseId[]>>> = { 'execute.path': IN_ITS_WORDS };

const UNSET_IS_4 = { rules: { defaultTimeoutSeconds: 4 }, expectedDefaultSeconds: 4 };

/** Runtimes in which a fault shows only so. */
const SETTINGS: Readonly<Partial<Record<ClauseId, StandInTargetOptions>>> = {
  // Local mode does not check the audience.
  'identity.audience': { mode: 'external' },
  // These ask a runtime without a timeout's variable too; other runs wait for the contract's thirty seconds.
  'timeout.enforced': UNSET_IS_4,
  'timeout.variable': UNSET_IS_4,
};

const reports = new Map<ClauseId, ConformanceReport>();

async function judgeBroken(breaks: ClauseId): Promise<ConformanceReport> {
  const clauses = breaks === 'timeout.default' ? ALL : QUICK;
  const report = await judgeStandIn({ ...SETTINGS[breaks], breaks }, clauses);
  reports.set(breaks, report);
  return report;
}

describe.concurrent('A runtime that keeps the contract', { timeout: 120_000 }, () => {
  it.each(['local', 'external'] as const)('passes every clause in %s mode', async (mode) => {
    const report = await judgeStandIn({ mode }, ALL);
    expect(report.mode).toBe(mode);
    expect(byVerdict(report)).toEqual({ passed: ALL, differs: [], failed: [], skipped: [] });
  });
});

describe.concurrent('A runtime that', { timeout: 120_000 }, () => {
  const isSlow = (id: ClauseId) => id.startsWith('timeout.');
  const slowFirst = ALL.toSorted((a, b) => Number(isSlow(b)) - Number(isSlow(a)));
  const cases = slowFirst.map((id) => [FAULTS[id].says, id] as const);

  it.each(cases)('%s fails %s alone', async (_, id) => {
    const report = await judgeBroken(id);
    const skipped = UNDECIDED[id] ?? [];
    const { passed, ...others } = byVerdict(report);
    const differs = DIFFERS[id] ?? [];
    expect(others).toEqual({ differs, failed: [id], skipped });
    expect(passed).toHaveLength(report.checks.length - 1 - skipped.length - differs.length);
  });
});

describe.concurrent('In external mode a runtime that', { timeout: 120_000 }, () => {
  const ids = ALL.filter((id) => /^(identity|context|spoof)\./.test(id));

  it.each(ids.map((id) => [FAULTS[id].says, id] as const))('%s fails %s alone', async (_, id) => {
    const { passed: _passed, ...others } = byVerdict(await judgeStandIn({ mode: 'external', breaks: id }));
    expect(others).toEqual({ differs: [], failed: [id], skipped: UNDECIDED[id] ?? [] });
  });
});

afterAll(async () => {
  const path = process.env.WORKBENCH_BROKEN_TABLE;
  if (path !== undefined) await writeFile(path, brokenTable(reports));
});
