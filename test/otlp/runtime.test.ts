import { expect, it } from 'vitest';
import { startRuntime } from '../support/runtime.ts';
import { startCollector } from './collector.ts';

const ENDPOINT = 'OTEL_EXPORTER_OTLP_ENDPOINT';
const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';

const asks = `export async function execute({ url, fail }) {
  console.log('asking');
  if (fail) throw new Error('no film');
  const answer = await fetch(url + '/films');
  return { status: answer.status };
}
`;

it('sends each execution, what it did and its failure, under the client’s trace id', async () => {
  const collector = await startCollector();
  const runtime = await startRuntime({
    plugins: { asks },
    env: {
      [ENDPOINT]: collector.url,
      OTEL_SERVICE_NAME: 'films',
      MOZAIKS_PLUGIN_ENV_KEY: 'a-key-of-the-plugin',
    },
  });
  const traceparent = `00-${TRACE_ID}-b7ad6b7169203331-01`;
  const body = { url: runtime.baseUrl, film: 'in the body', key: 'a-key-of-the-plugin' };
  await runtime.execute('asks', body, { traceparent });
  await runtime.execute('asks', { fail: true });
  await runtime.execute('nobody');
  // The last of them are sent by the stop.
  await runtime.runtime.stop();

  const roots = collector.spans.filter(({ kind }) => kind === 2);
  expect(roots).toMatchObject([
    {
      traceId: TRACE_ID,
      parentSpanId: 'b7ad6b7169203331',
      attributes: { 'mozaiks.plugin': 'asks', 'mozaiks.outcome': 'ok', 'http.response.status_code': '200' },
      events: [{ name: 'mozaiks.console', attributes: { 'mozaiks.console.text': 'asking' } }],
      status: {},
    },
    {
      attributes: { 'mozaiks.outcome': 'exception', 'error.type': 'PLUGIN_EXCEPTION' },
      status: { code: 2 },
    },
    { attributes: { 'mozaiks.outcome': 'refused', 'http.response.status_code': '404' }, status: {} },
  ]);
  const [root] = roots;
  const run = collector.spans.find(
    ({ name, parentSpanId }) => name === 'run' && parentSpanId === root?.spanId,
  );
  expect(collector.spans.filter(({ kind }) => kind === 3)).toMatchObject([
    {
      traceId: TRACE_ID,
      parentSpanId: run?.spanId,
      attributes: { 'url.full': `${runtime.baseUrl}/films`, 'http.response.status_code': '404' },
    },
  ]);
  expect(collector.resource).toMatchObject({ 'service.name': 'films', 'mozaiks.app_id': 'dev_app' });
  const sent = collector.requests.map(({ body: text }) => text).join();
  for (const word of ['in the body', 'a-key-of-the-plugin']) expect(sent).not.toContain(word);
});

it('a collector that hangs or is gone delays no call and no end, and a notice names it', async () => {
  const collector = await startCollector(() => new Promise(() => {}));
  const runtime = await startRuntime({ plugins: { asks }, env: { [ENDPOINT]: collector.url } });
  const call = () => runtime.execute('asks', { url: runtime.baseUrl });
  await call();
  await expect.poll(() => collector.requests.length).toBe(1);
  for (let count = 0; count < 20; count += 1) expect((await call()).status).toBe(200);
  await runtime.runtime.stop();
  expect(runtime.log.lines.join()).toContain('were not sent');

  const gone = await startRuntime({ plugins: { asks }, env: { [ENDPOINT]: 'http://127.0.0.1:9' } });
  await gone.execute('asks', { fail: true });
  await expect.poll(() => gone.runtime.snapshot().notices.join()).toContain('http://127.0.0.1:9/v1/traces: ');
});
