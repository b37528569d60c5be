import type { Json, JsonObject } from '../../../main/contract/http.ts';
import type { ClaimNamesView } from '../../../main/contract/token.ts';
import { formatAge } from '../../components/text/format.ts';

/** The claims that the form shows, and how it changes them. Pure. */
export interface ClaimFields {
  readonly userId: string;
  readonly username: string;
  readonly roles: readonly string[];
  readonly superadmin: boolean;
  readonly iss: string;
  readonly aud: string;
  /** Seconds since the epoch; null when absent or invalid. */
  readonly exp: number | null;
}

export function readFields(claims: JsonObject, names: ClaimNamesView): ClaimFields {
  const exp = claims.exp;
  return {
    userId: formatClaim(findClaim(claims, names.userId)),
    username: formatClaim(findClaim(claims, names.username)),
    roles: parseRoles(findClaim(claims, names.roles)),
    superadmin: findClaim(claims, names.superadmin) === true,
    iss: formatClaim(claims.iss),
    aud: Array.isArray(claims.aud) ? claims.aud.map(formatClaim).join(', ') : formatClaim(claims.aud),
    exp: typeof exp === 'number' && Number.isSafeInteger(exp) ? exp : null,
  };
}

/**
 * Sets a claim, or removes it for undefined. Keys keep their order; a dotted name is followed as a path where
 * one exists.
 */
export function withClaim(claims: JsonObject, name: string, value: Json | undefined): JsonObject {
  const [first = '', ...rest] = name.split('.');
  const inner = Object.hasOwn(claims, first) ? claims[first] : undefined;
  if (!Object.hasOwn(claims, name) && rest.length > 0 && isObject(inner)) {
    return { ...claims, [first]: withClaim(inner, rest.join('.'), value) };
  }
  if (value !== undefined) return { ...claims, [name]: value };
  return Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));
}

/** Text as a claim; empty text removes it. */
export function textClaim(text: string): string | undefined {
  return text === '' ? undefined : text;
}

/** One audience as a string, several separated by commas as a list. */
export function audienceClaim(text: string): Json | undefined {
  if (!text.includes(',')) return textClaim(text);
  return text.split(',').map((entry) => entry.trim());
}

/**
 * Sets exp to `seconds` from `now` (ms since the epoch), and iat to now where the claims have one; null
 * removes exp.
 */
export function withExpiry(claims: JsonObject, seconds: number | null, now: number): JsonObject {
  if (seconds === null) return withClaim(claims, 'exp', undefined);
  const at = Math.floor(now / 1000);
  const issued = Object.hasOwn(claims, 'iat') ? { ...claims, iat: Math.min(at, at + seconds - 60) } : claims;
  return { ...issued, exp: at + seconds };
}

/** "in 58 min", "12 s ago"; both in ms since the epoch. */
export function formatUntil(at: number, now: number): string {
  return at >= now ? `in ${formatAge(at - now)}` : `${formatAge(now - at)} ago`;
}

/** As the runtime looks it up: the exact name first, then the dotted path. */
function findClaim(claims: JsonObject, name: string): Json | undefined {
  if (Object.hasOwn(claims, name)) return claims[name];
  return name
    .split('.')
    .reduce<Json | undefined>(
      (value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined),
      claims,
    );
}

function parseRoles(value: Json | undefined): readonly string[] {
  if (typeof value === 'string') return value.split(/[\s,]+/).filter((role) => role !== '');
  return Array.isArray(value) ? [...new Set(value.map(formatClaim))] : [];
}

function formatClaim(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
