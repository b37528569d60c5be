import { createHmac, createVerify, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { Data, Identity, TokenRules } from './rules.ts';

/**
 * Whom the stand-in trusts: a secret (local mode), or a public key with issuer and audience (external mode).
 */
export type Trust =
  | { readonly mode: 'local'; readonly secret: string }
  | {
      readonly mode: 'external';
      readonly publicKey: KeyObject;
      readonly issuer: string;
      readonly audience: string;
    };

export const DEVELOPER: Identity = {
  user_id: 'dev-user',
  username: 'dev-user',
  roles: ['user'],
  is_superadmin: false,
};

const TOLERANCE_SECONDS = 60;

/** The identity that a token proves, or why it proves none (CONTRACT.md §3). */
export function verify(token: string, trust: Trust, refuses: TokenRules): Identity | string {
  const [head = '', payload = '', signature = '', more] = token.split('.');
  const header = decode(head);
  const claims = decode(payload);
  if (header === null || claims === null || more !== undefined) return 'Invalid token';
  const isUnsigned = header.alg === 'none' && !refuses.unsigned;
  if (!isUnsigned && !isSigned(`${head}.${payload}`, signature, header.alg, trust, refuses)) {
    return 'Invalid token signature';
  }
  if (refuses.oddRoles && !isPlainRoles(claims.roles)) return 'Invalid roles';
  const problem = timeProblem(claims, refuses) ?? audienceProblem(claims, trust, refuses);
  return problem ?? identityOf(claims, refuses) ?? 'Token names no user';
}

function isSigned(
  signed: string,
  signature: string,
  alg: unknown,
  trust: Trust,
  refuses: TokenRules,
): boolean {
  if (alg !== (trust.mode === 'local' ? 'HS256' : 'RS256') || signature === '') return false;
  if (!refuses.signature) return true;
  const given = Buffer.from(signature, 'base64url');
  if (trust.mode === 'external') {
    return createVerify('RSA-SHA256').update(signed).verify(trust.publicKey, given);
  }
  const right = createHmac('sha256', trust.secret).update(signed).digest();
  return given.length === right.length && timingSafeEqual(given, right);
}

function timeProblem({ exp, nbf }: Data, refuses: TokenRules): string | null {
  const now = Date.now() / 1000;
  if (exp === undefined && refuses.noExpiry) return 'Token has no expiry';
  if (exp !== undefined && typeof exp !== 'number') return 'Token has no valid expiry';
  if (typeof exp === 'number' && exp + TOLERANCE_SECONDS <= now && refuses.expired) return 'Token expired';
  if (typeof nbf === 'number' && nbf - TOLERANCE_SECONDS > now) return 'Token not valid yet';
  return null;
}

function audienceProblem({ iss, aud }: Data, trust: Trust, refuses: TokenRules): string | null {
  if (trust.mode === 'local') return null;
  if (iss !== trust.issuer) return 'Invalid token issuer';
  const isMeant = (Array.isArray(aud) ? aud : [aud]).includes(trust.audience);
  return isMeant || !refuses.audience ? null : 'Invalid token audience';
}

function identityOf(claims: Data, refuses: TokenRules): Identity | null {
  const user = claims.sub ?? claims.user_id ?? claims.uid;
  if (typeof user !== 'string' && refuses.noSubject) return null;
  const roles = rolesOf(claims);
  const userId = typeof user === 'string' ? user : 'unknown';
  return {
    user_id: userId,
    username: usernameOf(claims) ?? userId,
    roles,
    is_superadmin: claims.is_superadmin === true || roles.some((role) => role.toLowerCase() === 'superadmin'),
  };
}

function usernameOf({ username, preferred_username, email }: Data): string | null {
  if (typeof username === 'string') return username;
  if (typeof preferred_username === 'string') return preferred_username;
  return typeof email === 'string' ? (email.split('@')[0] ?? null) : null;
}

function rolesOf({ roles, realm_access, resource_access }: Data): readonly string[] {
  const inside = (access: unknown) => (access as { roles?: unknown } | undefined)?.roles ?? [];
  const keycloak = [realm_access, ...Object.values(resource_access ?? {})].flatMap(inside);
  const given = typeof roles === 'string' ? roles.split(/[\s,]+/) : (roles ?? keycloak);
  const texts = (Array.isArray(given) ? given : []).filter((role) => typeof role === 'string');
  return [...new Set(texts.map((role: string) => role.trim()).filter((role) => role !== ''))];
}

function isPlainRoles(roles: unknown): boolean {
  if (roles === undefined || typeof roles === 'string') return true;
  return Array.isArray(roles) && roles.every((role) => typeof role === 'string');
}

function decode(part: string): Data | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as Data) : null;
  } catch {
    return null; // No JSON is no token, which the caller says.
  }
}
