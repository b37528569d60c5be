import { expect, it } from 'vitest';
import type { CheckProgress } from '../../main/contract/conformance.ts';
import { createChecks } from '../../main/inspector/checks.ts';
import { createRedactor } from '../../main/traces/redact.ts';
import { serve } from '../support/http-server.ts';

function checks() {
  const progress: CheckProgress[] = [];
  const made = createChecks({
    baseUrl: () => 'http://127.0.0.1:1',
    redactor: createRedactor([]),
    ownContext: () => Promise.reject(new Error('this runtime is not the target')),
    userOf: async () => 'ada',
    onProgress: (step) => progress.push(step),
  });
  return { ...made, progress };
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
  expect(seen).toContain('POST /api/execute/whoami Bearer good.token.here');
  const verdicts = Object.fromEntries(
    report.checks.map(({ id, verdict, reason }) => [id, { verdict, reason }]),
  );
  expect(verdicts['header.health']).toEqual({ verdict: 'failed', reason: 'The header is missing' });
  expect(verdicts['execute.anonymous']?.verdict).toBe('skipped');
  expect(verdicts['header.too-large']?.verdict).toBe('skipped');
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
  await expect(
    createChecks({
      baseUrl: () => 'http://127.0.0.1:2',
      redactor: createRedactor([]),
      ownContext: () => Promise.reject(new Error('this runtime is not the target')),
      userOf: async () => null,
      onProgress: () => undefined,
    }).run({ runId: 'a', target }),
  ).rejects.toMatchObject({ code });
});

it('judges one clause anew and keeps the other verdicts', async () => {
  let mended = false;
  const target = await serve((_request, response) => {
    if (mended) response.setHeader('X-Mozaiks-Runtime-Version', '1.0.0');
    response.end('{}');
  });
  const { run, recheck, report: text } = checks();
  const first = await run({ runId: 'a', target });
  mended = true;
  const second = await recheck(first.id, 'header.health');
  const changed = second.checks.filter((check, index) => check.verdict !== first.checks[index]?.verdict);
  expect(changed.map(({ id, verdict }) => [id, verdict])).toEqual([['header.health', 'passed']]);
  expect(JSON.parse(text(first.id, 'json').text)).toEqual(second);
  expect(text(first.id, 'junit').name).toMatch(/^contract-\d{4}-\d\d-\d\d\.xml$/);
  await expect(recheck(first.id, 'no.such')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(() => text('gone', 'markdown')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
});

it('ends a run that is cancelled while the target is silent', async () => {
  const { run, cancel } = checks();
  const target = await serve((request, response) => {
    if (request.url === '/health') cancel('slow');
    else response.end('{}');
  });
  const report = await run({ runId: 'slow', target });
  expect(report.cancelled).toBe(true);
  expect(report.checks.at(-1)).toMatchObject({ verdict: 'skipped', reason: 'the run was cancelled' });
});
