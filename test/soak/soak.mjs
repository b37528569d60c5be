/**
 * `npm run soak`: the built runtime, in a process of its own, under everything at once: calls, edits, crashes,
 * hangs, clients that leave or read slowly, hostile bytes, the Inspector's pages.
 *
 *   --minutes <n>     (default 30) of load; the first minute, at most a third, is warm-up
 *   --per-second <n>  (default 5) what the quickest clients do in a second each
 *
 * Ends with 1 when an answer is wrong or has no trace, or when memory, descriptors, processes or temporary
 * files don't return to what they were after the warm-up, or when a process outlives the runtime.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { projectRoot } from '../../main/bin/project.mjs';
import { startServer } from '../bench/server-process.mjs';
import { table } from '../bench/statistics.mjs';
import { createClients } from './clients.mjs';
import { hangUp, send } from './http.mjs';
import { createInspector } from './inspector.mjs';
import { jsonOf, Ledger } from './ledger.mjs';
import { processesOf, readUntil, readWhenQuiet } from './machine.mjs';
import { writePlugins } from './plugins.mjs';
import { Witness } from './witness.mjs';

const MOST_GROWN_MB = 50;
const TIMEOUT_SECONDS = 5;
const GONE_WITHIN_MS = 5_000;
/** Of a reading, for people. */
const NAMES = {
  memory: 'memory of the runtime in MiB',
  descriptors: 'descriptors of the runtime',
  processes: 'processes below it',
  orphans: 'processes of it elsewhere',
  files: 'temporary files',
};

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    'per-second': { type: 'string', default: '5' },
  },
});
const seconds = Number(values.minutes) * 60;
const warmUp = Math.min(60, seconds / 3);
const pace = 1_000 / Number(values['per-second']);

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'workbench-soak-')));
const plugins = join(folder, 'plugins');
const temporary = join(folder, 'temporary');
const secret = randomBytes(48).toString('hex');
mkdirSync(temporary);
writePlugins(plugins);
try {
  process.exitCode = await soak();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** @returns the exit code */
async function soak() {
  const runtime = await start();
  try {
    const breaches = await run(runtime);
    breaches.push(...(await stop(runtime)));
    for (const words of breaches) console.log(`FAILED ${words}`);
    if (breaches.length > 0) return 1;
    console.log('ok     nothing was lost, left over or wrong');
    return 0;
  } finally {
    await runtime.stop();
  }
}

function start() {
  return startServer(join(projectRoot, 'out/main/cli.cjs'), ['serve', '--port', '0', '--plugins', plugins], {
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      XDG_CONFIG_HOME: join(folder, 'config'),
      TMPDIR: temporary,
      JWT_SECRET: secret,
      MOZAIKS_PLUGIN_TIMEOUT_SECONDS: String(TIMEOUT_SECONDS),
      // The least there is: traces that are kept are no growth to look for.
      MOZAIKS_TRACES_MAX_MB: '16',
    },
  });
}

async function run(runtime) {
  const uiUrl = /^open (\S+) in a browser$/m.exec(runtime.printed())?.[1];
  if (uiUrl === undefined) throw new Error(`no address of the UI in ${runtime.printed()}`);
  const inspector = createInspector(uiUrl);
  const ledger = new Ledger();
  const witness = new Witness();
  const stream = await inspector.listen(
    (name, payload) => witness.event(name, payload),
    () => witness.ended(),
  );
  const languages = await findLanguages(runtime.url, witness);
  const { clients, heal } = createClients({
    url: runtime.url,
    plugins,
    secret,
    languages,
    inspector,
    ledger,
    witness,
  });
  console.log(`load ${loadavg()[0].toFixed(2)}, Node ${process.version}, plugins in ${languages.join(', ')}`);
  const endure = async (forSeconds) => {
    await work(clients, forSeconds);
    await heal();
    hangUp();
  };
  await endure(warmUp);
  const before = await readWhenQuiet(runtime.pid, temporary);
  await endure(seconds - warmUp);
  const after = await readUntil(runtime.pid, temporary, (reading) => growth(before, reading));
  const traces = await tracesProblems(inspector, witness, ledger);
  stream.close();
  hangUp();
  sayFigures(ledger, before, after);
  const told = ledger.wrongs.map((words) => `wrong answer: ${words}`);
  const more = ledger.wrongCount - told.length;
  return [...told, ...(more > 0 ? [`${more} more wrong answers`] : []), ...traces, ...growth(before, after)];
}

