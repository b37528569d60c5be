import { type CryptoKey, errors, type JWTVerifyOptions, jwtVerify } from 'jose';
import type { AuthConfig } from '../config/types.ts';
import type { JsonObject } from '../contract/http.ts';
import type { KeysView } from '../contract/token.ts';
import type { TokenRemedy } from '../contract/trace.ts';
import { verifyClaims, verifyType } from './claims.ts';
import { show } from './format.ts';
import {
  extractRoles,
  extractSuperadmin,
  extractUserId,
  extractUsername,
  type Identity,
} from './identity.ts';
import type { KeyHeader } from './jwks.ts';
import { externalKeys, type KeyFinder, localKeys } from './key-finder.ts';
import { differencesOfAccepted } from './production.ts';
import { algorithmRemedy, kidRemedy, shapeRemedy, signatureRemedy } from './remedies.ts';
import {
  createStepRecord,
  type Failure,
  INVALID_TOKEN,
  type StepRecord,
  type TokenVerdict,
} from './steps.ts';
import { decodeToken } from './token-shape.ts';

/**
 * Threat model: a token is text from a stranger. It never chooses its algorithm, its key or where a key comes
 * from; the settings do, for each token again. jose decides about signature and registered claims with an
 * explicit policy; the checks around it may only refuse more. A refusal's body says no more than its sender
 * may know: a bad signature and an unknown key look alike. The exact reason is in the steps, which only the
 * developer's own UI shows.
 */

export interface Verifier {
  /** Verifies one token. Never rejects. */
  verify(token: string): Promise<TokenVerdict>;
  notices(): readonly string[];
  /** The provider's current keys; null in local mode. */
  keys(): KeysView | null;
}

/** Makes the verifier of one mode; `now` in milliseconds since the Unix epoch. */
export function createVerifier(
  auth: AuthConfig,
  now: () => number,
  onKeysFetched: () => void = () => undefined,
): Verifier {
  const second = () => Math.floor(now() / 1000);
  if (auth.mode === 'local') {
    const keys = localKeys(auth.secret);
    const verifyOnce = oncePerSecond((token, seconds) => verify(token, auth, keys, () => seconds));
    return { verify: (token) => verifyOnce(token, second()), notices: () => [], keys: () => null };
  }
  const keys = externalKeys(auth, now, onKeysFetched);
  return {
    verify: (token) => verify(token, auth, keys, second),
    notices: () => [keys.notice()].filter((text) => text !== null),
    keys: keys.view,
  };
}

/** Tokens verified within one second whose verdicts are remembered. */
const MAX_VERDICTS = 256;

/**
 * In local mode a verdict follows from the token, the settings and the second alone: the same token is
 * verified once a second, however many requests bring it, and again in the next, when it may have expired.
 */
function oncePerSecond(
  verifyToken: (token: string, seconds: number) => Promise<TokenVerdict>,
): (token: string, seconds: number) => Promise<TokenVerdict> {
  const verdicts = new Map<string, Promise<TokenVerdict>>();
  let current = Number.NaN;
  return (token, seconds) => {
    if (seconds !== current || verdicts.size >= MAX_VERDICTS) verdicts.clear();
    current = seconds;
    const known = verdicts.get(token);
    if (known !== undefined) return known;
    const verdict = verifyToken(token, seconds);
    verdicts.set(token, verdict);
    return verdict;
  };
}

/** Verifies one token with the keys given. Never rejects. */
export async function verify(
  token: string,
  auth: AuthConfig,
  keys: KeyFinder,
  /** Since the Unix epoch. */
  second: () => number,
): Promise<TokenVerdict> {
  const { header, claims, reason } = decodeToken(token);
  const record = createStepRecord(header, claims);
  if (reason !== null || !header || !claims) {
    return record.refuse('shape', invalid(reason ?? 'Not decodable.', shapeRemedy()));
  }
  record.pass('shape', 'Three parts, canonical base64url, JSON.');

  const policy = readHeader(header, auth);
  if ('check' in policy) return record.refuse(policy.check, policy.failure);
  record.pass('algorithm', `${policy.alg} is accepted.`);

  const found = await keys.find(policy);
  if (!found.ok) return record.refuse('key', found);
  record.pass('key', found.detail);

  const seconds = second();
  const objection = await verifyWithJose(token, found.key, auth, seconds);
  if (objection?.about === 'signature') {
    const detail = signatureDetail(auth, policy.alg, objection.code);
    return record.refuse('signature', invalid(detail, signatureRemedy(auth)));
  }
  record.pass('signature', `${policy.alg} verified.`);
  const verdicts = [verifyType(header, claims), ...verifyClaims(claims, auth, seconds)];
  for (const { refusal, ...step } of verdicts) record.add(step, refusal);
  // jose's verdict is final, also where our own checks found nothing.
  if (objection && !record.isRefused()) {
    return record.refuse(objection.claim, invalid(`Refused by the claim check (${objection.code}).`));
  }
  return identify(claims, auth, record, seconds);
}

