/**
 * `npm run bench:reload`: how long it takes from a save until the new version answers over HTTP, for each
 * language and for miniflare beside them, all in one run.
 *
 *   --samples <n>   saves measured for each (default 60)
 *   --soak          instead: 500 reloads of each language under 50 requests a second
 *   --reloads <n>   reloads of the soak (default 500)
 *
 * Ends with 1 when the soak failed.
 */
import { cpus, loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { measureSave, measureStream } from './latency.mjs';
import { soak } from './soak.mjs';
import { figures, table } from './statistics.mjs';
import { startMiniflare, startWorkbench } from './subjects.mjs';

const { values: options } = parseArgs({
  options: {
    samples: { type: 'string', default: '60' },
    soak: { type: 'boolean', default: false },
    reloads: { type: 'string', default: '500' },
  },
});
/**
 * Saves of one subject lie further apart than this: a program's stream of saves, which the workbench merges,
 * is not a person's.
 */
const APART_MS = 1_600;

const workbench = await startWorkbench();
try {
  for (const { name, reason } of workbench.skipped) console.log(`${name} is left out: ${reason}`);
  process.exitCode = options.soak ? await runSoak() : await runLatency();
} finally {
  await workbench.stop();
}

async function runLatency() {
  const miniflare = await startMiniflare().catch((error) => {
    console.log(`miniflare is left out: ${error.message}`);
    return { subjects: [], stop: async () => undefined };
  });
  try {
    const subjects = [...workbench.subjects, ...miniflare.subjects];
    sayMachine();
    const samples = await interleaved(subjects, Number(options.samples));
    console.log('\nsave → first answer of the new version');
    console.log(
      table([
        ['', 'samples', 'p50', 'p95', 'max', 'failed requests'],
        ...subjects.map((one) => figures(one.name, samples.get(one))),
      ]),
    );
    console.log(
      '\na stream of saves, one every 100 ms for 5 s (the workbench merges them): save → that version or a newer one',
    );
    const streams = [];
    for (const subject of subjects)
      streams.push(figures(subject.name, await measureStream(subject, 50, 100)));
    console.log(table([['', 'saves', 'p50', 'p95', 'max', 'failed requests'], ...streams]));
    sayMachine();
  } finally {
    await miniflare.stop();
  }
  return 0;
}

/** One save of each in turn, so that whatever else the machine does meets all of them alike. */
async function interleaved(subjects, count) {
  const samples = new Map(subjects.map((subject) => [subject, []]));
  for (let n = 0; n < count; n += 1) {
    for (const subject of subjects) {
      samples.get(subject).push(await measureSave(subject));
      await delay(APART_MS / subjects.length);
    }
  }
  return samples;
}

async function runSoak() {
  let failed = false;
  sayMachine();
  for (const subject of workbench.subjects) {
    const { words, ok } = await soak(subject, workbench.pid, Number(options.reloads));
    console.log(`${ok ? 'ok    ' : 'FAILED'} ${subject.name}: ${words}`);
    failed ||= !ok;
  }
  return failed ? 1 : 0;
}

function sayMachine() {
  const load = loadavg()
    .map((value) => value.toFixed(2))
    .join(' ');
  console.log(`Node ${process.version}, ${cpus().length} cores, load ${load}`);
}
