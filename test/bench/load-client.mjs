/**
 * The client of `npm run bench:load`, in a process of its own: sends requests at a fixed rate and says how
 * long each took.
 *
 * An open loop: each request has its time, and its wait counts from then, whether or not the server kept up
 * with the ones before. So nothing slow is left out of the figures (coordinated omission), and no burst is
 * made that nobody asked for. It speaks just enough HTTP for a server that answers with Content-Length, since
 * it shares the processors with what it measures.
 *
 * Told what to do by one message, answers with one: {@link LoadOrder} → {@link LoadReport}.
 */
import { connect } from 'node:net';
import { percentile } from './statistics.mjs';

/**
 * @typedef {{host: string, port: number, rate: number, seconds: number, connections: number,
 *   requests: string[]}} LoadOrder
 *   `requests`: whole HTTP requests, sent in turn
 * @typedef {{sent: number, cut: number, answered: number, seconds: number, byStatus: Record<string, number>,
 *   errors: string[], p50: number, p95: number, p99: number, max: number, cpuMs: number}} LoadReport
 *   times in milliseconds;
 *   `cut`: at most so many more were under way when the client hung up
 */

/** How long the last answers are waited for. */
const LAST_ANSWERS_MS = 10_000;
const HEAD_END = '\r\n\r\n';

process.once('message', async (order) => {
  process.send(await run(order));
  process.disconnect();
});

/** @param {LoadOrder} order @returns {Promise<LoadReport>} */
async function run(order) {
  const waits = [];
  const byStatus = {};
  const errors = [];
  const due = [];
  const idle = [];
  const busy = new Set();
  const give = (one) => {
    const next = due.shift();
    if (next === undefined) idle.push(one);
    else one.send(next);
  };
  const hooks = {
    answered(one, status, at) {
      waits.push(performance.now() - at);
      byStatus[status] = (byStatus[status] ?? 0) + 1;
      give(one);
    },
    failed(one, error) {
      busy.delete(one);
      errors.push(error.message);
    },
  };
  for (let n = 0; n < order.connections; n += 1) {
    const one = await Connection.open(order, hooks);
    busy.add(one);
    idle.push(one);
  }
  const requests = order.requests.map((text) => Buffer.from(text));
  const cpuBefore = process.cpuUsage();
  const began = performance.now();
  const total = Math.round(order.rate * order.seconds);
  let sent = 0;
  await new Promise((resolve) => {
    const tick = () => {
      const now = performance.now();
      const target = Math.min(total, Math.floor(((now - began) * order.rate) / 1000));
      for (; sent < target; sent += 1) {
        const call = { bytes: requests[sent % requests.length], at: began + (sent * 1000) / order.rate };
        const one = idle.pop();
        if (one === undefined) due.push(call);
        else one.send(call);
      }
      if (sent < total) setTimeout(tick, 1);
      else resolve();
    };
    tick();
  });
  const seconds = (performance.now() - began) / 1000;
  const giveUpAt = performance.now() + LAST_ANSWERS_MS;
  while (waits.length + errors.length < sent && performance.now() < giveUpAt) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  for (const one of busy) one.close();
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => percentile(waits, share));
  return {
    sent,
    cut: 0,
    answered: waits.length,
    seconds,
    byStatus,
    errors: [...new Set(errors)],
    p50,
    p95,
    p99,
    max: waits.reduce((most, wait) => Math.max(most, wait), 0),
    cpuMs: (user + system) / 1000,
  };
}

/** One kept-alive connection with one request under way. */
class Connection {
  #socket;
  #hooks;
  #at = 0;
  #text = '';
  #closed = false;

  static open({ host, port }, hooks) {
    return new Promise((resolve, reject) => {
      const socket = connect({ host, port, noDelay: true });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new Connection(socket, hooks));
      });
    });
  }

  constructor(socket, hooks) {
    this.#socket = socket;
    this.#hooks = hooks;
    socket.setEncoding('latin1');
    socket.on('data', (text) => this.#receive(text));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the server closed a connection')));
  }

  send({ bytes, at }) {
    this.#at = at;
    this.#socket.write(bytes);
  }

  close() {
    this.#closed = true;
    this.#socket.destroy();
  }

  #receive(text) {
    this.#text = this.#text === '' ? text : this.#text + text;
    const head = this.#text.indexOf(HEAD_END);
    if (head < 0) return;
    const length = /\r\ncontent-length: (\d+)/i.exec(this.#text)?.[1];
    if (this.#text.length < head + HEAD_END.length + Number(length ?? 0)) return;
    const status = this.#text.slice(9, 12);
    this.#text = '';
    this.#hooks.answered(this, status, this.#at);
  }

  #fail(error) {
    if (this.#closed) return;
    this.#closed = true;
    this.#hooks.failed(this, error);
  }
}