function identify(claims: JsonObject, auth: AuthConfig, record: StepRecord, seconds: number): TokenVerdict {
  const userId = extractUserId(claims, auth.claims);
  const roles = extractRoles(claims, auth.claims);
  record.extracted('user id', userId, 'Token has no usable user id');
  if (!userId.ok) return record.refused();
  const username = extractUsername(claims, auth.claims, userId);
  record.extracted('username', username);
  record.extracted('roles', roles, 'Token has no usable roles');
  if (!roles.ok) return record.refused();
  const superadmin = extractSuperadmin(claims, roles, auth.claims);
  record.pass('superadmin', `${superadmin.value} (${superadmin.origin.label}).`);
  const identity: Identity = {
    kind: 'token',
    userId: userId.value,
    username: username.value,
    roles: roles.value,
    isSuperadmin: superadmin.value,
  };
  return record.accept({
    identity,
    differences: differencesOfAccepted(claims, identity, auth, seconds),
    provenance: {
      userId: userId.origin,
      username: username.origin,
      roles: roles.origin,
      isSuperadmin: superadmin.origin,
    },
  });
}

/** A failure whose sender learns no more than that the token is invalid. */
function invalid(detail: string, remedy?: TokenRemedy): Failure {
  return { detail, refusal: INVALID_TOKEN, remedy };
}

type HeaderPolicy = KeyHeader | { readonly check: string; readonly failure: Failure };

/** The header may name an accepted algorithm and a key's id; what it names is looked up, never followed. */
function readHeader(header: JsonObject, auth: AuthConfig): HeaderPolicy {
  const accepted = auth.mode === 'local' ? [auth.algorithm] : auth.algorithms;
  const alg = Object.hasOwn(header, 'alg') ? header.alg : undefined;
  if (typeof alg !== 'string' || !accepted.some((name) => name === alg)) {
    const variable = auth.mode === 'local' ? 'JWT_ALGORITHM' : 'MOZAIKS_JWT_ALGORITHMS';
    const detail = `alg is ${show(alg)}, but ${auth.mode} mode takes ${accepted.join(', ')} (${variable}).`;
    return { check: 'algorithm', failure: invalid(detail, algorithmRemedy(alg, auth)) };
  }
  if (!Object.hasOwn(header, 'kid')) return { alg };
  const { kid } = header;
  if (typeof kid === 'string' && /^[\x21-\x7e]{1,256}$/.test(kid) && !kid.includes('..')) return { alg, kid };
  const detail = `kid is ${show(kid)}; it must be a plain id, not a path.`;
  return { check: 'key', failure: invalid(detail, kidRemedy()) };
}

type JoseError =
  | { readonly about: 'signature'; readonly code: string }
  | { readonly about: 'claims'; readonly code: string; readonly claim: string };

/**
 * jose's verdict with the whole policy spelled out; its errors hold the payload, so only their codes leave
 * here.
 */
async function verifyWithJose(
  token: string,
  key: CryptoKey | Uint8Array,
  auth: AuthConfig,
  seconds: number,
): Promise<JoseError | null> {
  const options: JWTVerifyOptions = {
    algorithms: auth.mode === 'local' ? [auth.algorithm] : [...auth.algorithms],
    requiredClaims: ['exp'],
    clockTolerance: auth.leewaySeconds,
    currentDate: new Date(seconds * 1000),
  };
  if (auth.mode === 'external') {
    options.issuer = auth.issuer;
    options.audience = auth.audience;
  }
  try {
    await jwtVerify(token, key, options);
    return null;
  } catch (error) {
    if (error instanceof errors.JWTExpired || error instanceof errors.JWTClaimValidationFailed) {
      return { about: 'claims', code: error.code, claim: error.claim };
    }
    if (error instanceof errors.JOSEError) return { about: 'signature', code: error.code };
    return { about: 'signature', code: error instanceof Error ? error.name : 'unknown' };
  }
}

function signatureDetail(auth: AuthConfig, alg: string, code: string): string {
  if (code !== 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED') return `The signature can't be checked (${code}).`;
  return auth.mode === 'local'
    ? `The ${alg} signature doesn't fit: the token was signed with another secret than JWT_SECRET, or changed afterwards.`
    : `The ${alg} signature doesn't fit the key that the token names: it was signed with another one, or changed afterwards.`;
}
