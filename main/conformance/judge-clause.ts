import type { ExchangeView } from '../contract/conformance.ts';
import type { Redactor } from '../traces/redact.ts';
import {
  type ClauseCode,
  failed,
  type Judgement,
  type SeenStage,
  type StagedClauseCode,
  undecided,
} from './clause.ts';
import type { Converse, Heard } from './conversation.ts';
import { isSkip } from './requests.ts';
import type { FindStage } from './stages.ts';
import type { Skip, Stage } from './target.ts';

/** What the clauses of one run share. */
export interface ClauseRun {
  readonly findStage: FindStage;
  readonly converse: Converse;
  readonly redactor: Redactor;
}

/** What came of one clause. The judgement is not masked yet. */
export interface Outcome {
  readonly judgement: Judgement;
  /** Knows the tokens of the runtimes that were asked. */
  readonly redactor: Redactor;
  /** Descriptions of the second runtimes that were asked. */
  readonly stages: readonly string[];
  /** Masked. */
  readonly exchanges: readonly ExchangeView[];
}

/** Asks one stage after the other until the clause can be judged. Never rejects. */
export async function judgeClause(clause: ClauseCode | StagedClauseCode, run: ClauseRun): Promise<Outcome> {
  const code = 'stages' in clause ? clause : onOneStage(clause);
  const asked: Asked[] = [];
  let judgement: Judgement | null = null;
  for (const stage of code.stages) {
    asked.push(await ask(code, stage, run));
    judgement = judgeAsked(code, asked);
    if (judgement !== null) break;
  }
  return {
    judgement: judgement ?? undecided('', 'Nothing shows whether it is kept'),
    redactor: asked.findLast(({ heard }) => heard !== null)?.heard?.redactor ?? run.redactor,
    stages: [...new Set(asked.flatMap(({ description }) => description ?? []))],
    exchanges: asked.flatMap(({ heard }) => heard?.views ?? []),
  };
}

/** A stage that was asked, or could not be. */
interface Asked {
  readonly seen: SeenStage;
  readonly heard: Heard | null;
  readonly description: string | null;
}

async function ask(
  code: StagedClauseCode,
  stage: Stage | null,
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

function judgeAsked(code: StagedClauseCode, asked: readonly Asked[]): Judgement | null {
  const silent = asked.find(({ heard }) => heard !== null && heard.observed === null);
  if (silent !== undefined) return failed('no answer', `No answer: ${silent.heard?.failure}`);
  try {
    return code.judge(
      asked.map(({ seen }) => seen),
      asked.length === code.stages.length,
    );
  } catch (error) {
    // Answers are written by strangers; what a clause did not foresee of them must not end the run.
    return undecided('', `The answers could not be judged: ${String(error)}`);
  }
}

function onOneStage({ stage, send, judge }: ClauseCode): StagedClauseCode {
  return {
    stages: [stage ?? null],
    send,
    judge([seen]) {
      if (seen === undefined || isSkip(seen)) return undecided('', seen?.skip ?? '');
      return judge(seen.observed, seen.context);
    },
  };
}
