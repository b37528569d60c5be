import type { Trace } from '../contract/trace.ts';

/** What waits at most: about as many spans as an OpenTelemetry SDK holds, ten times over, and their memory. */
const MAX_TRACES = 2_048;
const MAX_WEIGHT = 32 * 1024 * 1024;
/** One request. Converting more at once would be felt by calls. */
const BATCH_TRACES = 32;
const BATCH_WEIGHT = 1024 * 1024;
/** Of a trace without any texts. */
const BASE_WEIGHT = 4 * 1024;

interface Queued {
  readonly trace: Trace;
  readonly weight: number;
}

/** Traces that wait to be sent, the oldest first; beyond its bounds the oldest is dropped. */
export class TraceQueue {
  #queue: Queued[] = [];
  #weight = 0;

  get size(): number {
    return this.#queue.length;
  }

  /** Whether there is enough for a whole request. */
  get isBatch(): boolean {
    return this.#queue.length >= BATCH_TRACES;
  }

  /** The last one made it enough. */
  get hasJustFilled(): boolean {
    return this.#queue.length === BATCH_TRACES;
  }

  /** Returns how many were dropped for it. */
  push(whole: Trace): number {
    const trace = withoutBodies(whole);
    const weight = weightOf(trace);
    this.#queue.push({ trace, weight });
    this.#weight += weight;
    return this.#trim();
  }

  take(): readonly Trace[] {
    let weight = 0;
    let count = 0;
    for (const queued of this.#queue.slice(0, BATCH_TRACES)) {
      weight += queued.weight;
      if (count > 0 && weight > BATCH_WEIGHT) break;
      count += 1;
    }
    const taken = this.#queue.splice(0, count);
    for (const queued of taken) this.#weight -= queued.weight;
    return taken.map(({ trace }) => trace);
  }

  /** To the front, as they were. Returns how many were dropped for them. */
  putBack(traces: readonly Trace[]): number {
    const queued = traces.map((trace) => ({ trace, weight: weightOf(trace) }));
    this.#queue.unshift(...queued);
    for (const { weight } of queued) this.#weight += weight;
    return this.#trim();
  }

  #trim(): number {
    let dropped = 0;
    while (this.#queue.length > MAX_TRACES || this.#weight > MAX_WEIGHT) {
      this.#weight -= this.#queue.shift()?.weight ?? 0;
      dropped += 1;
    }
    return dropped;
  }
}

/** What is sent of a trace and no more: the rest may be megabytes. */
function withoutBodies(trace: Trace): Trace {
  const { 'user-agent': agent = '', traceparent = '' } = trace.request.headers;
  const request = { ...trace.request, headers: { 'user-agent': agent, traceparent }, body: null };
  return {
    ...trace,
    request,
    response: null,
    received: null,
    token: null,
    identity: null,
    provenance: [],
    spoofs: [],
  };
}

/** About how many characters it holds. */
function weightOf({ console, events, children = [], error }: Trace): number {
  let weight = BASE_WEIGHT + (error?.stack?.length ?? 0) + (error?.message.length ?? 0);
  for (const { text } of console) weight += text.length;
  for (const { detail } of events) weight += detail.length;
  for (const child of children)
    weight += child.kind === 'database' ? (child.filter?.length ?? 0) : child.url.length;
  return weight;
}
