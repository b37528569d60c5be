import type { JsonObject } from '../contract/http.ts';
import type { TokenRemedy, TokenStep, TokenView } from '../contract/trace.ts';
import type { Extracted, Identity, IdentityProvenance } from './identity.ts';
import { type CallerDifference, differencesOfRefused } from './production.ts';

/** Every check of a token, in order. */
const CHECKS = [
  'shape',
  'algorithm',
  'key',
  'signature',
  'type',
  'exp',
  'nbf',
  'iss',
  'aud',
  'user id',
  'username',
  'roles',
  'superadmin',
] as const;

interface Accepted {
  readonly identity: Identity;
  readonly provenance: IdentityProvenance;
  readonly differences: readonly CallerDifference[];
}

export type TokenVerdict =
  | ({ readonly ok: true; readonly view: TokenView } & Accepted)
  /** `detail` is for the 401's body. */
  | {
      readonly ok: false;
      readonly detail: string;
      readonly view: TokenView;
      readonly differences: readonly CallerDifference[];
    };

/** Why a check failed. */
export interface Failure {
  readonly detail: string;
  readonly remedy?: TokenRemedy | undefined;
  /** What the 401 says. */
  readonly refusal: string;
}

/** Collects the verdict of each check; the first failure is the one that the 401 names. */
export interface StepRecord {
  /** `refusal` is what the 401 says if this step failed. */
  add(step: TokenStep, refusal?: string): void;
  pass(check: string, detail: string): void;
  /** `refusal` for what can be refused. */
  extracted(check: string, found: Extracted<unknown>, refusal?: string): void;
  isRefused(): boolean;
  /** Ends with this failure: what comes after it is skipped. */
  refuse(check: string, failure: Failure): TokenVerdict;
  /** The refusal of what failed so far. */
  refused(): TokenVerdict;
  /** Accepts unless a step failed. */
  accept(accepted: Accepted): TokenVerdict;
}

/** What a failed step says in the 401 when it has no refusal of its own. */
export const INVALID_TOKEN = 'Invalid token';

export function createStepRecord(header: JsonObject | null, claims: JsonObject | null): StepRecord {
  const steps: TokenStep[] = [];
  let refusal: string | null = null;

  const add: StepRecord['add'] = (step, words = INVALID_TOKEN) => {
    steps.push(step);
    if (step.verdict === 'failed') refusal ??= words;
  };
  const view = (verified: boolean): TokenView => ({ header, claims, steps: completed(steps), verified });
  const refused = (): TokenVerdict => {
    const seen = view(false);
    const differences = differencesOfRefused(seen);
    return { ok: false, detail: refusal ?? INVALID_TOKEN, view: seen, differences };
  };

  return {
    add,
    pass: (check, detail) => add({ check, verdict: 'passed', detail }),
    extracted: (check, found, words) => {
      if (!found.ok) {
        add({ check, verdict: 'failed', detail: found.detail, remedy: found.remedy }, words);
        return;
      }
      const detail = `${JSON.stringify(found.value)} from ${found.origin.label}.`;
      add({ check, verdict: 'passed', detail });
    },
    isRefused: () => refusal !== null,
    refuse: (check, { detail, remedy, refusal }) => {
      add({ check, verdict: 'failed', detail, remedy }, refusal);
      return refused();
    },
    refused,
    accept: (accepted) => (refusal === null ? { ok: true, view: view(true), ...accepted } : refused()),
  };
}

/** Adds the checks that were not reached. */
function completed(steps: readonly TokenStep[]): readonly TokenStep[] {
  const done = new Set(steps.map(({ check }) => check));
  const failed = steps.find(({ verdict }) => verdict === 'failed')?.check ?? 'an earlier check';
  const rest = CHECKS.filter((check) => !done.has(check)).map((check): TokenStep => {
    return { check, verdict: 'skipped', detail: `Not checked, since ${failed} failed.`, reached: false };
  });
  return [...steps, ...rest];
}
