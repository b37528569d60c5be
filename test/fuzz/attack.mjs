import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { projectRoot } from '../../main/bin/project.mjs';
import { residentMb, startServer } from '../bench/server-process.mjs';
import { exchange } from './connection.mjs';
import { createRandom } from './random.mjs';
import { createRequests } from './requests.mjs';

const AT_ONCE = 40;
/** Compiled code and full buffers are no leak: memory is compared with that after so many. */
const WARM_UP = 10_000;
const MOST_GROWN_MB = 50;
const CLOSED_WITHIN_MS = 15_000;

/** Sends the built runtime so many malformed requests, the same ones for the same seed; true when all is well. */
export async function attackServer(requests, seed) {
  const folder = await mkdtemp(join(tmpdir(), 'workbench-fuzz-'));
  const plugins = join(folder, 'plugins');
  await mkdir(join(plugins, 'echo'), { recursive: true });
  await writeFile(join(plugins, 'echo', 'logic.js'), 'export const execute = (data) => data;');
  const runtime = await startServer(
    join(projectRoot, 'out/main/cli.cjs'),
    ['serve', '--port', '0', '--plugins', plugins],
    { env: { PATH: process.env.PATH, HOME: folder, XDG_CONFIG_HOME: folder } },
  );
  try {
    return await run(runtime, requests, seed);
  } finally {
    await runtime.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function run(runtime, requests, seed) {
  const descriptorsBelow = (limit) => descriptorsOf(runtime.pid, limit);
  const { host, port } = new URL(runtime.url);
  const inspectorPath = /^open \S+(\/__inspector\/[^/]+\/)ui\/ /m.exec(runtime.printed())?.[1];
  if (inspectorPath === undefined) throw new Error(`no address of the UI in ${runtime.printed()}`);
  const made = createRequests(createRandom(seed), { host, inspectorPath });
  const seen = { sent: 0, answers: 0, statuses: new Map(), wrong: [], failed: [] };
  const warmUp = Math.min(WARM_UP, requests);
  await attack(Number(port), made, warmUp, seen);
  await descriptorsBelow(Number.POSITIVE_INFINITY);
  const before = { mb: residentMb(runtime.pid), descriptors: await descriptorsBelow(0) };
  const from = performance.now();
  await attack(Number(port), made, warmUp + requests, seen);
  const seconds = (performance.now() - from) / 1_000;
  const descriptors = await descriptorsBelow(before.descriptors + 1);
  const grown = residentMb(runtime.pid) - before.mb;
  const { status } = await fetch(`${runtime.url}/health`);
  const checks = [
    [seen.wrong.length === 0, `${seen.answers} answers, ${seen.wrong.length} without the version header`],
    [seen.failed.length === 0, `${seen.failed.length} of them say INTERNAL_ERROR`],
    [status === 200, `the runtime answers /health with ${status}`],
    [!(grown > MOST_GROWN_MB), `memory ${before.mb.toFixed(0)} MiB, ${grown.toFixed(0)} MiB more at the end`],
    [descriptors <= before.descriptors, `${before.descriptors} descriptors before, ${descriptors} after`],
  ];
  console.log(
    `${seen.sent} requests in ${seconds.toFixed(0)} s, seed ${seed}: ${[...seen.statuses]
      .sort()
      .map(([code, count]) => `${count} × ${code}`)
      .join(', ')}`,
  );
  for (const [ok, words] of checks) console.log(`${ok ? 'ok    ' : 'FAILED'} ${words}`);
  for (const found of [...seen.wrong, ...seen.failed].slice(0, 5)) console.log(JSON.stringify(found));
  return checks.every(([ok]) => ok);
}

/** Until this many requests are sent. */
async function attack(port, made, until, seen) {
  const client = async () => {
    while (seen.sent < until) {
      const { count, bytes } = made.next();
      seen.sent += count;
      const heads = await exchange(port, {
        count,
        bytes,
        cut: made.cut(bytes.length),
        ending: made.ending(),
      });
      for (const answer of heads) note(seen, answer);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, client));
}

function note(seen, { status, head, body }) {
  seen.answers += 1;
  seen.statuses.set(status, (seen.statuses.get(status) ?? 0) + 1);
  // An interim answer has no headers.
  if (status !== 100 && !/^x-mozaiks-runtime-version: 1\.0\.0$/im.test(head)) seen.wrong.push(head);
  if (body.includes('INTERNAL_ERROR')) seen.failed.push(body);
}

/** How many it has open, once that is no more than `limit` or time is up. */
async function descriptorsOf(pid, limit) {
  const count = async () => (await readdir(`/proc/${pid}/fd`)).length;
  const until = performance.now() + (limit === 0 ? 3_000 : CLOSED_WITHIN_MS);
  let now = await count();
  while (now >= limit && performance.now() < until) {
    await delay(100);
    now = await count();
  }
  return now;
}
