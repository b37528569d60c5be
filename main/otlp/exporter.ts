import type { Trace } from '../contract/trace.ts';
import { maskAddresses } from '../system/addresses.ts';
import { errorMessage } from '../system/errors.ts';
import { type HttpAnswer, httpCall } from '../system/http-call.ts';
import type { Log } from '../system/log.ts';
import { waitAtMost } from '../system/wait.ts';
import { type OtlpRequest, toAttributes } from './message.ts';
import { toSpans } from './spans.ts';
import { TraceQueue } from './trace-queue.ts';

/** Where the spans go and under what name. */
export interface OtlpTarget {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Of one request. */
  readonly timeoutMs: number;
  readonly serviceName: string;
  readonly appId: string;
  /** The workbench's own. */
  readonly version: string;
}

export interface OtlpPace {
  /** How long a trace may wait for others to be sent with. */
  readonly delayMs: number;
  /** The first pause after a failure; each next one is twice as long. */
  readonly retryMs: number;
  readonly maxRetryMs: number;
}

const PACE: OtlpPace = { delayMs: 500, retryMs: 1_000, maxRetryMs: 30_000 };
/** A collector may ask for a longer pause; the queue is bounded, so nothing is gained by waiting for hours. */
const MAX_RETRY_AFTER_MS = 5 * 60_000;
/** What the specification says may be sent again; any other refusal is for good. */
const RETRYABLE: readonly number[] = [429, 502, 503, 504];
const SCOPE = 'mozaiks-workbench';

/** Why a request was not taken; `retryAfterMs` is null where it will never be. */
interface Failure {
  readonly reason: string;
  /** The collector's own words. */
  readonly detail?: string | undefined;
  readonly retryAfterMs: number | null;
}

/**
 * Sends stored traces to an OpenTelemetry collector, in batches and one request at a time, behind the calls that
 * they are of. What is not accepted waits in a bounded queue, the oldest leaves it first.
 */
export class OtlpExporter {
  readonly #target: OtlpTarget;
  readonly #pace: OtlpPace;
  readonly #log: Log;
  readonly #queue = new TraceQueue();
  readonly #changed = new Set<() => void>();
  readonly #aborter = new AbortController();
  #timer: NodeJS.Timeout | null = null;
  #sending: Promise<void> | null = null;
  #isStopping = false;
  #failure: Failure | null = null;
  #failures = 0;
  #lost = 0;

  constructor(target: OtlpTarget, log: Log, pace: OtlpPace = PACE) {
    this.#target = target;
    this.#log = log;
    this.#pace = pace;
  }

