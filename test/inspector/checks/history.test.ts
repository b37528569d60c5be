import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { CheckResult, ConformanceReport } from '../../../main/contract/conformance.ts';
import { createCheckHistory, HISTORY_LIMITS } from '../../../main/inspector/checks/history.ts';
import { temporaryFolder } from '../../support/folders.ts';

/** Past runs, in real files. */

const NOON = Date.UTC(2026, 4, 1, 12);

function check(over: Partial<CheckResult> = {}): CheckResult {
  return {
    id: 'health',
    group: 'Runtime',
    title: 'GET /health',
    severity: 'must',
    rule: 'a rule',
    place: 'contract §2',
    verdict: 'passed',
    reason: '',
    expected: '200',
    observed: '200',
    stage: null,
    exchanges: [],
    durationMs: 1,
    ...over,
  };
}

function report(over: Partial<ConformanceReport> = {}): ConformanceReport {
  return {
    id: randomUUID(),
    target: 'http://127.0.0.1:8080',
    own: true,
    contractVersion: '1.0.0',
    edition: 1,
    mode: 'local',
    at: NOON,
    durationMs: 1_500,
    cancelled: false,
    checks: [check(), check({ id: 'info', verdict: 'failed' })],
    ...over,
  };
}

async function history(limits = HISTORY_LIMITS) {
  const { path, remove } = await temporaryFolder('history');
  onTestFinished(remove);
  const warnings: string[] = [];
  const open = () =>
    createCheckHistory(
      path,
      { info() {}, warn: (message) => warnings.push(message), error: (message) => warnings.push(message) },
      limits,
    );
  const folder = join(path, 'contract-runs');
  return { ...open(), open, warnings, folder, files: () => readdir(folder) };
}

describe('the history of runs', () => {
  it('is empty before the first run, without a folder', async () => {
    const { list, warnings } = await history();
    expect(await list()).toEqual([]);
    expect(warnings).toEqual([]);
  });

  it('lists runs newest first and loads each whole, across restarts', async () => {
    const { save, open } = await history();
    const [older, newer] = [report(), report({ at: NOON + 1, own: false, cancelled: true })];
    await save(newer);
    await save(older);
    const later = open();
    expect(await later.list()).toEqual([
      {
        id: newer.id,
        target: newer.target,
        own: false,
        edition: 1,
        mode: 'local',
        at: NOON + 1,
        durationMs: 1_500,
        cancelled: true,
        counts: { passed: 1, differs: 0, failed: 1, skipped: 0 },
      },
      expect.objectContaining({ id: older.id, at: NOON }),
    ]);
    expect(await later.load(older.id)).toEqual(older);
    await expect(later.load(randomUUID())).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('has one entry for a run whose clauses were checked again, with the new verdicts', async () => {
    const { save, list, load } = await history();
    const first = report();
    await save(first);
    expect((await list())[0]?.counts.failed).toBe(1);
    await save({ ...first, checks: [check(), check({ id: 'info', title: 'longer than before' })] });
    expect(await list()).toMatchObject([{ id: first.id, counts: { passed: 2, failed: 0 } }]);
    expect((await load(first.id)).checks[1]?.verdict).toBe('passed');
  });

  it('retains only the newest', async () => {
    const { save, list, files } = await history({ ...HISTORY_LIMITS, reports: 3 });
    for (let n = 0; n < 5; n += 1) await save(report({ at: NOON + n }));
    expect((await list()).map(({ at }) => at - NOON)).toEqual([4, 3, 2]);
    expect(await files()).toHaveLength(3);
  });

  it('can only be read by its owner', async () => {
    const { save, folder, files } = await history();
    await save(report());
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    for (const name of await files()) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
  });

  it('deletes one run, or all', async () => {
    const { save, delete: remove, list, files } = await history();
    const [one, other] = [report(), report({ at: NOON + 1 })];
    await save(one);
    await save(other);
    await remove(one.id);
    expect((await list()).map(({ id }) => id)).toEqual([other.id]);
    await remove(null);
    expect(await list()).toEqual([]);
    expect(await files()).toEqual([]);
  });

  it('cuts evidence, never a verdict, of a run that is too large', async () => {
    const { save, load, folder, files } = await history({ reports: 30, reportBytes: 20_000 });
    const answer = { status: 200, headers: { 'x-a': 'b' }, body: 'b'.repeat(16_000) };
    const exchanges = [{ request: 'GET /health', answer, durationMs: 1 }];
    const large = report({ checks: Array.from({ length: 8 }, (_, n) => check({ id: `c${n}`, exchanges })) });
    await save(large);
    const [name = ''] = await files();
    expect((await readFile(join(folder, name))).length).toBeLessThanOrEqual(20_000);
    const kept = await load(large.id);
    expect(kept.checks.map(({ id, verdict }) => [id, verdict])).toEqual(
      large.checks.map(({ id, verdict }) => [id, verdict]),
    );
    expect(kept.checks[0]?.exchanges[0]?.answer?.body).toMatch(/^b{512}…$/);
  });

  it('leaves out files that are torn, foreign, too large or named after another report', async () => {
    const { save, list, folder, warnings } = await history({ reports: 30, reportBytes: 10_000 });
    const whole = report();
    await save(whole);
    await mkdir(folder, { recursive: true });
    const name = (id: string) => join(folder, `2026-05-01T12-00-00-001Z_${id}.json`);
    const torn = report();
    await writeFile(name(torn.id), JSON.stringify(torn).slice(0, -40));
    await writeFile(name(randomUUID()), '{"name": "foreign"}');
    await writeFile(name(randomUUID()), JSON.stringify(whole));
    const padded = report();
    await writeFile(name(padded.id), JSON.stringify(padded) + ' '.repeat(10_000));
    await writeFile(join(folder, 'notes.txt'), 'not ours');
    expect((await list()).map(({ id }) => id)).toEqual([whole.id]);
    expect(warnings).toHaveLength(4);
    await list();
    expect(warnings, 'one warning a file').toHaveLength(4);
  });

  it('does not fail a run that can’t be stored, and logs it', async () => {
    const { save, folder, warnings } = await history();
    await writeFile(folder, 'a file where the folder should be');
    await save(report());
    expect(warnings).toEqual(['Could not store the contract run']);
  });
});
