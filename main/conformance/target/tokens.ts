import { hmacSigner, type Sign } from '../../auth/hmac.ts';
import { extractRoles, extractUserId, extractUsername } from '../../auth/identity.ts';
import { PERSONA } from '../../auth/personas.ts';
import { decodeToken } from '../../auth/token-shape.ts';
import type { AuthConfig, ClaimNames, LocalAuthConfig } from '../../config/types.ts';
import { WorkbenchError } from '../../contract/errors.ts';
import { type Json, type JsonObject, tokenFromPasted } from '../../contract/http.ts';
import type { Caller, CheckContext, TokenKind } from './target.ts';

/**
 * The tokens for a target, and what follows from them. Tokens are secrets: a run masks them in everything it
 * stores.
 */
export type CheckTokens = Pick<CheckContext, 'mode' | 'tokens' | 'caller'>;

export const NO_TOKENS: CheckTokens = { mode: null, tokens: {}, caller: null };

/** The user in the token of a user without a name. */
export const NAMELESS_USER = 'user-without-a-name';

/** A list of roles, and what is left of it (CONTRACT.md §3). */
export const MIXED_ROLES: { readonly claimed: Json[]; readonly kept: readonly string[] } = {
  claimed: [' editor ', 7, '', null, { admin: true }, 'user'],
  kept: ['editor', 'user'],
};

/** Claim names of a runtime with default settings (CONTRACT.md §3). */
const DEFAULT_NAMES: ClaimNames = { superadminRole: 'superadmin' };

/**
 * Every kind of token, for a target that trusts `sign` and identifies callers as `auth` says.
 * @param now in milliseconds since the Unix epoch
 */
export async function signTokens(auth: AuthConfig, sign: Sign, now = Date.now()): Promise<CheckTokens> {
  const seconds = Math.floor(now / 1000);
  const claims = (persona: keyof typeof PERSONA) => PERSONA[persona].claims?.(auth, seconds) ?? {};
  const { exp: _never, ...unending } = claims('user');
  const user = await sign(claims('user'));
  const withRoles = (roles: Json) => sign({ ...claims('user'), [auth.claims.roles ?? 'roles']: roles });
  const tokens: Record<TokenKind, string> = {
    user,
    superadmin: await sign(claims('superadmin')),
    nameless: await sign(withoutName(claims('user'), auth.claims)),
    'odd-roles': await withRoles({ editor: true }),
    'odd-role-entries': await withRoles(MIXED_ROLES.claimed),
    ...forgeTokens(user),
    expired: await sign(claims('expired')),
    'no-expiry': await sign(unending),
    'no-subject': await sign(claims('no-subject')),
    'wrong-audience': await sign(claims('wrong-audience')),
  };
  return { mode: auth.mode, tokens, caller: readCaller(claims('user'), auth.claims) };
}

/**
 * Every kind of token for a target in local mode with this JWT_SECRET and otherwise default settings.
 * @throws {WorkbenchError} BAD_REQUEST when the secret is empty
 */
export function signTokensWithSecret(secret: string): Promise<CheckTokens> {
  if (secret.trim() === '') throw new WorkbenchError('BAD_REQUEST', 'The secret is empty');
  const auth: LocalAuthConfig = {
    mode: 'local',
    secret,
    algorithm: 'HS256',
    requireToken: false,
    leewaySeconds: 60,
    claims: DEFAULT_NAMES,
  };
  return signTokens(auth, hmacSigner(auth));
}

/**
 * The tokens that can be derived from one token without the key that signed it. Its user is read from its
 * claims, unverified: the checks are about how the target treats it.
 * @throws {WorkbenchError} BAD_REQUEST when a header can't carry it, or it has expired: every clause would
 *   fail for that alone
 */
export function deriveTokens(
  given: string,
  { names = DEFAULT_NAMES, now = Date.now() }: { readonly names?: ClaimNames; readonly now?: number } = {},
): CheckTokens {
  const token = tokenFromPasted(given);
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new WorkbenchError('BAD_REQUEST', 'This is not a token: give one word of printable characters');
  }
  const { header, claims } = decodeToken(token);
  if (header === null || claims === null) return { mode: null, tokens: { user: token }, caller: null };
  assertLive(claims, now);
  return {
    // Local mode has only a secret, external mode only public keys (CONTRACT.md §3).
    mode: /^(RS|PS|ES|Ed)/.test(String(header.alg)) ? 'external' : null,
    tokens: { user: token, ...forgeTokens(token) },
    caller: readCaller(claims, names),
  };
}

function assertLive({ exp }: JsonObject, now: number): void {
  if (typeof exp !== 'number' || exp * 1000 > now) return;
  const since = new Date(exp * 1000).toISOString();
  throw new WorkbenchError('BAD_REQUEST', `The token expired at ${since}: give one that is valid now`);
}

/** Derived from a valid token: one with a changed signature, one that asks not to be verified. */
function forgeTokens(token: string): Record<'tampered' | 'alg-none', string> {
  const [head = '', payload = '', signature = ''] = token.split('.');
  const bytes = Buffer.from(signature, 'base64url');
  // Still canonical base64url of the same length, so that only the signature can be the reason for a refusal.
  if (bytes.length > 0) bytes[0] = (bytes[0] ?? 0) ^ 1;
  const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url');
  return { tampered: `${head}.${payload}.${bytes.toString('base64url')}`, 'alg-none': `${none}.${payload}.` };
}

/** The user id stays also where it is taken from one of these claims; then it has no @ that a name could end at. */
function withoutName(claims: JsonObject, names: ClaimNames): JsonObject {
  const { [names.username ?? 'username']: _name, [names.email ?? 'email']: _email, ...others } = claims;
  return { ...others, [names.userId ?? 'sub']: NAMELESS_USER };
}

/** Null where the claims identify nobody. */
function readCaller(claims: JsonObject, names: ClaimNames): Caller | null {
  const userId = extractUserId(claims, names);
  const roles = extractRoles(claims, names);
  if (!userId.ok || !roles.ok) return null;
  const username = extractUsername(claims, names, userId);
  return { userId: userId.value, username: username.value, roles: roles.value };
}
