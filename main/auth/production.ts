import type { AuthConfig } from '../config/types.ts';
import type { Json, JsonObject } from '../contract/http.ts';
import type { IdentityView, TokenView } from '../contract/trace.ts';
import { findClaim } from './identity.ts';

/**
 * What production would have decided otherwise about a caller (CONTRACT.md §7). Facts alone: their texts are
 * in server/in-production.ts.
 */
export type CallerDifference =
  /** None was sent, and it wasn't needed here. */
  | 'no-token'
  /** `exp` has passed or `nbf` lies ahead, by less than the leeway. */
  | 'leeway'
  /** Only the missing `exp` refused the token. */
  | 'no-expiry'
  /** Only its type refused the token. */
  | 'token-type'
  /** Elevated by a claim or a role that no setting names. */
  | 'superadmin-by-default'
  /** The named claim is true as Python sees it, but not exactly `true`. */
  | 'superadmin-truthy';

/** About a token that was accepted; `now` in seconds since the Unix epoch. Pure. */
export function differencesOfAccepted(
  claims: JsonObject,
  { isSuperadmin }: IdentityView,
  { claims: names }: AuthConfig,
  now: number,
): readonly CallerDifference[] {
  const { exp, nbf } = claims;
  const byLeeway = (typeof exp === 'number' && exp <= now) || (typeof nbf === 'number' && nbf > now);
  const isNamed = names.superadmin !== undefined || names.superadminRoleIsSet === true;
  const named = names.superadmin === undefined ? undefined : findClaim(claims, names.superadmin);
  const found: (CallerDifference | false)[] = [
    byLeeway && 'leeway',
    isSuperadmin && !isNamed && 'superadmin-by-default',
    !isSuperadmin && isTruthy(named) && 'superadmin-truthy',
  ];
  return found.filter((difference) => difference !== false);
}

/** About a token that was refused. Pure. */
export function differencesOfRefused({ claims, steps }: TokenView): readonly CallerDifference[] {
  const failed = steps.filter(({ verdict }) => verdict === 'failed').map(({ check }) => check);
  if (failed.join() === 'type') return ['token-type'];
  const hasExpiry = claims === null || Object.hasOwn(claims, 'exp');
  return failed.join() === 'exp' && !hasExpiry ? ['no-expiry'] : [];
}

/** As Python's `bool` sees a value of JSON. */
function isTruthy(value: Json | undefined): boolean {
  if (value === null || typeof value !== 'object') return Boolean(value);
  return Object.keys(value).length > 0;
}
