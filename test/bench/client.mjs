import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * How often a server is asked while its new version is awaited: it, not the asking, shall have the processor.
 */
const GAP_MS = 2;
const LIMIT_MS = 20_000;

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** One call. @returns {Promise<{status: number, v: unknown}>} `v` is null where the answer holds none */
export function ask({ url, method }) {
  return new Promise((resolve, reject) => {
    const call = request(url, { method, agent, timeout: LIMIT_MS }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response
        .once('error', reject)
        .once('end', () => resolve({ status: response.statusCode, v: versionIn(text) }));
    });
    call.once('timeout', () => call.destroy(new Error(`no answer within ${LIMIT_MS / 1000} s`)));
    call.once('error', reject);
    call.end(method === 'POST' ? '{}' : undefined);
  });
}

function versionIn(text) {
  try {
    return JSON.parse(text).v ?? null;
  } catch {
    return null;
  }
}

/**
 * Asks until version `v`, or a newer one, answers. @returns how many requests failed meanwhile. @throws when
 * that takes 20 s
 */
export async function awaitVersion(subject, v) {
  const until = performance.now() + LIMIT_MS;
  let failed = 0;
  for (;;) {
    const { status, v: answered } = await ask(subject).catch(() => ({ status: 0, v: null }));
    if (status !== 200) failed += 1;
    if (typeof answered === 'number' && answered >= v) return failed;
    if (performance.now() > until) throw new Error(`${subject.name}: version ${v} did not answer in 20 s`);
    await delay(GAP_MS);
  }
}
