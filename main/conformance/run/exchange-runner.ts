import { performance } from 'node:perf_hooks';
import { setTimeout as passed } from 'node:timers/promises';
import type { ExchangeView } from '../../contract/conformance.ts';
import type { Redactor } from '../../traces/record/redact.ts';
import type { VariantTarget } from '../target/target.ts';
import { describeExchange, type Exchange, type Observed, send } from './exchange.ts';

/** What came of a clause's exchanges. */
export interface ExchangeResults {
  /** One answer an exchange; null when one of them got none. */
  readonly observed: readonly Observed[] | null;
  /** Why an answer is missing, in words; null when none is. */
  readonly failure: string | null;
  /** Those that were sent, in order, masked. */
  readonly views: readonly ExchangeView[];
  /** Masks the tokens of the runtime that was asked. */
  readonly redactor: Redactor;
}

/** Makes the exchanges of one clause with a runtime. Never rejects. */
export type ExchangeRunner = (
  target: VariantTarget,
  exchanges: readonly Exchange[],
) => Promise<ExchangeResults>;

/** One exchange as it went; `answer` is null where none came, `failure` says why. */
interface ExchangeResult {
  readonly answer: Observed | null;
  readonly failure: string | null;
  readonly view: ExchangeView;
}

/** What was said to one runtime. */
interface TargetQueue {
  readonly redactor: Redactor;
  readonly results: Map<string, Promise<ExchangeResult>>;
  /** Settles when the clause before has its answers. */
  turn: Promise<unknown>;
}

/** The first 16 KiB of a body are kept. */
const MAX_BODY = 16_384;

/**
 * The exchanges of one run. Clauses take turns at a runtime, since a call that blocks or ends a plugin's process would break
 * the ones beside it; different runtimes are asked at the same time. What several clauses want to know is asked once.
 */
export function createExchangeRunner(redactor: Redactor, signal: AbortSignal | undefined): ExchangeRunner {
  const queues = new Map<string, TargetQueue>();
  return ({ origin, context }, exchanges) => {
    const known = queues.get(origin.origin);
    const tokens = Object.values(context.tokens);
    const lane = known ?? { redactor: redactor.with(tokens), results: new Map(), turn: Promise.resolve() };
    queues.set(origin.origin, lane);
    const heard = lane.turn.then(() => runExchanges(lane, origin, exchanges, signal));
    lane.turn = heard;
    return heard;
  };
}

async function runExchanges(
  lane: TargetQueue,
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
    } else await passed(besideAfterMs);
    open.push(sendDeduplicated(lane, origin, exchange, signal));
  }
  const said = await Promise.all(open);
  const failure = said.find((one) => one.failure !== null)?.failure ?? null;
  const answers = said.flatMap(({ answer }) => answer ?? []);
  const observed = answers.length === exchanges.length ? answers : null;
  return { observed, failure, views: said.map(({ view }) => view), redactor: lane.redactor };
}

/** The same exchange is made once a run, unless a clause needs it anew. */
function sendDeduplicated(
  lane: TargetQueue,
  origin: URL,
  exchange: Exchange,
  signal: AbortSignal | undefined,
): Promise<ExchangeResult> {
  if (exchange.fresh === true) return sendOnce(lane, origin, exchange, signal);
  const key = JSON.stringify(exchange);
  const said = lane.results.get(key) ?? sendOnce(lane, origin, exchange, signal);
  lane.results.set(key, said);
  return said;
}

async function sendOnce(
  { redactor }: TargetQueue,
  origin: URL,
  exchange: Exchange,
  signal: AbortSignal | undefined,
): Promise<ExchangeResult> {
  const request = describeExchange(exchange, redactor.text);
  const started = performance.now();
  const took = () => performance.now() - started;
  try {
    const answer = await send(origin, exchange, signal);
    return {
      answer,
      failure: null,
      view: { request, answer: toEvidence(answer, redactor), durationMs: took() },
    };
  } catch (error) {
    const failure = error instanceof Error ? error.message || error.name : String(error);
    return { answer: null, failure, view: { request, answer: null, durationMs: took() } };
  }
}

/** Masked before it is cut: of a secret that is cut, no mask matches the rest. */
function toEvidence({ status, headers, body }: Observed, redactor: Redactor): ExchangeView['answer'] {
  return { status, headers: redactor.headers(headers), body: redactor.text(body).slice(0, MAX_BODY) };
}
