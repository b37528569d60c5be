import { expect, it } from 'vitest';
import type { SwitchableAuth } from '../../../main/auth/switchable-auth.ts';
import { parseReportJson } from '../../../main/conformance/reports/report-document.ts';
import type { CheckProgress, ConformanceReport } from '../../../main/contract/conformance.ts';
import { type ChecksDeps, createChecks, reportFile } from '../../../main/inspector/checks/checks.ts';
import { checkRuntime } from '../../../main/inspector/functions/conformance.ts';
import { createRedactor } from '../../../main/traces/record/redact.ts';
import { threadScripts } from '../../support/host-script.ts';
import { serve } from '../../support/http-server.ts';

/** Of a workbench whose own runtime is not the target. */
const checkOther: ChecksDeps['check'] = (request, options) =>
  checkRuntime(
    {
      baseUrl: () => 'http://127.0.0.1:2',
      ownTarget: () => Promise.reject(new Error('this runtime is not the target')),
      redactor: createRedactor([]),
      secrets: [],
      checkScript: threadScripts.check,
      authSwitch: { current: unused, mint: { mint: unused } } as unknown as SwitchableAuth,
    },
    request,
    options,
  );

const unused = () => {
  throw new Error('nothing is signed with the key of this runtime');
};

function checks() {
  const progress: CheckProgress[] = [];
  const reports: ConformanceReport[] = [];
  const made = createChecks({
    check: checkOther,
    onProgress: (step) => progress.push(step),
    onReport: (report) => reports.push(report),
  });
  return { ...made, progress, reports };
}

/** A runtime of another make: it knows its plugins, demands a token, and lacks the header. */
function otherRuntime(seen: string[] = []): Promise<string> {
  return serve((request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers.authorization ?? 'no token'}`);
    if (request.url !== '/api/plugins') return response.end('{}');
    response.statusCode = request.headers.authorization === 'Bearer good.token.here' ? 200 : 401;
    response.end(JSON.stringify({ plugins: [{ name: 'off', enabled: false }, { name: 'whoami' }] }));
  });
}

it('asks another runtime what it offers, and judges it as the given caller', async () => {
  const seen: string[] = [];
  const target = await otherRuntime(seen);
  const { run, progress } = checks();
  const report = await run({ runId: 'a', target, token: 'good.token.here' });
  expect(report).toMatchObject({ target, own: false, contractVersion: '1.0.0', cancelled: false });
  expect(seen).toContain('GET /api/check-plugin-access/whoami Bearer good.token.here');
  const verdicts = Object.fromEntries(
    report.checks.map(({ id, verdict, reason }) => [id, { verdict, reason }]),
  );
  expect(verdicts['header.health']).toEqual({ verdict: 'failed', reason: 'The header is missing' });
  expect(verdicts['execute.path']?.verdict).toBe('skipped');
  expect(verdicts['identity.expired']?.verdict).toBe('skipped');
  expect(JSON.stringify(report)).not.toContain('good.token.here');
  expect(progress.map(({ done }) => done)).toEqual(
    Array.from({ length: report.checks.length + 1 }, (_, n) => n),
  );
});

it('skips what needs a caller where there is none', async () => {
  const report = await checks().run({ runId: 'a', target: await otherRuntime() });
  expect(report.checks.find(({ id }) => id === 'header.plugins')?.verdict).toBe('skipped');
});

it.each([
  ['ftp://127.0.0.1', 'BAD_REQUEST'],
  ['http://127.0.0.1:8080/api', 'BAD_REQUEST'],
  ['http://user:word@127.0.0.1', 'BAD_REQUEST'],
  ['not an address', 'BAD_REQUEST'],
  ['http://127.0.0.1:1/', 'NOT_READY'],
])('says at once what is wrong with the target %s', async (target, code) => {
  await expect(checks().run({ runId: 'a', target })).rejects.toMatchObject({ code });
});

it('checks clauses again, tells how far it is, and keeps the other verdicts', async () => {
  let fixed = false;
  const target = await serve((_request, response) => {
    if (fixed) response.setHeader('X-Mozaiks-Runtime-Version', '1.0.0');
    response.end('{}');
  });
  const { run, recheck, find, progress, reports } = checks();
  const first = await run({ runId: 'a', target });
  fixed = true;
  progress.length = 0;
  const clauses = ['header.health', 'header.unknown-route'];
  const second = await recheck({ runId: 'b', reportId: first.id, clauses });
  const changed = second.checks.filter((check, index) => check !== first.checks[index]);
  expect(changed.map(({ id }) => id)).toEqual(clauses);
  expect(changed[0]?.verdict).toBe('passed');
  expect(progress.map(({ runId, done, total, check }) => [runId, done, total, check?.id])).toEqual([
    ['b', 0, 2, undefined],
    ['b', 1, 2, clauses[0]],
    ['b', 2, 2, clauses[1]],
  ]);
  expect(find(first.id)).toBe(second);
  expect(reports).toEqual([first, second]);
  const wish = { runId: 'c', reportId: first.id, clauses: ['no.such'] };
  await expect(recheck(wish)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(recheck({ ...wish, reportId: 'gone' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

it('leaves the verdict of a clause that was cancelled while it was checked again', async () => {
  let silent = false;
  const target = await serve((request, response) => {
    if (silent && request.url === '/health') cancel('b');
    else response.end('{}');
  });
  const { run, recheck, cancel } = checks();
  const first = await run({ runId: 'a', target });
  silent = true;
  const second = await recheck({ runId: 'b', reportId: first.id, clauses: ['header.health'] });
  expect(second.checks).toEqual(first.checks);
});

it('writes a report as a file of the format that is asked for', async () => {
  const report = await checks().run({ runId: 'a', target: await otherRuntime() });
  expect(parseReportJson(reportFile(report, 'json').text)).toEqual(report);
  expect(reportFile(report, 'junit').name).toMatch(/^contract-\d{4}-\d\d-\d\d\.xml$/);
});

it('ends a run that is cancelled while the target is silent', async () => {
  const { run, cancel } = checks();
  const target = await serve((request, response) => {
    if (request.url === '/health') cancel('slow');
    else response.end('{}');
  });
  const report = await run({ runId: 'slow', target });
  expect(report.cancelled).toBe(true);
  expect(report.checks[0]).toMatchObject({ verdict: 'skipped', reason: 'the run was cancelled' });
  expect(report.checks.filter(({ verdict }) => verdict !== 'skipped')).toEqual([]);
});

it('refuses a run beside four others, or under the name of one', async () => {
  const { run, cancel } = checks();
  const silent = await serve(() => undefined);
  const runs = ['a', 'b', 'c', 'd'].map((runId) => run({ runId, target: silent }).catch(() => null));
  await expect(run({ runId: 'e', target: silent })).rejects.toMatchObject({ code: 'CONFLICT' });
  cancel('d');
  await runs[3];
  await expect(run({ runId: 'a', target: silent })).rejects.toMatchObject({ code: 'CONFLICT' });
  for (const runId of ['a', 'b', 'c']) cancel(runId);
  await Promise.all(runs);
});

it('masks the secret of another runtime, should that show it', async () => {
  const secret = 'a-secret-that-only-the-other-runtime-knows';
  const target = await serve((_request, response) => response.end(JSON.stringify({ shown: secret })));
  const { run, reports } = checks();
  const report = await run({ runId: 'a', target, secret });
  expect(JSON.stringify(report.checks)).toContain('shown');
  expect(JSON.stringify(reports)).not.toContain(secret);
});
