import type {
  ClauseCheck,
  ClauseVerdict,
  SeenVariant,
  VariantClauseCheck,
} from '../../main/conformance/checks/check.ts';
import { CLAUSE_CHECKS } from '../../main/conformance/checks/checks.ts';
import type { ClauseId } from '../../main/conformance/clauses/clauses.ts';
import type { Observed } from '../../main/conformance/run/exchange.ts';
import type { CheckContext, Variant } from '../../main/conformance/target/target.ts';
import { CONTEXT } from './check-target.ts';

/** An answer with that status and body; anything but a string is sent as JSON. */
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

/** What a clause that is evaluated on one variant makes of answers. */
export function evaluate(
  id: ClauseId,
  answers: readonly Observed[],
  context: Partial<CheckContext> = {},
): ClauseVerdict {
  const code: ClauseCheck | VariantClauseCheck = CLAUSE_CHECKS[id];
  if ('variants' in code) throw new Error(`${id} is evaluated on several variants`);
  return code.evaluate(answers, { ...CONTEXT, ...context });
}

export type Seen = readonly [variant: Variant, seconds: number, ...answers: Observed[]] | Variant;

/** What a clause of several variants makes of them; a variant's name alone is one that can't be had. */
export function evaluateVariants(
  id: ClauseId,
  seen: readonly Seen[],
  over: Partial<CheckContext> = {},
): ClauseVerdict | null {
  const code: ClauseCheck | VariantClauseCheck = CLAUSE_CHECKS[id];
  if (!('variants' in code)) throw new Error(`${id} is evaluated on one variant`);
  const variants = seen.map((entry): SeenVariant => {
    if (typeof entry === 'string') return { variant: entry, skip: `no ${entry}` };
    const [variant, seconds, ...observed] = entry;
    const context: CheckContext = { ...CONTEXT, timeout: { seconds, from: 'default' }, ...over };
    return { variant, context, observed };
  });
  return code.evaluate(variants, variants.length === code.variants.length);
}