/** Each client on its own, until time is up and what it began is over. */
async function work(clients, forSeconds) {
  const until = performance.now() + forSeconds * 1_000;
  const client = async (one) => {
    for (;;) {
      const began = performance.now();
      if (began >= until) return;
      await one.step(one.steps);
      one.steps += 1;
      const next = Math.min(began + one.gap * pace, until);
      await delay(Math.max(0, next - performance.now()));
    }
  };
  await Promise.all(clients.map(client));
}

/** Python is left out where there is none. */
async function findLanguages(url, witness) {
  const answer = await send(`${url}/api/execute/calm_py`, { body: '{"n":0}' });
  witness.answer(answer);
  if (answer.status === 200) return ['js', 'py'];
  console.log(`Python is left out: ${jsonOf(answer.text)?.detail}`);
  return ['js'];
}

async function tracesProblems(inspector, witness, ledger) {
  const until = performance.now() + GONE_WITHIN_MS;
  while (witness.untraced > 0 && performance.now() < until) await delay(100);
  const { kept, dropped } = await inspector.call('traces', { limit: 1 });
  const { problems, answers, traces, untraced, unanswered } = witness;
  console.log(
    `${answers} answers past the gate, ${traces} traces, ${unanswered} of them of clients that left`,
  );
  return [
    ...problems.slice(0, 5),
    ...(untraced > 0 ? [`${untraced} answers left no trace`] : []),
    ...(unanswered > ledger.left ? [`${unanswered} traces of ${ledger.left} calls that were left`] : []),
    ...(kept + dropped === traces
      ? []
      : [`${traces} traces were announced, ${kept} kept, ${dropped} dropped`]),
  ];
}

/** What is more than before and must not be. A figure that can't be read here is none. */
function growth(before, after) {
  const grown = after.memory - before.memory;
  return [
    ...(grown > MOST_GROWN_MB ? [`memory grew by ${grown.toFixed(0)} MiB`] : []),
    ...['descriptors', 'processes', 'files']
      .filter((key) => after[key] > before[key])
      .map((key) => `${after[key]} ${NAMES[key]}, ${before[key]} before`),
    ...(after.orphans > 0 ? [`${after.orphans} ${NAMES.orphans}`] : []),
  ];
}

function sayFigures(ledger, before, after) {
  console.log(table(ledger.rows()));
  const rows = Object.keys(NAMES).map((key) => [
    NAMES[key],
    ...[before, after].map((one) => round(one[key])),
  ]);
  console.log(`\n${table([['', 'after the warm-up', 'at the end'], ...rows])}\n`);
}

function round(value) {
  return Number.isNaN(value) ? 'unknown' : value.toFixed(0);
}

/** @returns what is left of the runtime once it has ended */
async function stop(runtime) {
  const began = performance.now();
  await runtime.stop();
  console.log(`stopped after ${(performance.now() - began).toFixed(0)} ms`);
  const until = performance.now() + GONE_WITHIN_MS;
  while (processesOf(temporary).length > 0 && performance.now() < until) await delay(100);
  const processes = processesOf(temporary);
  const files = readdirSync(temporary);
  return [
    ...(processes.length > 0 ? [`processes outlive the runtime: ${processes.join(', ')}`] : []),
    ...(files.length > 0 ? [`temporary files outlive the runtime: ${files.join(', ')}`] : []),
  ];
}
