import { describe, expect, it } from 'vitest';
import type { CheckContext } from '../../main/conformance/clause.ts';
import { CLAUSES, checkClauses } from '../../main/conformance/runner.ts';
import { createRedactor } from '../../main/traces/redact.ts';
import { serve } from '../support/http-server.ts';

const CONTEXT: CheckContext = {
  caller: { token: 'aaa.bbb.ccc', userId: 'user' },
  anonymousAllowed: true,
  plugin: 'hello',
  probe: 'whoami',
  maxBodyBytes: 1_000,
};

const check = async (target: string, context: CheckContext = CONTEXT) => {
  const checks = await checkClauses({ target, context, redactor: createRedactor([]) });
  return Object.fromEntries(checks.map((entry) => [entry.id, entry]));
};

describe('contract checks', () => {
  it('have an id each', () => {
    expect(new Set(CLAUSES.map(({ id }) => id)).size).toBe(CLAUSES.length);
  });

  it('pass nothing on a server that knows nothing of the contract', async () => {
    const checks = await check(await serve((_request, response) => response.end('{}')));
    expect(Object.values(checks).filter(({ verdict }) => verdict !== 'failed')).toEqual([]);
    expect(checks['header.health']).toMatchObject({
      reason: 'The header is missing',
      observed: '200 with no X-Mozaiks-Runtime-Version',
      expected: '200 with X-Mozaiks-Runtime-Version: 1.0.0',
      exchanges: [{ answer: { status: 200, body: '{}' } }],
    });
  });

  it('tell another version and another status apart', async () => {
    const target = await serve((request, response) => {
      response.setHeader('X-Mozaiks-Runtime-Version', request.url === '/info' ? '1.0' : '1.0.0');
      response.statusCode = request.url === '/ready' ? 503 : 200;
      response.end('{}');
    });
    const checks = await check(target);
    expect(checks['header.health']).toMatchObject({ verdict: 'passed' });
    expect(checks['header.info']).toMatchObject({ verdict: 'failed', reason: 'The header says 1.0' });
    expect(checks['header.ready']).toMatchObject({ verdict: 'failed', reason: 'The status is 503, not 200' });
  });

  it('skip, with the reason, what the target gives no means to judge', async () => {
    const target = await serve((_request, response) => response.end('{}'));
    const checks = await check(target, {
      ...{ caller: null, anonymousAllowed: false, plugin: null, probe: null, maxBodyBytes: null },
    });
    expect(checks['header.plugins']).toMatchObject({ verdict: 'skipped', exchanges: [] });
    expect(checks['execute.identity']?.reason).toContain('no token');
    expect(checks['header.health']?.verdict).toBe('failed');
  });

  it('fail, with the reason, where nothing answers', async () => {
    const target = await serve((request) => request.socket.destroy());
    const checks = await check(target);
    expect(checks['header.health']).toMatchObject({ verdict: 'failed', observed: 'no answer' });
    expect(checks['header.health']?.reason).toMatch(/^No answer: /);
  });

  it('keep the caller’s token out of the evidence', async () => {
    const target = await serve((request, response) => response.end(JSON.stringify(request.headers)));
    expect(JSON.stringify(await check(target))).not.toContain('aaa.bbb.ccc');
  });

  it('skip the rest of a run that was cancelled, the answer that was cut off included', async () => {
    const controller = new AbortController();
    const target = await serve((request, response) => {
      if (request.url === '/ready') controller.abort();
      else response.end('{}');
    });
    const checks = await checkClauses({
      ...{ target, context: CONTEXT, redactor: createRedactor([]), signal: controller.signal },
    });
    const cut = checks.findIndex(({ id }) => id === 'header.ready');
    expect(checks.slice(0, cut).map(({ verdict }) => verdict)).not.toContain('skipped');
    expect(new Set(checks.slice(cut).map(({ reason }) => reason))).toEqual(
      new Set(['the run was cancelled']),
    );
    expect(checks).toHaveLength(CLAUSES.length);
  });
});
