import type { Json, JsonObject } from '../../../main/contract/http.ts';
import type { ClaimNamesView } from '../../../main/contract/token.ts';
import { formatAge } from '../../components/text/format.ts';

/** The claims that the form beside the JSON shows, and how it changes them. Pure. */
export interface ClaimFields {
  readonly userId: string;
  readonly username: string;
  readonly roles: readonly string[];
  readonly superadmin: boolean;
  readonly iss: string;
  readonly aud: string;
  /** Seconds since the epoch; null when there is none that makes sense. */
  readonly exp: number | null;
}

export function readFields(claims: JsonObject, names: ClaimNamesView): ClaimFields {
  const exp = claims.exp;
  return {
    userId: textOf(findClaim(claims, names.userId)),
    username: textOf(findClaim(claims, names.username)),
    roles: rolesOf(findClaim(claims, names.roles)),
    superadmin: findClaim(claims, names.superadmin) === true,
    iss: textOf(claims.iss),
    aud: Array.isArray(claims.aud) ? claims.aud.map(textOf).join(', ') : textOf(claims.aud),
    exp: typeof exp === 'number' && Number.isSafeInteger(exp) ? exp : null,
  };
}

/** Sets a claim, or drops it for undefined. Keys keep their order; a dotted name goes where its path leads, if it does. */
export function withClaim(claims: JsonObject, name: string, value: Json | undefined): JsonObject {
  const [first = '', ...rest] = name.split('.');
  const inner = Object.hasOwn(claims, first) ? claims[first] : undefined;
  if (!Object.hasOwn(claims, name) && rest.length > 0 && isObject(inner)) {
    return { ...claims, [first]: withClaim(inner, rest.join('.'), value) };
  }
  if (value !== undefined) return { ...claims, [name]: value };
  return Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));
}

/** Text as a claim: an empty one is none. */
export function textClaim(text: string): string | undefined {
  return text === '' ? undefined : text;
}

/** One audience as text, several between commas as a list. */
export function audienceClaim(text: string): Json | undefined {
  if (!text.includes(',')) return textClaim(text);
  return text.split(',').map((entry) => entry.trim());
}

/** Sets exp to `seconds` from `now` (ms since the epoch), and iat to now where the token has one; null drops exp. */
export function withExpiry(claims: JsonObject, seconds: number | null, now: number): JsonObject {
  if (seconds === null) return withClaim(claims, 'exp', undefined);
  const at = Math.floor(now / 1000);
  const issued = Object.hasOwn(claims, 'iat') ? { ...claims, iat: Math.min(at, at + seconds - 60) } : claims;
  return { ...issued, exp: at + seconds };
}

/** "in 58 min", "12 s ago"; both in ms since the epoch. */
export function untilWords(at: number, now: number): string {
  return at >= now ? `in ${formatAge(at - now)}` : `${formatAge(now - at)} ago`;
}

/** As the runtime finds it: the very name first, then the dotted path. */
function findClaim(claims: JsonObject, name: string): Json | undefined {
  if (Object.hasOwn(claims, name)) return claims[name];
  return name
    .split('.')
    .reduce<Json | undefined>(
      (value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined),
      claims,
    );
}

function rolesOf(value: Json | undefined): readonly string[] {
  if (typeof value === 'string') return value.split(/[\s,]+/).filter((role) => role !== '');
  return Array.isArray(value) ? [...new Set(value.map(textOf))] : [];
}

function textOf(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