  /** Costs no more than a place in the queue. */
  add(trace: Trace): void {
    if (this.#isStopping) return;
    this.#lose(this.#queue.push(trace));
    if (this.#sending !== null) return;
    if (this.#timer === null) this.#schedule(this.#pace.delayMs);
    else if (this.#failure === null && this.#queue.hasJustFilled) this.#schedule(0);
  }

  /** What the user should know; none as long as everything arrives. */
  notices(): readonly string[] {
    const parts: string[] = [];
    if (this.#failure !== null) parts.push(`${this.#failure.reason}.`);
    if (this.#lost > 0) parts.push(`Executions that were not sent: ${this.#lost.toLocaleString('en')}.`);
    if (parts.length === 0) return [];
    return [`OpenTelemetry collector ${maskAddresses(this.#target.url)}: ${parts.join(' ')}`];
  }

  /** Called when `notices` changed. Returns `unsubscribe`. */
  onChanged(listener: () => void): () => void {
    this.#changed.add(listener);
    return () => this.#changed.delete(listener);
  }

  /** Sends what is left, each batch once, for `limitMs` at most. */
  async stop(limitMs: number): Promise<void> {
    this.#isStopping = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    const drained = this.#drain();
    await waitAtMost(drained, limitMs);
    this.#aborter.abort(new Error('The runtime stops'));
    await drained;
    if (this.#queue.size > 0) {
      this.#log.warn('Executions were not sent to the OpenTelemetry collector', { count: this.#queue.size });
    }
  }

  async #drain(): Promise<void> {
    await this.#sending;
    this.#failure = null;
    while (this.#queue.size > 0 && this.#failure === null) await this.#send();
  }

  #schedule(afterMs: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#sending = this.#send()
        .catch((error: unknown) => this.#log.error('Could not send executions', error))
        .finally(() => {
          this.#sending = null;
          if (!this.#isStopping && this.#queue.size > 0) this.#schedule(this.#nextPause());
        });
    }, afterMs).unref();
  }

  async #send(): Promise<void> {
    const batch = this.#queue.take();
    if (batch.length === 0) return;
    const failure = await this.#post(JSON.stringify(toRequest(this.#target, batch)));
    if (failure === null) return this.#succeed();
    if (failure.retryAfterMs === null) this.#lose(batch.length);
    else this.#lose(this.#queue.putBack(batch));
    this.#fail(failure);
  }

  async #post(body: string): Promise<Failure | null> {
    const { url, headers, timeoutMs, version } = this.#target;
    try {
      const answer = await httpCall({
        method: 'POST',
        url,
        headers: {
          'user-agent': `${SCOPE}/${version}`,
          ...headers,
          'content-type': 'application/json',
          'content-length': String(Buffer.byteLength(body)),
        },
        body,
        timeoutMs,
        signal: this.#aborter.signal,
      });
      if (answer.status >= 200 && answer.status < 300) return this.#readAccepted(answer);
      return refusal(answer, Date.now());
    } catch (error) {
      // Nothing answered: the same request may be taken later.
      return { reason: errorMessage(error), retryAfterMs: 0 };
    }
  }

  /** A collector may take a request and refuse some of its spans. */
  #readAccepted({ body }: HttpAnswer): null {
    const { partialSuccess } = parseObject(body);
    const { rejectedSpans, errorMessage: message } = asObject(partialSuccess);
    if (Number(rejectedSpans ?? 0) > 0) {
      this.#log.warn('The OpenTelemetry collector refused some spans', { count: rejectedSpans, message });
    }
    return null;
  }

  #nextPause(): number {
    const { delayMs, retryMs, maxRetryMs } = this.#pace;
    if (this.#failure === null) return this.#queue.isBatch ? 0 : delayMs;
    const backoff = Math.min(retryMs * 2 ** (this.#failures - 1), maxRetryMs);
    // Runtimes that were refused together don't come back together.
    const jittered = backoff * (0.8 + Math.random() * 0.4);
    return this.#failure.retryAfterMs || jittered;
  }

  #succeed(): void {
    if (this.#failure === null) return;
    this.#failure = null;
    this.#failures = 0;
    this.#log.info('The OpenTelemetry collector takes executions again');
    this.#notifyChanged();
  }

  /** Said once, until it works again. */
  #fail(failure: Failure): void {
    const isNews = this.#failure?.reason !== failure.reason;
    this.#failure = failure;
    this.#failures += 1;
    if (!isNews) return;
    const { reason, detail } = failure;
    const address = maskAddresses(this.#target.url);
    this.#log.warn(`Could not send executions to the OpenTelemetry collector ${address}`, { reason, detail });
    this.#notifyChanged();
  }

  #lose(count: number): void {
    if (count === 0) return;
    const isFirst = this.#lost === 0;
    this.#lost += count;
    if (isFirst) this.#log.warn('Executions are dropped that the OpenTelemetry collector does not take');
    this.#notifyChanged();
  }

  #notifyChanged(): void {
    for (const listener of this.#changed) listener();
  }
}

function toRequest({ serviceName, version, appId }: OtlpTarget, traces: readonly Trace[]): OtlpRequest {
  const attributes = toAttributes({
    'service.name': serviceName,
    'service.version': version,
    'mozaiks.app_id': appId,
  });
  const scopeSpans = [{ scope: { name: SCOPE, version }, spans: traces.flatMap(toSpans) }];
  return { resourceSpans: [{ resource: { attributes }, scopeSpans }] };
}

function refusal({ status, headers, body }: HttpAnswer, now: number): Failure {
  const { message } = parseObject(body);
  const detail = typeof message === 'string' ? message.slice(0, 200) : undefined;
  const retryAfterMs = RETRYABLE.includes(status) ? parseRetryAfter(headers['retry-after'], now) : null;
  return { reason: `HTTP ${status}`, detail, retryAfterMs };
}

/** Seconds or a date; 0 where neither is given. */
function parseRetryAfter(text: string | undefined, now: number): number {
  if (text === undefined) return 0;
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return ms > 0 ? Math.min(ms, MAX_RETRY_AFTER_MS) : 0;
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    return asObject(JSON.parse(text));
  } catch {
    // Whatever answered, it says nothing that is understood.
    return {};
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
