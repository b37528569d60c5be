import type { AuthConfig } from '../config/types.ts';
import type { Json } from '../contract/http.ts';
import type { TokenRemedy } from '../contract/trace.ts';
import { show } from './format.ts';

/**
 * What to do about each failed check, and the setting to look at. For the developer's own UI; clients never
 * see it.
 */

const HMAC = ['HS256', 'HS384', 'HS512'];
const MODE = 'MOZAIKS_AUTH_MODE';

const remedy = (setting: string | null, text: string): TokenRemedy => ({ setting, text });

export function shapeRemedy(): TokenRemedy {
  return remedy(
    null,
    'Copy the whole token again, header.payload.signature, as its signer wrote it; no setting makes this shape acceptable.',
  );
}

/** The algorithm is refused: usually the token belongs to the other mode. */
export function algorithmRemedy(alg: Json | undefined, auth: AuthConfig): TokenRemedy {
  const name = typeof alg === 'string' ? alg : '';
  if (auth.mode === 'local') {
    if (HMAC.includes(name)) {
      return remedy('JWT_ALGORITHM', `Set JWT_ALGORITHM=${name}, or sign with ${auth.algorithm}.`);
    }
    if (/^(RS|PS|ES)\d{3}$|^Ed/.test(name)) {
      return remedy(
        MODE,
        `${name} tokens come from an identity provider: set ${MODE}=external (with MOZAIKS_JWKS_URL, MOZAIKS_ISSUER and MOZAIKS_AUDIENCE), or mint one with ${auth.algorithm} here.`,
      );
    }
    return remedy('JWT_ALGORITHM', `Sign it with ${auth.algorithm}; unsigned tokens are never accepted.`);
  }
  if (HMAC.includes(name)) {
    return remedy(
      MODE,
      `A shared secret verifies nothing in external mode: take a token of ${auth.issuer}, or set ${MODE}=local.`,
    );
  }
  if (/^(RS|PS|ES)\d{3}$|^Ed/.test(name)) {
    const list = [...auth.algorithms, name].join(',');
    return remedy('MOZAIKS_JWT_ALGORITHMS', `If your provider signs so, set MOZAIKS_JWT_ALGORITHMS=${list}.`);
  }
  const wanted = auth.algorithms.join(' or ');
  return remedy('MOZAIKS_JWT_ALGORITHMS', `Sign it with ${wanted}; unsigned tokens are never accepted.`);
}

export function kidRemedy(): TokenRemedy {
  return remedy(null, 'Sign with a kid of 1 to 256 visible characters without "..".');
}

/** The keys are known and none fits. */
export function unknownKeyRemedy(auth: AuthConfig): TokenRemedy {
  const own = auth.mode === 'external' && auth.devIssuer !== null;
  return remedy(
    'MOZAIKS_JWKS_URL',
    own
      ? 'Mint a new token. After “Rotate key” the new key works once the keys are fetched again, 10 s after the last fetch at the latest.'
      : 'Take a token of the provider at MOZAIKS_JWKS_URL. After a key rotation the keys are fetched again when a new kid appears, every 10 s at most.',
  );
}

/** There are no keys to search. */
export function unreachableKeysRemedy(auth: AuthConfig): TokenRemedy {
  const url = auth.mode === 'external' ? auth.jwksUrl : '';
  return remedy(
    'MOZAIKS_JWKS_URL',
    `Check that ${url} answers with a key set (curl ${url}), or set MOZAIKS_JWKS_URL to the provider’s jwks_uri.`,
  );
}

export function signatureRemedy(auth: AuthConfig): TokenRemedy {
  return auth.mode === 'local'
    ? remedy('JWT_SECRET', 'Sign with this runtime’s JWT_SECRET, or set JWT_SECRET to the signer’s.')
    : remedy(
        'MOZAIKS_JWKS_URL',
        'The token was changed after signing, or MOZAIKS_JWKS_URL is another provider’s.',
      );
}

/**
 * How far past (or ahead, for nbf) the tolerated time a token is, in seconds: a little points to the clocks.
 */
export function clockRemedy(seconds: number): TokenRemedy {
  return remedy(
    null,
    seconds <= 600
      ? 'If it was made just now, one of the two clocks is wrong: compare both times. Otherwise take a new token.'
      : 'Take a new token. If it was made just now, set the clock of this machine or of the signer.',
  );
}

export function typeRemedy(): TokenRemedy {
  return remedy(null, 'Send the access token that the provider issued with it.');
}

export function timeClaimRemedy(claim: string): TokenRemedy {
  return remedy(null, `Mint it with ${claim} as whole seconds since 1970, a number without quotes.`);
}

export function issuerRemedy(iss: Json | undefined, issuer: string): TokenRemedy {
  const text = typeof iss === 'string' ? iss : null;
  if (text !== null && text.replace(/\/$/, '') === issuer.replace(/\/$/, '')) {
    return remedy('MOZAIKS_ISSUER', `They differ in the slash at the end: set MOZAIKS_ISSUER=${text}.`);
  }
  if (text === null) return remedy('MOZAIKS_ISSUER', `The token must hold one iss, as text: "${issuer}".`);
  return remedy(
    'MOZAIKS_ISSUER',
    `Take a token of ${issuer}, or set MOZAIKS_ISSUER=${show(iss).slice(1, -1)} if that is your provider.`,
  );
}

export function audienceRemedy(aud: Json | undefined, audience: string): TokenRemedy {
  const [first] = (Array.isArray(aud) ? aud : [aud]).filter((entry) => typeof entry === 'string');
  const other =
    first === undefined ? '' : `, or set MOZAIKS_AUDIENCE=${show(first).slice(1, -1)} if that names this app`;
  return remedy('MOZAIKS_AUDIENCE', `Ask the issuer for a token with aud "${audience}"${other}.`);
}

/** A claim that should give a part of the identity does not. */
export function claimRemedy(setting: string, part: string): TokenRemedy {
  return remedy(setting, `Mint it with a usable ${part}, or set ${setting} to the claim that holds it.`);
}

export function manyRolesRemedy(limit: number): TokenRemedy {
  return remedy(
    'MOZAIKS_ROLES_CLAIM',
    `Have the issuer send ${limit} roles at most, or set MOZAIKS_ROLES_CLAIM to a claim with fewer.`,
  );
}
