import { describe, expect, it, onTestFinished } from 'vitest';
import { OtlpExporter, type OtlpTarget } from '../../main/otlp/exporter.ts';
import { recordingLog } from '../support/recording-log.ts';
import { sampleTrace } from '../traces/trace-samples.ts';
import { type Collector, startCollector } from './collector.ts';

/** Nothing here waits as long as this, unless that is what is tested. */
const LONG_MS = 60_000;

function exporterTo({ url }: Pick<Collector, 'url'>, pace = {}, target: Partial<OtlpTarget> = {}) {
  const log = recordingLog();
  const exporter = new OtlpExporter(
    {
      url: `${url}/v1/traces`,
      headers: {},
      timeoutMs: LONG_MS,
      serviceName: 'mine',
      appId: 'dev_app',
      version: '0.0.0',
      ...target,
    },
    log,
    { delayMs: 1, retryMs: 1, maxRetryMs: 1, ...pace },
  );
  onTestFinished(() => exporter.stop(0));
  return { exporter, log };
}

const rootsOf = ({ spans }: Collector) => spans.filter(({ kind }) => kind === 2);

describe('spans', () => {
  it('are what the protocol’s own definitions say, with the execution as the root', async () => {
    const collector = await startCollector();
    const { exporter } = exporterTo(collector, {}, { headers: { 'x-key': 'k' } });
    const parent = 'b7ad6b7169203331';
    const trace = sampleTrace(7, {
      outcome: 'exception',
      status: 500,
      error: { code: 'PLUGIN_EXCEPTION', message: 'no film', stack: 'Error: no film\n  at x' },
      errorCode: 'PLUGIN_EXCEPTION',
      inProduction: ['500'],
      pid: 4711,
      console: [{ atMs: 5, level: 'warn', text: 'soon empty' }],
      events: [
        { atMs: 6, kind: 'published', name: 'film:added', detail: '{"id":1}', source: 'core.event_bus' },
      ],
      findings: [{ rule: 'not-scoped', text: 'Not scoped: find', collection: 'films', child: 0 }],
      children: [
        {
          kind: 'database',
          command: 'find',
          database: 'MozaiksCore',
          collection: 'films',
          filter: '{"user_id":"user_123"}',
          documents: 2,
          startMs: 5.25,
          durationMs: 1,
          error: null,
        },
        {
          kind: 'http',
          method: 'GET',
          url: 'http://films.test/list',
          status: 404,
          requestBytes: null,
          responseBytes: 12,
          carriesUserJwt: true,
          requestBody: 'never sent',
          startMs: 6,
          durationMs: 2,
          error: null,
        },
      ],
    });
    const headers = {
      ...trace.request.headers,
      traceparent: `00-${trace.traceId}-${parent}-01`,
      'user-agent': 'it',
    };
    exporter.add({ ...trace, request: { ...trace.request, headers } });
    await expect.poll(() => collector.spans.length).toBeGreaterThan(0);

    const [root, ...others] = collector.spans;
    const startedAt = BigInt(trace.startedAt) * 1_000_000n;
    expect(root).toMatchObject({
      traceId: trace.traceId,
      spanId: trace.id,
      parentSpanId: parent,
      name: 'POST /api/execute/{plugin_name}',
      kind: 2,
      start: startedAt,
      end: startedAt + 10_000_000n,
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/api/execute/{plugin_name}',
        'url.path': '/api/execute/whoami',
        'http.response.status_code': '500',
        'user_agent.original': 'it',
        'error.type': 'PLUGIN_EXCEPTION',
        'enduser.id': 'user_123',
        'mozaiks.plugin': 'whoami',
        'mozaiks.outcome': 'exception',
        'mozaiks.spoofed': true,
        'mozaiks.in_production': { values: [{ stringValue: '500' }] },
      },
      status: { code: 2, message: 'no film' },
    });
    expect(root?.events.map(({ name, attributes }) => [name, Object.values(attributes)[0]])).toEqual([
      ['mozaiks.console', 'warn'],
      ['mozaiks.published', 'film:added'],
      ['mozaiks.finding', 'not-scoped'],
      ['exception', 'PLUGIN_EXCEPTION'],
    ]);
    const run = others.find(({ name }) => name === 'run');
    expect(run).toMatchObject({ kind: 1, parentSpanId: trace.id, start: startedAt + 4_500_000n });
    expect(others.find(({ name }) => name === 'authenticate')?.attributes['mozaiks.note']).toBe(
      'HS256 verified',
    );
    expect(others.filter(({ kind }) => kind === 3)).toMatchObject([
      {
        name: 'find films',
        parentSpanId: run?.spanId,
        start: startedAt + 5_250_000n,
        attributes: {
          'db.system.name': 'mongodb',
          'db.namespace': 'MozaiksCore',
          'db.collection.name': 'films',
          'db.operation.name': 'find',
          'db.query.text': '{"user_id":"user_123"}',
          'mozaiks.documents': '2',
        },
        status: {},
      },
      {
        name: 'GET',
        parentSpanId: run?.spanId,
        attributes: {
          'url.full': 'http://films.test/list',
          'server.address': 'films.test',
          'server.port': '80',
          'http.response.status_code': '404',
          'http.response.body.size': '12',
          'error.type': '404',
        },
        status: { code: 2 },
      },
    ]);
    expect(new Set(collector.spans.map(({ spanId }) => spanId)).size).toBe(collector.spans.length);
    expect(collector.resource).toMatchObject({ 'service.name': 'mine', 'mozaiks.app_id': 'dev_app' });
    const [request] = collector.requests;
    expect(request).toMatchObject({
      path: '/v1/traces',
      headers: { 'content-type': 'application/json', 'x-key': 'k' },
    });
    for (const secret of ['evil', 'greeting', 'never sent', 'Bearer'])
      expect(request?.body).not.toContain(secret);
  });

  it('of a refusal are no failure, and without a client’s header have no parent', async () => {
    const collector = await startCollector();
    const { exporter } = exporterTo(collector);
    const error = { code: 'UNAUTHORIZED', message: 'no token' };
    exporter.add(sampleTrace(8, { outcome: 'refused', status: 401, error, spans: [], console: [] }));
    await expect.poll(() => collector.spans).toMatchObject([{ status: {}, events: [] }]);
    expect(collector.spans[0]).not.toHaveProperty('parentSpanId');
  });
});

