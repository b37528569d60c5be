import type { AuthConfig } from '../config/types.ts';
import type { Json, JsonObject } from '../contract/http.ts';
import type { TokenRemedy } from '../contract/trace.ts';
import { duration, formatTime, show } from './format.ts';
import { audienceRemedy, clockRemedy, issuerRemedy, timeClaimRemedy, typeRemedy } from './remedies.ts';

/**
 * The registered claims, verified one by one. jose verifies them as well and its verdict binds; this one
 * reports every failure at once, explains it, and is stricter about types.
 */

/** One claim's verdict. `detail` is for the developer, `refusal` for the 401's body. */
export interface ClaimVerdict {
  readonly check: string;
  readonly verdict: 'passed' | 'failed' | 'skipped';
  readonly detail: string;
  readonly refusal?: string;
  readonly remedy?: TokenRemedy;
}

/**
 * Whether it is a token for an API (RFC 8725 §3.11): an ID or refresh token of the same provider is signed by
 * the same key. The header's `typ` says so where it is set, Keycloak's claim `typ` always.
 */
export function verifyType(header: JsonObject, claims: JsonObject): ClaimVerdict {
  const check = 'type';
  const inHeader = own(header, 'typ');
  if (inHeader !== undefined && !(typeof inHeader === 'string' && ACCESS_TOKEN.test(inHeader))) {
    const detail = `The header's typ is ${show(inHeader)}; if it is there, it must be JWT or at+jwt.`;
    return failed(check, detail, NO_ACCESS_TOKEN, typeRemedy());
  }
  const claim = own(claims, 'typ');
  if (typeof claim === 'string' && OTHER_TOKEN.test(claim)) {
    const detail = `The claim typ is ${show(claim)}: the token is meant for its client or its provider, not for an API.`;
    return failed(check, detail, NO_ACCESS_TOKEN, typeRemedy());
  }
  return passed(check, inHeader === undefined ? 'Not set.' : `${inHeader} is accepted.`);
}

const NO_ACCESS_TOKEN = 'Token is not an access token';
/** Media types have no case; "application/" may be left out (RFC 7515 §4.1.9). */
const ACCESS_TOKEN = /^(application\/)?(jwt|at\+jwt)$/i;
const OTHER_TOKEN = /^(ID|Refresh|Offline|Logout)$/i;

/** Verifies exp, nbf, iss and aud; `now` in seconds since the Unix epoch. */
export function verifyClaims(claims: JsonObject, auth: AuthConfig, now: number): readonly ClaimVerdict[] {
  const clock = { now, leeway: auth.leewaySeconds };
  return [
    verifyExpiry(own(claims, 'exp'), clock),
    verifyNotBefore(own(claims, 'nbf'), clock),
    ...(auth.mode === 'external'
      ? [verifyIssuer(own(claims, 'iss'), auth.issuer), verifyAudience(own(claims, 'aud'), auth.audience)]
      : [skipped('iss', 'Local mode checks no issuer.'), skipped('aud', 'Local mode checks no audience.')]),
  ];
}

/** In seconds: the time now, and by how much it may be off. */
interface Clock {
  readonly now: number;
  readonly leeway: number;
}

function verifyExpiry(exp: Json | undefined, clock: Clock): ClaimVerdict {
  const check = 'exp';
  if (exp === undefined) {
    const detail = 'The token has no exp; every token must expire.';
    return failed(check, detail, 'Token has no expiry (exp)', timeClaimRemedy('exp'));
  }
  if (!Number.isSafeInteger(exp)) {
    const detail = `exp is ${show(exp)}; it must be whole seconds since 1970.`;
    return failed(check, detail, 'Token has no valid expiry (exp)', timeClaimRemedy('exp'));
  }
  const left = Number(exp) - clock.now;
  if (left + clock.leeway <= 0) {
    const detail = `Expired ${duration(-left)} ago: ${bothClocks('exp', Number(exp), clock)}`;
    return failed(check, detail, 'Token expired', clockRemedy(-left));
  }
  if (left > 0) return passed(check, `Expires in ${duration(left)}.`);
  return passed(check, `Expired ${duration(-left)} ago, within the ${clock.leeway} s allowed.`);
}

function verifyNotBefore(nbf: Json | undefined, clock: Clock): ClaimVerdict {
  const check = 'nbf';
  if (nbf === undefined) return passed(check, 'Not set: valid at once.');
  if (!Number.isSafeInteger(nbf)) {
    const detail = `nbf is ${show(nbf)}; it must be whole seconds since 1970.`;
    return failed(check, detail, 'Token has no valid start (nbf)', timeClaimRemedy('nbf'));
  }
  const ahead = Number(nbf) - clock.now;
  if (ahead <= clock.leeway) return passed(check, 'Valid already.');
  const detail = `Valid only in ${duration(ahead)}: ${bothClocks('nbf', Number(nbf), clock)}`;
  return failed(check, detail, 'Token not valid yet', clockRemedy(ahead));
}

/** Both times, since either clock may be the wrong one. */
function bothClocks(claim: string, at: number, { now, leeway }: Clock): string {
  return `${claim} is ${formatTime(at)}, the clock here says ${formatTime(now)}; ${leeway} s of difference are allowed.`;
}

function verifyIssuer(iss: Json | undefined, issuer: string): ClaimVerdict {
  if (iss === issuer) return passed('iss', `Issued by ${issuer}.`);
  const detail = `iss is ${show(iss)}, but this runtime wants "${issuer}" (MOZAIKS_ISSUER).`;
  return failed('iss', detail, 'Invalid token issuer', issuerRemedy(iss, issuer));
}

function verifyAudience(aud: Json | undefined, audience: string): ClaimVerdict {
  const list = Array.isArray(aud) ? aud : [aud];
  const text = list.every((entry) => typeof entry === 'string');
  if (text && list.includes(audience)) return passed('aud', `Meant for ${audience}.`);
  const detail = `aud is ${show(aud)}, but this runtime wants "${audience}" (MOZAIKS_AUDIENCE).`;
  return failed('aud', detail, 'Invalid token audience', audienceRemedy(aud, audience));
}

function own(claims: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(claims, name) ? claims[name] : undefined;
}

const passed = (check: string, detail: string): ClaimVerdict => ({ check, verdict: 'passed', detail });
const skipped = (check: string, detail: string): ClaimVerdict => ({ check, verdict: 'skipped', detail });
const failed = (check: string, detail: string, refusal: string, remedy: TokenRemedy): ClaimVerdict => {
  return { check, verdict: 'failed', detail, refusal, remedy };
};
