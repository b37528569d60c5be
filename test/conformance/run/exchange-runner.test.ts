import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../../main/conformance/run/exchange.ts';
import { createExchangeRunner } from '../../../main/conformance/run/exchange-runner.ts';
import { createRedactor } from '../../../main/traces/record/redact.ts';
import { oneServer } from '../../support/check-target.ts';
import { serve } from '../../support/http-server.ts';

const get = (path: string, more: Partial<Exchange> = {}): Exchange =>
  ({ kind: 'http', method: 'GET', path, headers: {}, ...more }) as Exchange;

/** Answers `/slow` after 300 ms, and never `/silent`. */
async function talk() {
  const seen: string[] = [];
  const url = await serve((request, response) => {
    seen.push(request.url ?? '');
    if (request.url === '/silent') return;
    if (request.url !== '/slow') return response.end(request.url);
    setTimeout(() => {
      seen.push('/slow is answered');
      response.end(request.url);
    }, 300);
  });
  const converse = createExchangeRunner(createRedactor([]), undefined);
  const { self } = oneServer(url);
  return { seen, converse: (...exchanges: Exchange[]) => converse(self, exchanges) };
}

describe('the exchanges of a run', () => {
  it('are made one after the other, those of two clauses too', async () => {
    const { seen, converse } = await talk();
    const both = [converse(get('/slow'), get('/b')), converse(get('/c'))];
    expect((await Promise.all(both)).map(({ observed }) => observed?.map(({ body }) => body))).toEqual([
      ['/slow', '/b'],
      ['/c'],
    ]);
    expect(seen).toEqual(['/slow', '/slow is answered', '/b', '/c']);
  });

  it('may be made beside the one before', async () => {
    const { seen, converse } = await talk();
    const { observed } = await converse(get('/slow'), get('/beside', { besideAfterMs: 20 }), get('/then'));
    expect(observed?.map(({ body }) => body)).toEqual(['/slow', '/beside', '/then']);
    expect(seen).toEqual(['/slow', '/beside', '/slow is answered', '/then']);
  });

  it('are made once, unless a new one is asked for; another body makes another one', async () => {
    const { seen, converse } = await talk();
    await converse(get('/a'));
    const { observed, views } = await converse(get('/a'), get('/a', { headers: { 'X-Other': '1' } }));
    expect([observed?.length, views.length, seen.length]).toEqual([2, 2, 2]);
    await converse(get('/a', { fresh: true }), get('/a', { fresh: true }));
    expect(seen).toEqual(['/a', '/a', '/a', '/a']);
  });

  it('end with the first that gets no answer within its limit', async () => {
    const { seen, converse } = await talk();
    const heard = await converse(get('/a'), get('/silent', { limitMs: 50 }), get('/never'));
    expect(heard.observed).toBeNull();
    expect(heard.failure).toMatch(/timeout/);
    expect(heard.views[1]?.durationMs).toBeLessThan(5_000);
    expect(heard.views.map(({ request, answer }) => [request, answer?.status])).toEqual([
      ['GET /a', 200],
      ['GET /silent', undefined],
    ]);
    expect(seen).toEqual(['/a', '/silent']);
  });
});

it('asks two runtimes at the same time', async () => {
  const answers: (() => void)[] = [];
  // Each answers only when both were asked.
  const meet = () =>
    serve((_request, response) => {
      answers.push(() => response.end());
      if (answers.length === 2) for (const answerOne of answers) answerOne();
    });
  const targets = [oneServer(await meet()).self, oneServer(await meet()).self];
  const converse = createExchangeRunner(createRedactor([]), undefined);
  const heard = await Promise.all(targets.map((target) => converse(target, [get('/')])));
  expect(heard.map(({ failure }) => failure)).toEqual([null, null]);
});