describe('a collector that doesn’t take them', () => {
  it.each([429, 502, 503, 504])('is asked again after %i, with the same spans', async (status) => {
    const collector = await startCollector((index) => (index < 2 ? { status } : undefined));
    const { exporter, log } = exporterTo(collector);
    exporter.add(sampleTrace(1));
    await expect.poll(() => rootsOf(collector)).toHaveLength(1);
    expect(new Set(collector.requests.map(({ body }) => body)).size).toBe(1);
    // Said once, and that it works again.
    expect(log.lines.filter((line) => line.includes(`HTTP ${status}`))).toHaveLength(1);
    await expect.poll(() => exporter.notices()).toEqual([]);
  });

  it('may say when', async () => {
    const reply = { status: 503, headers: { 'retry-after': '1' } };
    const collector = await startCollector((index) => (index === 0 ? reply : undefined));
    const { exporter } = exporterTo(collector);
    exporter.add(sampleTrace(1));
    await expect.poll(() => rootsOf(collector)).toHaveLength(1);
    const [first, second] = collector.requests;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(990);
  });

  it.each([400, 401, 404, 500])('is not asked again after %i; the next ones are sent', async (status) => {
    const refused = { status, body: '{"message":"not like this"}' };
    const collector = await startCollector((index) => (index === 0 ? refused : undefined));
    const { exporter, log } = exporterTo(collector);
    exporter.add(sampleTrace(1));
    await expect.poll(() => exporter.notices()).toHaveLength(1);
    expect(exporter.notices()[0]).toContain(`HTTP ${status}. Executions that were not sent: 1.`);
    expect(log.lines.join()).toContain('not like this');
    exporter.add(sampleTrace(2));
    await expect.poll(() => rootsOf(collector).map(({ spanId }) => spanId)).toEqual([sampleTrace(2).id]);
  });

  it('says which spans it refused', async () => {
    const body = '{"partialSuccess":{"rejectedSpans":"3","errorMessage":"too old"}}';
    const collector = await startCollector(() => ({ status: 200, body }));
    const { exporter, log } = exporterTo(collector);
    exporter.add(sampleTrace(1));
    await expect.poll(() => log.lines.join()).toContain('too old');
  });

  it('makes the oldest give way, which is counted and said once', async () => {
    const collector = await startCollector((index) => (index === 0 ? { status: 503 } : undefined));
    const { exporter, log } = exporterTo(collector, { retryMs: LONG_MS, maxRetryMs: LONG_MS });
    exporter.add(sampleTrace(1));
    await expect.poll(() => exporter.notices()).toHaveLength(1);
    for (let seq = 2; seq <= 2_058; seq += 1) exporter.add(sampleTrace(seq, { spans: [] }));
    expect(exporter.notices()[0]).toContain('Executions that were not sent: 10.');
    expect(log.lines.filter((line) => line.includes('dropped'))).toHaveLength(1);
    await exporter.stop(LONG_MS);
    expect(rootsOf(collector)).toHaveLength(2_048);
    expect(rootsOf(collector)[0]?.spanId).toBe(sampleTrace(11).id);
  });

  it('holds no more memory than it may, whatever plugins print', async () => {
    const { exporter } = exporterTo({ url: 'http://127.0.0.1:9' }, { delayMs: LONG_MS });
    const text = 'x'.repeat(1024 * 1024);
    for (let seq = 1; seq <= 40; seq += 1) {
      exporter.add(sampleTrace(seq, { console: [{ atMs: 0, level: 'log', text }] }));
    }
    expect(exporter.notices()[0]).toContain('Executions that were not sent: 9.');
  });
});

describe('the end', () => {
  it('sends what is left at once', async () => {
    const collector = await startCollector();
    const { exporter } = exporterTo(collector, { delayMs: LONG_MS });
    for (let seq = 1; seq <= 70; seq += 1) exporter.add(sampleTrace(seq));
    await exporter.stop(LONG_MS);
    expect(rootsOf(collector)).toHaveLength(70);
    // At most 32 in a request.
    expect(collector.requests).toHaveLength(3);
  });

  it('waits no longer than it may for a collector that hangs', async () => {
    const collector = await startCollector(() => new Promise(() => {}));
    const { exporter, log } = exporterTo(collector);
    exporter.add(sampleTrace(1));
    await expect.poll(() => collector.requests).toHaveLength(1);
    exporter.add(sampleTrace(2));
    const from = Date.now();
    await exporter.stop(200);
    expect(Date.now() - from).toBeLessThan(10_000);
    expect(log.lines.at(-1)).toContain('{"count":2}');
  });
});
