import type {
  ClauseCheck,
  ClauseVerdict,
  SeenVariant,
  VariantClauseCheck,
} from '../../main/conformance/checks/check.ts';
import { CLAUSE_CODE } from '../../main/conformance/checks/checks.ts';
import type { ClauseId } from '../../main/conformance/clauses/clauses.ts';
import type { Observed } from '../../main/conformance/run/exchange.ts';
import type { CheckContext, Variant } from '../../main/conformance/target/target.ts';
import { CONTEXT } from './check-target.ts';

/** An answer with that status and body; what is no text is sent as JSON. */
export function answer(
  status: number,
  body: unknown = {},
  more: Partial<Pick<Observed, 'headers' | 'durationMs'>> = {},
): Observed {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, body: text, headers: {}, durationMs: 1, ...more };
}

/** The probe's report of having received that. */
export function report(received: object, hash: string | null = null): Observed {
  return answer(200, { probe: 1, language: 'python', received, user_jwt_sha256: hash, environment: {} });
}

/** What a clause that is judged on one stage makes of answers. */
export function judged(
  id: ClauseId,
  answers: readonly Observed[],
  context: Partial<CheckContext> = {},
): ClauseVerdict {
  const code: ClauseCheck | VariantClauseCheck = CLAUSE_CODE[id];
  if ('stages' in code) throw new Error(`${id} is judged on several stages`);
  return code.judge(answers, { ...CONTEXT, ...context });
}

export type Seen = readonly [stage: Variant, seconds: number, ...answers: Observed[]] | Variant;

/** What a clause of several stages makes of them; a stage's name alone is one that can't be had. */
export function judgedStages(
  id: ClauseId,
  seen: readonly Seen[],
  over: Partial<CheckContext> = {},
): ClauseVerdict | null {
  const code: ClauseCheck | VariantClauseCheck = CLAUSE_CODE[id];
  if (!('stages' in code)) throw new Error(`${id} is judged on one stage`);
  const stages = seen.map((entry): SeenVariant => {
    if (typeof entry === 'string') return { stage: entry, skip: `no ${entry}` };
    const [stage, seconds, ...observed] = entry;
    const context: CheckContext = { ...CONTEXT, timeout: { seconds, from: 'default' }, ...over };
    return { stage, context, observed };
  });
  return code.judge(stages, stages.length === code.stages.length);
}
