/**
 * `npm run bench:load`: the built product in its real window, on the live Traces screen, under a steady load
 * of executions.
 *
 *   --rate <n>        executions per second (default 2000)
 *   --seconds <n>     of the measured run (default 60)
 *   --warm-up <n>     seconds before it at the same rate (default 10)
 *   --connections <n> kept alive (default 32)
 *   --hidden          the window is hidden during the run, and shown after it
 *   --client <name>   open (default): one request at its time, evenly; autocannon: a second's requests as fast as answers come
 *   --no-baseline     leaves out the run without a window that the latency is compared with
 *
 * Ends with 1 when a goal is missed.
 */
import { fork } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { projectRoot } from '../../main/bin/project.mjs';
import { meterProcesses } from './load-meter.mjs';
import { loadRequests } from './load-requests.mjs';
import { startHeadless, startWindow } from './load-subjects.mjs';
import * as watch from './load-window.mjs';
import { milliseconds, percentile, table } from './statistics.mjs';

const { values: options } = parseArgs({
  options: {
    rate: { type: 'string', default: '2000' },
    seconds: { type: 'string', default: '60' },
    'warm-up': { type: 'string', default: '10' },
    connections: { type: 'string', default: '32' },
    hidden: { type: 'boolean', default: false },
    client: { type: 'string', default: 'open' },
    'no-baseline': { type: 'boolean', default: false },
  },
});
const [rate, seconds, warmUp, connections] = ['rate', 'seconds', 'warm-up', 'connections'].map((name) =>
  Number(options[name]),
);
const CLIENTS = { open: 'load-client.mjs', autocannon: 'load-autocannon.mjs' };

const GOALS = { frameMs: 33, growthMb: 30, latencyRatio: 2, rateShare: 0.99 };
const goals = [];

sayMachine();
const baseline = options['no-baseline'] ? null : await measureBaseline();
await measureWindow(baseline);
sayMachine();
console.log(`\n${goals.map(({ ok, words }) => `${ok ? 'ok    ' : 'MISSED'} ${words}`).join('\n')}`);
process.exitCode = goals.every(({ ok }) => ok) ? 0 : 1;

async function measureBaseline() {
  const headless = await startHeadless();
  try {
    await load(headless.url, warmUp);
    const meter = meterProcesses(await headless.processes());
    const report = await load(headless.url, seconds);
    say('headless, nobody looking', report, meter.stop());
    return report;
  } finally {
    await headless.stop();
  }
}

async function measureWindow(before) {
  const shown = await startWindow();
  const { app, page } = shown;
  try {
    await load(shown.url, warmUp);
    if (options.hidden) await watch.setVisible(app, false);
    // What was on its way to the window has arrived.
    await delay(1_000);
    const atStart = await watch.recorded(page);
    await watch.countEvents(app);
    const meter = meterProcesses(await shown.processes());
    await watch.startFrames(page);
    const report = await load(shown.url, seconds);
    const frames = await watch.stopFrames(page);
    const processes = meter.stop();
    say(`window ${options.hidden ? 'hidden' : 'open on Traces'}`, report, processes);
    const sentHidden = await watch.eventsSent(app);
    if (options.hidden) judgeHidden(sentHidden);
    else judgeFrames(frames);
    if (options.hidden) await watch.setVisible(app, true);
    judgeLoad(report, before, processes);
    await judgeTraces(shown, report, atStart);
  } finally {
    await shown.stop();
  }
}

/** @returns {Promise<import('./load-client.mjs').LoadReport>} */
function load(url, duration) {
  const { hostname, port, host } = new URL(url);
  const client = fork(join(projectRoot, 'test/bench', CLIENTS[options.client]));
  const order = { host: hostname, port: Number(port), rate, seconds: duration, connections };
  return new Promise((resolve, reject) => {
    client.once('message', resolve);
    client.once('exit', (code) => reject(new Error(`the client ended with ${code}`)));
    client.send({ ...order, requests: loadRequests(host) });
  });
}

function judgeLoad(report, before, processes) {
  const reached = report.answered / report.seconds;
  goal(reached >= rate * GOALS.rateShare, `${reached.toFixed(0)} executions/s of ${rate}`);
  const bad = Object.entries(report.byStatus).filter(([status]) => status !== '200');
  goal(
    bad.length === 0 && report.errors.length === 0 && report.answered === report.sent,
    `${report.sent} sent, ${report.byStatus[200] ?? 0} answered with 200${[...bad.map(String), ...report.errors].map((one) => `, ${one}`).join('')}`,
  );
  if (before !== null) {
    const ratio = report.p99 / before.p99;
    goal(
      ratio <= GOALS.latencyRatio,
      `HTTP p99 ${milliseconds(report.p99)}, ${ratio.toFixed(2)} times the ${milliseconds(before.p99)} without a window`,
    );
  }
  for (const { name, firstMb, lastMb } of processes) {
    const growth = lastMb - firstMb;
    goal(
      !(growth > GOALS.growthMb),
      `memory of ${name}: ${firstMb.toFixed(0)} MB in the first ten seconds, ${lastMb.toFixed(0)} MB in the last`,
    );
  }
}

function judgeFrames(frames) {
  const [p50, p95, max] = [0.5, 0.95, 1].map((share) => percentile(frames, share));
  const long = frames.filter((ms) => ms > 50).length;
  goal(
    p95 <= GOALS.frameMs,
    `frames: p50 ${milliseconds(p50)}, p95 ${milliseconds(p95)}, longest ${milliseconds(max)}; ${long} of ${frames.length} over 50 ms`,
  );
}

function judgeHidden({ batches, others }) {
  goal(
    batches === 0 && others === 0,
    `sent to the hidden window: ${batches} batches, ${others} other events`,
  );
}

async function judgeTraces({ page }, report, atStart) {
  const atEnd = await watch.recorded(page);
  const made = atEnd.total - atStart.total;
  goal(
    made >= report.sent && made <= report.sent + report.cut,
    `${made} traces recorded (stored or counted as dropped) of ${report.sent} executions sent`,
  );
  const list = await watch.listAtEnd(page, atEnd.newest);
  goal(list.isNewest, `the list’s first row is the newest trace: ${list.row} (${list.note})`);
}

function goal(ok, words) {
  goals.push({ ok, words });
}

function say(title, report, processes) {
  const { answered, p50, p95, p99, max, cpuMs } = report;
  const share = (ms) => `${((ms / answered) * 1000).toFixed(0)} µs`;
  console.log(`\n${title}: ${answered} executions in ${report.seconds.toFixed(1)} s`);
  console.log(
    `latency p50 ${milliseconds(p50)}, p95 ${milliseconds(p95)}, p99 ${milliseconds(p99)}, max ${milliseconds(max)}`,
  );
  console.log(
    table([
      ['process', 'per execution', 'of a core', 'first 10 s', 'last 10 s'],
      ...processes.map(({ name, firstMb, lastMb, cpuMs: spent }) => [
        name,
        share(spent),
        `${((spent / report.seconds / 1000) * 100).toFixed(0)} %`,
        `${firstMb.toFixed(0)} MB`,
        `${lastMb.toFixed(0)} MB`,
      ]),
      ['client', share(cpuMs), `${((cpuMs / report.seconds / 1000) * 100).toFixed(0)} %`, '', ''],
    ]),
  );
}

function sayMachine() {
  const busy = loadavg()
    .map((value) => value.toFixed(2))
    .join(' ');
  console.log(`Node ${process.version}, ${cpus().length} cores, load ${busy}`);
}
