import { describe, expect, it } from 'vitest';
import { CLAUSES, EDITION } from '../../../main/conformance/clauses/clauses.ts';
import { checkConformance } from '../../../main/conformance/run/run.ts';
import type { CheckTarget } from '../../../main/conformance/target/target.ts';
import type { CheckResult } from '../../../main/contract/conformance.ts';
import { createRedactor } from '../../../main/traces/record/redact.ts';
import { CONTEXT, oneServer } from '../../support/check-target.ts';
import { serve } from '../../support/http-server.ts';

const redactor = createRedactor([]);

async function check(target: CheckTarget): Promise<Readonly<Record<string, CheckResult>>> {
  const { checks } = await checkConformance({ target, redactor });
  return Object.fromEntries(checks.map((entry) => [entry.id, entry]));
}

const verdictsOf = (checks: Readonly<Record<string, CheckResult>>) =>
  Object.values(checks).map(({ id, verdict, reason }) => `${id}: ${verdict} (${reason})`);

describe('a run of the contract’s checks', () => {
  it('passes nothing but what is seen on a server that knows nothing of the contract', async () => {
    const target = await serve((_request, response) => response.end('{}'));
    const checks = await check(oneServer(target));
    // It names no foreign origin: that passes, on evidence.
    expect(verdictsOf(checks).filter((line) => line.includes(': passed'))).toEqual([
      'cors.foreign: passed (As the contract says)',
    ]);
    expect(checks['header.health']).toMatchObject({
      verdict: 'failed',
      reason: 'The header is missing',
      observed: '200 with no X-Mozaiks-Runtime-Version',
      exchanges: [{ request: 'GET /health', answer: { status: 200, body: '{}' } }],
    });
  });

  it('reports every requirement, in the order of the contract, with its words', async () => {
    const target = await serve((_request, response) => response.end('{}'));
    const report = await checkConformance({ target: oneServer(target), redactor });
    const words = ({ id, group, title, severity, rule, place, expected }: (typeof CLAUSES)[number]) => ({
      id,
      group,
      title,
      severity,
      rule,
      place,
      expected,
    });
    expect(report.checks.map(words as (check: object) => object)).toEqual(CLAUSES.map(words));
    expect(report).toMatchObject({ target, own: false, mode: 'local', cancelled: false, edition: EDITION });
  });

  it('skips, with the reason, what the target gives no means to judge', async () => {
    const target = await serve((_request, response) => response.end('{}'));
    const checks = await check({
      ...oneServer(target, { tokens: {}, caller: null, anonymousAllowed: false, plugin: null, probe: null }),
      findVariant: async (variant) => ({ skip: `there is no ${variant}` }),
    });
    expect(checks['header.plugins']).toMatchObject({ verdict: 'skipped', exchanges: [] });
    expect(checks['identity.user']?.reason).toBe('there is no probe');
    expect(checks['timeout.default']?.reason).toBe('there is no timeout-unset');
    expect(checks['timeout.status']?.reason).toContain('there is no timeout-set');
    expect(checks['header.health']?.verdict).toBe('failed');
  });

  it('names the missing probe plugin by a code, in every clause that needs it', async () => {
    const target = await serve((_request, response) => response.end('{}'));
    const checks = await check({
      ...oneServer(target, { probe: null }),
      findVariant: async (variant) => ({ skip: `install it for ${variant}`, code: 'probe-missing' }),
    });
    const codes = (ids: readonly string[]) => ids.map((id) => checks[id]?.skipCode);
    expect(
      codes(['context.keys', 'timeout.enforced', 'timeout.status', 'timeout.variable', 'timeout.blocking']),
    ).toEqual(Array(5).fill('probe-missing'));
    expect(codes(['header.health', 'identity.no-expiry'])).toEqual([undefined, undefined]);
  });

  it('skips what a variant that can’t be started would show', async () => {
    const target = await serve((_request, response) => response.end('{}'));
    const checks = await check({
      ...oneServer(target),
      findVariant: () => Promise.reject(new Error('no port is free')),
    });
    expect(checks['execute.path']).toMatchObject({
      verdict: 'skipped',
      reason: 'no runtime could be started for it: no port is free',
    });
  });

  it('fails, with the reason, where nothing answers', async () => {
    const target = await serve((request) => request.socket.destroy());
    const checks = await check(oneServer(target));
    expect(checks['header.health']).toMatchObject({ verdict: 'failed', observed: 'no answer' });
    expect(checks['header.health']?.reason).toMatch(/^No answer: /);
    expect(Object.values(checks).filter(({ verdict }) => verdict === 'passed')).toEqual([]);
  });

  it('keeps every token of the target out of the evidence', async () => {
    const tokens = { user: 'aaa.bbb.ccc', superadmin: 'ddd.eee.fff', expired: 'ggg.hhh.iii' };
    const target = await serve((request, response) => {
      response.setHeader('X-Mozaiks-Runtime-Version', request.headers.authorization ?? 'none');
      response.end(JSON.stringify(request.headers));
    });
    const report = JSON.stringify(
      await checkConformance({ target: oneServer(target, { tokens }), redactor }),
    );
    for (const token of Object.values(tokens)) expect(report).not.toContain(token);
    expect(report).toContain('Authorization: Bearer (masked)');
  });

  it('keeps tokens of the target and of its second runtimes out of what either says', async () => {
    const [first, second] = ['aaa.bbb.ccc', 'ddd.eee.fff'];
    const target = await serve((_request, response) => response.end(`"${first} ${second}`));
    const staged = oneServer(target.replace('127.0.0.1', 'localhost'), { tokens: { user: second } }).self;
    const { checks } = await checkConformance({
      target: { ...oneServer(target, { tokens: { user: first } }), findVariant: async () => staged },
      redactor,
      clauses: ['execute.path'],
    });
    expect(checks[0]?.exchanges[0]?.answer?.body).toBe('"(masked) (masked)');
    expect(checks[0]?.observed).toBe('200 "(masked) (masked)');
  });

  it('asks once what several clauses want to know, and shows it in each', async () => {
    const asked: string[] = [];
    const target = await serve((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.end('{}');
    });
    const clauses = ['header.health', 'health.status', 'health.app', 'health.plugins-loaded'];
    const { checks } = await checkConformance({ target: oneServer(target), redactor, clauses });
    expect(asked).toEqual(['GET /health']);
    expect(checks.map(({ id, exchanges }) => [id, exchanges.length])).toEqual(clauses.map((id) => [id, 1]));
  });

  it('asks a runtime one thing at a time, and tells each clause as it is judged', async () => {
    let [open, most] = [0, 0];
    const target = await serve((_request, response) => {
      open += 1;
      most = Math.max(most, open);
      setTimeout(() => {
        open -= 1;
        response.end('{}');
      }, 5);
    });
    const steps: { done: number; total: number; id: string | undefined; title: string }[] = [];
    await checkConformance({
      target: oneServer(target, { allowDisruptive: false }),
      redactor,
      onProgress: ({ check, ...step }) => steps.push({ ...step, id: check?.id }),
    });
    expect(most).toBe(1);
    expect(steps.map(({ done }) => done)).toEqual(Array.from({ length: CLAUSES.length + 1 }, (_, n) => n));
    expect(steps[0]).toEqual({ done: 0, total: CLAUSES.length, id: undefined, title: 'On GET /health' });
    expect(steps.at(-1)?.title).toBe('');
    expect(new Set(steps.map(({ id }) => id)).size).toBe(CLAUSES.length + 1);
  });

  it('skips the rest of a run that was cancelled, the answer that was cut off included', async () => {
    const controller = new AbortController();
    const target = await serve((request, response) => {
      if (request.url === '/ready') controller.abort();
      else response.end('{}');
    });
    const clauses = [
      'header.health',
      'root.body',
      'ready.body',
      'info.body',
      'plugins.list',
      'timeout.default',
    ];
    const report = await checkConformance({
      target: oneServer(target),
      redactor,
      clauses,
      signal: controller.signal,
    });
    expect(report.cancelled).toBe(true);
    const [before, after] = [report.checks.slice(0, 1), report.checks.slice(1)];
    expect(before.map(({ verdict }) => verdict)).toEqual(['failed']);
    expect(new Set(after.map(({ reason }) => reason))).toEqual(new Set(['the run was cancelled']));
    expect(report.checks).toHaveLength(clauses.length);
  });

  it('does not wait for a variant that is still starting when it is cancelled', async () => {
    const controller = new AbortController();
    const target = await serve((_request, response) => response.end('{}'));
    const report = await checkConformance({
      target: { ...oneServer(target), findVariant: () => new Promise(() => controller.abort()) },
      redactor,
      clauses: ['execute.path'],
      signal: controller.signal,
    });
    expect(report.checks).toMatchObject([{ verdict: 'skipped', reason: 'the run was cancelled' }]);
  });

  it('says on which second runtime a clause was judged', async () => {
    const target = await serve((_request, response) => response.end('{}'));
    const self = oneServer(target).self;
    const probe = { ...self, description: 'a second runtime with the probe plugin' };
    const { checks } = await checkConformance({
      target: { ...oneServer(target), findVariant: async () => probe },
      redactor,
      clauses: ['execute.path', 'health.app'],
    });
    expect(checks.map(({ id, stage }) => [id, stage])).toEqual([
      ['health.app', null],
      ['execute.path', 'a second runtime with the probe plugin'],
    ]);
    expect(CONTEXT.probe).toBe('contract-probe');
  });
});
