import type { ExchangeView } from '../../contract/conformance.ts';
import type { Redactor } from '../../traces/record/redact.ts';
import {
  type ClauseCheck,
  type ClauseVerdict,
  failed,
  inconclusive,
  type SeenVariant,
  type VariantClauseCheck,
} from '../checks/check.ts';
import { isSkip } from '../checks/requests.ts';
import type { Skip, Variant } from '../target/target.ts';
import type { ExchangeResults, ExchangeRunner } from './exchange-runner.ts';
import type { FindVariant } from './variants.ts';

/** What the clauses of one run share. */
export interface ClauseRun {
  readonly findVariant: FindVariant;
  readonly runExchanges: ExchangeRunner;
  readonly redactor: Redactor;
}

/** The result of one clause. The verdict is not masked yet. */
export interface CheckOutcome {
  readonly clauseVerdict: ClauseVerdict;
  /** Masks the tokens of the runtimes that were called. */
  readonly redactor: Redactor;
  /** Descriptions of the second runtimes that were called. */
  readonly variants: readonly string[];
  /** Masked. */
  readonly exchanges: readonly ExchangeView[];
}

/** Tries one variant after the other until there is a verdict. Never rejects. */
export async function runCheck(
  clause: ClauseCheck | VariantClauseCheck,
  run: ClauseRun,
): Promise<CheckOutcome> {
  const code = 'variants' in clause ? clause : onOneVariant(clause);
  const asked: AskedVariant[] = [];
  let clauseVerdict: ClauseVerdict | null = null;
  for (const variant of code.variants) {
    asked.push(await ask(code, variant, run));
    clauseVerdict = evaluateAsked(code, asked);
    if (clauseVerdict !== null) break;
  }
  return {
    clauseVerdict: clauseVerdict ?? inconclusive('', 'The answers do not show whether it passes'),
    redactor: asked.findLast(({ results }) => results !== null)?.results?.redactor ?? run.redactor,
    variants: [...new Set(asked.flatMap(({ description }) => description ?? []))],
    exchanges: asked.flatMap(({ results }) => results?.views ?? []),
  };
}

/** A variant that was called, or could not be. */
interface AskedVariant {
  readonly seen: SeenVariant;
  readonly results: ExchangeResults | null;
  readonly description: string | null;
}

async function ask(
  code: VariantClauseCheck,
  variant: Variant | null,
  { findVariant, runExchanges }: ClauseRun,
): Promise<AskedVariant> {
  const unasked = ({ skip, code }: Skip): AskedVariant => ({
    seen: { variant, skip, code },
    results: null,
    description: null,
  });
  const target = await findVariant(variant);
  if (isSkip(target)) return unasked(target);
  const { context, description } = target;
  const exchanges = code.send(context);
  if (isSkip(exchanges)) return unasked(exchanges);
  const results = await runExchanges(target, exchanges);
  return { seen: { variant, context, observed: results.observed ?? [] }, results, description };
}

function evaluateAsked(code: VariantClauseCheck, asked: readonly AskedVariant[]): ClauseVerdict | null {
  const silent = asked.find(({ results }) => results !== null && results.observed === null);
  if (silent !== undefined) return failed('no answer', `No answer: ${silent.results?.failure}`);
  try {
    return code.evaluate(
      asked.map(({ seen }) => seen),
      asked.length === code.variants.length,
    );
  } catch (error) {
    // Answers are not trusted; one that a check did not foresee must not end the run.
    return inconclusive('', `The answers could not be evaluated: ${String(error)}`);
  }
}

function onOneVariant({ variant, send, evaluate }: ClauseCheck): VariantClauseCheck {
  return {
    variants: [variant ?? null],
    send,
    evaluate([seen]) {
      if (seen === undefined) return inconclusive('', 'the target was not called');
      if (isSkip(seen)) return inconclusive('', seen.skip, seen.code);
      return evaluate(seen.observed, seen.context);
    },
  };
}
