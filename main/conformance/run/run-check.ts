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
  readonly findStage: FindVariant;
  readonly converse: ExchangeRunner;
  readonly redactor: Redactor;
}

/** What came of one clause. The judgement is not masked yet. */
export interface CheckOutcome {
  readonly judgement: ClauseVerdict;
  /** Knows the tokens of the runtimes that were asked. */
  readonly redactor: Redactor;
  /** Descriptions of the second runtimes that were asked. */
  readonly stages: readonly string[];
  /** Masked. */
  readonly exchanges: readonly ExchangeView[];
}

/** Asks one stage after the other until the clause can be judged. Never rejects. */
export async function runCheck(
  clause: ClauseCheck | VariantClauseCheck,
  run: ClauseRun,
): Promise<CheckOutcome> {
  const code = 'stages' in clause ? clause : onOneStage(clause);
  const asked: Asked[] = [];
  let judgement: ClauseVerdict | null = null;
  for (const stage of code.stages) {
    asked.push(await ask(code, stage, run));
    judgement = judgeAsked(code, asked);
    if (judgement !== null) break;
  }
  return {
    judgement: judgement ?? inconclusive('', 'Nothing shows whether it is kept'),
    redactor: asked.findLast(({ heard }) => heard !== null)?.heard?.redactor ?? run.redactor,
    stages: [...new Set(asked.flatMap(({ description }) => description ?? []))],
    exchanges: asked.flatMap(({ heard }) => heard?.views ?? []),
  };
}

/** A stage that was asked, or could not be. */
interface Asked {
  readonly seen: SeenVariant;
  readonly heard: ExchangeResults | null;
  readonly description: string | null;
}

async function ask(
  code: VariantClauseCheck,
  stage: Variant | null,
  { findStage, converse }: ClauseRun,
): Promise<Asked> {
  const unasked = ({ skip }: Skip): Asked => ({ seen: { stage, skip }, heard: null, description: null });
  const target = await findStage(stage);
  if (isSkip(target)) return unasked(target);
  const { context, description } = target;
  const exchanges = code.send(context);
  if (isSkip(exchanges)) return unasked(exchanges);
  const heard = await converse(target, exchanges);
  return { seen: { stage, context, observed: heard.observed ?? [] }, heard, description };
}

function judgeAsked(code: VariantClauseCheck, asked: readonly Asked[]): ClauseVerdict | null {
  const silent = asked.find(({ heard }) => heard !== null && heard.observed === null);
  if (silent !== undefined) return failed('no answer', `No answer: ${silent.heard?.failure}`);
  try {
    return code.judge(
      asked.map(({ seen }) => seen),
      asked.length === code.stages.length,
    );
  } catch (error) {
    // Answers are written by strangers; what a clause did not foresee of them must not end the run.
    return inconclusive('', `The answers could not be judged: ${String(error)}`);
  }
}

function onOneStage({ stage, send, judge }: ClauseCheck): VariantClauseCheck {
  return {
    stages: [stage ?? null],
    send,
    judge([seen]) {
      if (seen === undefined || isSkip(seen)) return inconclusive('', seen?.skip ?? '');
      return judge(seen.observed, seen.context);
    },
  };
}
