import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExchangeView } from '../../contract/conformance.ts';
import { errorMessage } from '../../system/errors.ts';
import type { Redactor } from '../../traces/record/redact.ts';
import type { VariantTarget } from '../target/target.ts';
import { disguisesOf, maskBeginning } from './evidence.ts';
import { describeExchange, type Exchange, type Observed, send } from './exchange.ts';

/** The results of a clause's exchanges. */
export interface ExchangeResults {
  /** One answer per exchange; null when one of them got none. */
  readonly observed: readonly Observed[] | null;
  /** Why an answer is missing; null when none is. */
  readonly failure: string | null;
  /** The exchanges that were sent, in order, masked. */
  readonly views: readonly ExchangeView[];
  /** Masks the tokens of the runtime that was asked. */
  readonly redactor: Redactor;
}

/** Sends the exchanges of one clause to a runtime. Never rejects. */
export type ExchangeRunner = (
  target: VariantTarget,
  exchanges: readonly Exchange[],
) => Promise<ExchangeResults>;

/** `answer` is null when none came; `failure` says why. */
interface ExchangeResult {
  readonly answer: Observed | null;
  readonly failure: string | null;
  readonly view: ExchangeView;
}

/** The exchanges with one runtime. */
interface TargetQueue {
  readonly redactor: Redactor;
  readonly results: Map<string, Promise<ExchangeResult>>;
  /** Settles when the previous clause has its answers. */
  turn: Promise<unknown>;
}

/** The first 16 KiB of a body are retained. */
const MAX_BODY = 16_384;

/**
 * The exchanges of one run. Clauses take turns at a runtime, since a call that blocks or ends a plugin's
 * process would break concurrent ones; different runtimes are called concurrently. An exchange that several
 * clauses need is sent once.
 */
export function createExchangeRunner(redactor: Redactor, signal: AbortSignal | undefined): ExchangeRunner {
  const queues = new Map<string, TargetQueue>();
  return ({ origin, context }, exchanges) => {
    const known = queues.get(origin.origin);
    const tokens = Object.values(context.tokens);
    const queue = known ?? {
      redactor: redactor.with(tokens.flatMap(disguisesOf)),
      results: new Map(),
      turn: Promise.resolve(),
    };
    queues.set(origin.origin, queue);
    const results = queue.turn.then(() => runExchanges(queue, origin, exchanges, signal));
    queue.turn = results;
    return results;
  };
}

async function runExchanges(
  queue: TargetQueue,
  origin: URL,
  exchanges: readonly Exchange[],
  signal: AbortSignal | undefined,
): Promise<ExchangeResults> {
  const open: Promise<ExchangeResult>[] = [];
  for (const exchange of exchanges) {
    const { besideAfterMs } = exchange;
    if (besideAfterMs === undefined) {
      // After one that got no answer, the next would only wait as long.
      if ((await Promise.all(open)).some(({ answer }) => answer === null)) break;
    } else await sleep(besideAfterMs);
    open.push(sendDeduplicated(queue, origin, exchange, signal));
  }
  const results = await Promise.all(open);
  const failure = results.find((one) => one.failure !== null)?.failure ?? null;
  const answers = results.flatMap(({ answer }) => answer ?? []);
  const observed = answers.length === exchanges.length ? answers : null;
  return { observed, failure, views: results.map(({ view }) => view), redactor: queue.redactor };
}

/** An identical exchange is sent once a run, unless a clause needs it sent again. */
function sendDeduplicated(
  queue: TargetQueue,
  origin: URL,
  exchange: Exchange,
  signal: AbortSignal | undefined,
): Promise<ExchangeResult> {
  if (exchange.fresh === true) return sendOnce(queue, origin, exchange, signal);
  const key = JSON.stringify(exchange);
  const result = queue.results.get(key) ?? sendOnce(queue, origin, exchange, signal);
  queue.results.set(key, result);
  return result;
}

async function sendOnce(
  { redactor }: TargetQueue,
  origin: URL,
  exchange: Exchange,
  signal: AbortSignal | undefined,
): Promise<ExchangeResult> {
  const request = describeExchange(exchange, redactor.text);
  const started = performance.now();
  const elapsed = () => performance.now() - started;
  try {
    const answer = await send(origin, exchange, signal);
    return {
      answer,
      failure: null,
      view: { request, answer: toEvidence(answer, redactor), durationMs: elapsed() },
    };
  } catch (error) {
    const failure = errorMessage(error);
    return { answer: null, failure, view: { request, answer: null, durationMs: elapsed() } };
  }
}

function toEvidence({ status, headers, body }: Observed, redactor: Redactor): ExchangeView['answer'] {
  return { status, headers: redactor.headers(headers), body: maskBeginning(body, redactor, MAX_BODY) };
}
