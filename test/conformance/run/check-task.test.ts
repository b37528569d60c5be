import { monitorEventLoopDelay } from 'node:perf_hooks';
import { expect, it } from 'vitest';
import { checkInThread } from '../../../main/conformance/run/check-task.ts';
import type { ConformanceStep } from '../../../main/conformance/run/run.ts';
import { deriveTokens } from '../../../main/conformance/target/tokens.ts';
import { threadScripts } from '../../support/host-script.ts';
import { serve } from '../../support/http-server.ts';

/** Another runtime under check that harms whoever reads its answers: read in a thread, it harms nobody. */

const MIB = 1024 * 1024;

/** Checks a target until it has a verdict on some clauses, then cancels. */
async function checkSome(url: string, wanted: number, token?: string) {
  const cancel = new AbortController();
  const tokens = token === undefined ? {} : { tokens: deriveTokens(token) };
  let cancelledAt = Number.POSITIVE_INFINITY;
  const onProgress = ({ done }: ConformanceStep) => {
    if (done < wanted || cancel.signal.aborted) return;
    cancelledAt = performance.now();
    cancel.abort();
  };
  const input = { target: { url, ...tokens }, secrets: [], clauses: undefined };
  const report = await checkInThread(threadScripts.check, input, { signal: cancel.signal, onProgress });
  return { report, cancelMs: performance.now() - cancelledAt };
}

const HEAVY: Readonly<Record<string, string>> = {
  '600,000 objects': `{"plugins":[${'{"a":1},{},'.repeat(350_000)}{}]}`,
  '4 M brackets': '['.repeat(4 * MIB),
  '500,000 secrets': 'token=abcdefgh; '.repeat(500_000),
};

it.each(Object.entries(HEAVY))(
  'K2: answers of %s hold up nothing, and a cancelled run ends',
  async (_, text) => {
    const body = Buffer.from(text);
    const target = await serve((_request, response) => response.end(body));
    const delay = monitorEventLoopDelay({ resolution: 20 });
    delay.enable();
    const { report, cancelMs } = await checkSome(target, 3);
    delay.disable();
    // On this thread each of them alone took longer, for every clause.
    expect(delay.max / 1e6).toBeLessThan(2_000);
    expect(cancelMs).toBeLessThan(1_000);
    expect(report.cancelled).toBe(true);
    expect(report.checks.filter(({ reason }) => reason !== 'the run was cancelled').length).toBeGreaterThan(
      2,
    );
  },
);

it('K3: follows no redirect, and shows no caller’s token however it is written', async () => {
  let followed = 0;
  const elsewhere = await serve((_request, response) => {
    followed += 1;
    response.end('{}');
  });
  const token = `opaque-${'kQz7'.repeat(3)}+/=${'w9Xb3LmR'.repeat(9)}`;
  const hidden = Buffer.from(token);
  const ways = [
    token,
    `${token.slice(0, Math.ceil(token.length / 2))}\n${token.slice(Math.ceil(token.length / 2))}`,
    encodeURIComponent(token),
    JSON.stringify(token),
    ...['x', 'xy', 'xyz'].map((before) => Buffer.from(`${before}${token}!`).toString('base64')),
    hidden.toString('base64url'),
    hidden.toString('hex'),
    hidden.toString('hex').toUpperCase(),
  ];
  const target = await serve((request, response) => {
    if (request.headers.authorization !== undefined) response.setHeader('X-Echo', ways[0] ?? '');
    if (request.url === '/health') response.writeHead(302, { location: `${elsewhere}/health?${token}` });
    response.end(ways.join(' '));
  });
  const input = { target: { url: target, tokens: deriveTokens(token) }, secrets: [], clauses: undefined };
  const report = await checkInThread(threadScripts.check, input, {
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
  const text = JSON.stringify(report);
  expect(text).toContain('(masked)');
  expect(followed).toBe(0);
  const pieces = ways.flatMap((way) => way.split('\n')).map((way) => way.slice(8, 40));
  expect(pieces.filter((piece) => text.includes(piece))).toEqual([]);
});
