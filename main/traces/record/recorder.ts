import { performance } from 'node:perf_hooks';
import { toErrorBody } from '../../contract/errors.ts';
import type { IdentityView, NewTrace, Span, Step, TokenView } from '../../contract/trace.ts';
import type { SeenBody } from './body.ts';
import { buildTrace } from './build.ts';
import type { Ending, Facts, Injected, Judge, Ran, RecordedRequest, SeenAnswer } from './facts.ts';
import type { TraceIds } from './trace-context.ts';

/**
 * Gathers one trace while a request is answered. Facts arrive unmasked, secrets included, and live no longer
 * than the request: `finish` masks all of them at once, with the request's own tokens known by then.
 */
export interface TraceRecorder {
  readonly ids: TraceIds;
  /** Times one step. A throw, or `span.ok = false`, fails it; the error is rethrown to the caller. */
  step<T>(step: Step, work: (span: OpenSpan) => T | Promise<T>): Promise<T>;
  /** Adds a step that was timed elsewhere after the last one. */
  addSpan(step: Step, durationMs: number, result?: { readonly ok?: boolean; readonly note?: string }): void;
  identified(identity: IdentityView | null, token: TokenView | null): void;
  read(body: SeenBody): void;
  injected(facts: Injected): void;
  ran(facts: Ran): void;
  /** Says how production would have answered otherwise: what follows "In production: ". Once is enough. */
  inProduction(line: string): void;
  /** What is asked for findings once the answer is out, so that no client waits for them. */
  judgedBy(judge: Judge): void;
  /** How it ended, unless something has said so before: the first cause is the one to show. */
  ended(ending: Ending): void;
  /**
   * Masks what there is and lets go of the rest, which may be a hundred times as much: for an answer whose
   * client takes its time.
   */
  seal(answer: SeenAnswer): void;
  /** Masks and completes. Call it once, when the answer is out; with null when the client is gone. */
  finish(answer: SeenAnswer | null): NewTrace;
}

/** What a step may say about itself while it runs. */
export interface OpenSpan {
  ok: boolean;
  note?: string;
}

export function createRecorder(request: RecordedRequest): TraceRecorder {
  const startedAt = Date.now();
  const { from = performance.now() } = request;
  const elapsed = () => performance.now() - from;
  const facts = noFacts();
  let sealed: NewTrace | null = null;
  const time = () => ({ startedAt, durationMs: elapsed() });
  return {
    ids: request.ids,
    step: (step, work) => timeStep(facts.spans, elapsed, step, work),
    addSpan(step, durationMs, { ok = true, note } = {}) {
      const startMs = endOf(facts.spans);
      facts.spans.push(
        note === undefined ? { step, startMs, durationMs, ok } : { step, startMs, durationMs, ok, note },
      );
    },
    identified(identity, token) {
      facts.identity = identity;
      facts.token = token;
    },
    read(body) {
      facts.body = body;
    },
    injected(injected) {
      facts.injected = injected;
    },
    ran(ran) {
      facts.ran = ran;
    },
    inProduction(line) {
      facts.inProduction.add(line);
    },
    judgedBy(judge) {
      facts.judge = judge;
    },
    ended(ending) {
      facts.ending ??= ending;
    },
    seal(answer) {
      sealed = buildTrace(request, facts, answer, time());
      Object.assign(facts, { ...noFacts(), spans: facts.spans });
    },
    finish(answer) {
      if (sealed === null) return buildTrace(request, facts, answer, time());
      const spans = [...sealed.spans, ...facts.spans.slice(sealed.spans.length)];
      const complete = { ...sealed, ...time(), spans };
      return answer === null ? { ...complete, outcome: 'aborted', status: null, response: null } : complete;
    },
  };
}

function noFacts(): Facts {
  return {
    spans: [],
    identity: null,
    token: null,
    body: null,
    injected: null,
    ran: null,
    inProduction: new Set(),
    judge: null,
    ending: null,
  };
}

async function timeStep<T>(
  spans: Span[],
  elapsed: () => number,
  step: Step,
  work: (span: OpenSpan) => T | Promise<T>,
): Promise<T> {
  const open: OpenSpan = { ok: true };
  const startMs = elapsed();
  try {
    return await work(open);
  } catch (error) {
    open.ok = false;
    open.note = toErrorBody(error).detail;
    throw error;
  } finally {
    spans.push({ step, startMs, durationMs: elapsed() - startMs, ...open });
  }
}

function endOf(spans: readonly Span[]): number {
  const last = spans.at(-1);
  return last === undefined ? 0 : last.startMs + last.durationMs;
}
