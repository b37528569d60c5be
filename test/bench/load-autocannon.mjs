/**
 * The same order as load-client.mjs takes, carried out by autocannon, as a second witness. It sends what is
 * due in a second as fast as answers come and then waits for the next second, so its latencies are those of
 * bursts; compare them only with its own.
 */
import autocannon from 'autocannon';

process.once('message', async (order) => {
  process.send(await run(order));
  process.disconnect();
});

async function run({ host, port, rate, seconds, connections, requests }) {
  const cpuBefore = process.cpuUsage();
  const result = await autocannon({
    url: `http://${host}:${port}`,
    connections,
    overallRate: rate,
    duration: seconds,
    requests: requests.map(toRequest),
  });
  const { user, system } = process.cpuUsage(cpuBefore);
  const answered = result['1xx'] + result['2xx'] + result['3xx'] + result['4xx'] + result['5xx'];
  const { p50, p97_5: p95, p99, max } = result.latency;
  return {
    // It counts as sent what it never wrote, and hangs up on what is under way at its end.
    sent: answered,
    cut: connections,
    answered,
    seconds: result.duration,
    p50,
    p95,
    p99,
    max,
    byStatus: Object.fromEntries(
      Object.entries(result.statusCodeStats ?? {}).map(([status, { count }]) => [status, count]),
    ),
    errors: result.errors > 0 ? [`${result.errors} errors, ${result.timeouts} timeouts`] : [],
    cpuMs: (user + system) / 1000,
  };
}

/** From the text of a whole request. autocannon writes Host and Content-Length itself. */
function toRequest(text) {
  const [head, body] = text.split('\r\n\r\n');
  const [line, ...lines] = head.split('\r\n');
  const [method, path] = line.split(' ');
  const headers = lines.map((one) => one.split(': ')).filter(([name]) => name !== 'Content-Length');
  return { method, path, headers: Object.fromEntries(headers), body };
}
