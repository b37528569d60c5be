import { expect } from 'vitest';
import { createVerifier } from '../../main/auth/verify.ts';
import { local, NOW } from './signing.ts';

/** Local mode at the tests' moment. */
export const verifier = createVerifier(local, () => NOW);

/**
 * Has a token judged that must be refused: what the sender is told, and the first failed check with its
 * reason.
 */
export async function refusal(token: string, judge = verifier) {
  const verdict = await judge.verify(token);
  if (verdict.ok) throw new Error('the token was accepted');
  const failed = verdict.view.steps.filter((step) => step.verdict === 'failed');
  expect(failed.length).toBeGreaterThan(0);
  expect(verdict.view.verified).toBe(false);
  return { detail: verdict.detail, check: failed[0]?.check, reason: failed[0]?.detail ?? '', failed };
}
