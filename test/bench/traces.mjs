/**
 * `npm run bench:traces`: 100,000 traces through the store, on disk. The traces are real ones, recorded from
 * calls of the examples just before. What adding costs, what a trace takes, how long reading back takes and
 * what it costs requests meanwhile, how fast lists and searches answer, and what memory all of it needs.
 *
 *   --traces <n>   (default 100000)
 *   --rate <n>     added a second (default 5000)
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { projectRoot } from '../../main/bin/project.mjs';
import { startServer } from './server-process.mjs';
import { milliseconds } from './statistics.mjs';

const { values } = parseArgs({
  options: { traces: { type: 'string', default: '100000' }, rate: { type: 'string', default: '5000' } },
});
const [count, rate] = [Number(values.traces), Number(values.rate)];
const folder = mkdtempSync(join(tmpdir(), 'bench-traces-'));
const MIB = 1024 * 1024;

try {
  const { TraceStore, TRACE_LIMITS } = await loadStore();
  const open = async () => {
    const store = new TraceStore(TRACE_LIMITS, {
      configPath: join(folder, 'config'),
      script: join(projectRoot, 'out/main/trace-worker.cjs'),
      owner: { plugins: '/bench', app: 'bench' },
      maxTraces: count,
      maxBytes: 4096 * MIB,
    });
    const began = performance.now();
    await store.open();
    return { store, openMs: performance.now() - began };
  };
  await measure(open, await realTraces());
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The store is TypeScript: it is bundled for this run. */
async function loadStore() {
  const outfile = join(folder, 'store.mjs');
  await build({
    entryPoints: [join(projectRoot, 'main/traces/store/store.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
  });
  return import(pathToFileURL(outfile).href);
}

/** What a runtime recorded of some calls: answered, failed, refused, spoofed. */
async function realTraces() {
  const config = join(folder, 'recorded');
  mkdirSync(config);
  const server = await startServer(
    join(projectRoot, 'out/main/cli.cjs'),
    ['serve', '--port', '0', '--plugins', join(projectRoot, 'plugins')],
    { env: { ...process.env, XDG_CONFIG_HOME: config } },
  );
  const plugins = ['hello', 'whoami', 'tasks', 'hello', 'absent'];
  for (let n = 0; n < 40; n += 1) {
    const answer = await fetch(`${server.url}/api/execute/${plugins[n % plugins.length]}`, {
      method: 'POST',
      body: JSON.stringify({
        name: `caller ${n}`,
        action: 'list',
        ...(n % 4 === 0 ? { user_id: 'evil' } : {}),
      }),
    });
    await answer.text();
  }
  await server.stop();
  const home = join(config, 'mozaiks-workbench/traces');
  const [name] = readdirSync(home);
  const text = readFileSync(join(home, name, '00000001.jsonl'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

async function measure(open, samples) {
  console.log(
    `load ${loadavg()[0].toFixed(2)}; ${samples.length} recorded calls, repeated to ${count.toLocaleString('en')}`,
  );
  const bare = memory();
  const first = await open();
  await fill(first.store, samples);
  sayMemory('after adding', bare);
  const closing = performance.now();
  await first.store.close();
  console.log(
    `closed in ${milliseconds(performance.now() - closing)}; ${bytesOnDisk().toFixed(0)} bytes a trace on disk`,
  );
  const second = await open();
  console.log(`opened in ${milliseconds(second.openMs)}, which is all that a start waits for`);
  await watched('read back', async () => {
    while (second.store.list({ limit: 1 }).reading) await delay(2);
  });
  console.log(
    `${second.store.counts().kept.toLocaleString('en')} kept, ${second.store.counts().dropped} dropped`,
  );
  await ask(second.store);
  sayMemory('after all questions', bare);
  await second.store.close();
}

async function fill(store, samples) {
  let inAdd = 0;
  const started = performance.now();
  await watched(`added ${count.toLocaleString('en')}`, async () => {
    for (let n = 0; n < count; n += 1) {
      const trace = traceOf(samples, n);
      const began = performance.now();
      store.add(trace);
      inAdd += performance.now() - began;
      if (n % 20 === 19) await turn();
      const due = started + ((n + 1) / rate) * 1_000;
      if (due - performance.now() > 5) await delay(5);
    }
  });
  console.log(
    `one add takes ${((inAdd / count) * 1000).toFixed(1)} µs, as JSON and into memory; ${store.counts().dropped} dropped`,
  );
  console.log(store.notices().join('\n') || 'no notice');
}

function traceOf(samples, n) {
  const sample = samples[n % samples.length];
  const path = n === 4_321 ? '/api/execute/needle-in-a-haystack' : sample.request.path;
  return {
    ...sample,
    id: (n + 1).toString(16).padStart(16, '0'),
    startedAt: 1_800_000_000_000 + n,
    request: { ...sample.request, path },
  };
}

async function ask(store) {
  await timed('list, first page', () => store.search({ limit: 200 }));
  await timed('list, page 400', () => store.search({ limit: 200, skip: 80_000 }));
  await timed('list, one plugin', () => store.search({ limit: 200, plugin: 'tasks' }));
  await timed('an old trace from disk', () => store.read('0000000000000005'));
  await searched(store, 'dev-user', 'in every trace');
  await searched(store, 'caller 7', 'in one of forty');
  await searched(store, 'needle-in-a-haystack', 'in one of all');
  await searched(store, 'nowhere to be found', 'in none');
}

async function searched(store, text, what) {
  await watched(`search for a text ${what}`, async (say) => {
    const began = performance.now();
    let page = await store.search({ limit: 200, text });
    say(`first answer after ${milliseconds(performance.now() - began)} with ${page.traces.length} rows`);
    while (page.searched !== undefined)
      page = await store.search({ limit: 10_000, skip: page.matched, text });
    say(`${page.matched.toLocaleString('en')} matches counted`);
  });
}

async function timed(what, work) {
  const began = performance.now();
  await work();
  console.log(`${what}: ${milliseconds(performance.now() - began)}`);
}

/** Runs it and says how long it took and how long the event loop was held up at worst. */
async function watched(what, work) {
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  const said = [];
  histogram.enable();
  const began = performance.now();
  await work((text) => said.push(text));
  const took = performance.now() - began;
  await delay(5);
  histogram.disable();
  const [p99, max] = [histogram.percentile(99) / 1e6, histogram.max / 1e6].map(milliseconds);
  console.log(
    `${what}: ${milliseconds(took)}${said.map((text) => `, ${text}`).join('')}; event loop held up ${p99} (p99), ${max} (worst)`,
  );
}

function bytesOnDisk() {
  const home = join(folder, 'config/traces');
  const [name] = readdirSync(home);
  const sizes = readdirSync(join(home, name)).map((file) => statSync(join(home, name, file)).size);
  return sizes.reduce((sum, size) => sum + size, 0) / count;
}

function memory() {
  globalThis.gc?.();
  return process.memoryUsage();
}

function sayMemory(when, bare) {
  const now = memory();
  const grown = (key) => `${((now[key] - bare[key]) / MIB).toFixed(0)} MB`;
  console.log(
    `memory ${when}: heap +${grown('heapUsed')}, buffers +${grown('arrayBuffers')}, RSS +${grown('rss')} (thread included)`,
  );
}
