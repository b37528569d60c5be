import type { Json, JsonObject } from '../../../main/contract/http.ts';

/** One line of a pretty-printed JSON object, with the path of the claim it belongs to. */
export interface ClaimLine {
  /** `realm_access.roles`; the empty string for the outer braces. */
  readonly path: string;
  readonly depth: number;
  /** The key, null inside lists and for closing brackets. */
  readonly key: string | null;
  /** The rest of the line: the value, or the bracket that opens or closes one. */
  readonly text: string;
}

/** Longest list that stays on one line, in characters. */
const INLINE_LENGTH = 72;

/** Pretty-prints a token's claims line by line; lists of plain values stay on one line. */
export function claimLines(claims: JsonObject): readonly ClaimLine[] {
  return lines('', null, claims, 0, '');
}

/** Whether a line belongs to one of these claims, given by their paths; the object around a claim doesn't. */
export function belongsToClaims(linePath: string, claims: readonly string[]): boolean {
  return claims.some((claim) => linePath === claim || linePath.startsWith(`${claim}.`));
}

/** Claims that are times in seconds since the epoch (RFC 7519 §4.1). */
const TIME_CLAIMS = ['exp', 'nbf', 'iat', 'auth_time'];

/** The time in a claim such as `exp`, as local date and time; null for any other line. */
export function formatClaimTime({ path, text }: Pick<ClaimLine, 'path' | 'text'>): string | null {
  if (!TIME_CLAIMS.includes(path)) return null;
  const at = new Date(Number.parseFloat(text) * 1000);
  return Number.isNaN(at.getTime())
    ? null
    : at.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
}

function lines(
  path: string,
  key: string | null,
  value: Json,
  depth: number,
  tail: string,
): readonly ClaimLine[] {
  if (!isNested(value)) return [{ path, depth, key, text: `${JSON.stringify(value)}${tail}` }];
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  const entries = Object.entries(value);
  const inner = entries.flatMap(([name, item], at) => {
    const comma = at < entries.length - 1 ? ',' : '';
    const below = path === '' ? name : `${path}.${name}`;
    return Array.isArray(value)
      ? lines(path, null, item, depth + 1, comma)
      : lines(below, name, item, depth + 1, comma);
  });
  return [{ path, depth, key, text: open }, ...inner, { path, depth, key: null, text: `${close}${tail}` }];
}

/**
 * Whether a value spans lines of its own: objects with keys do, and lists that contain objects or are long.
 */
function isNested(value: Json): value is Json[] | JsonObject {
  if (typeof value !== 'object' || value === null) return false;
  if (!Array.isArray(value)) return Object.keys(value).length > 0;
  return (
    value.some((item) => typeof item === 'object' && item !== null) ||
    JSON.stringify(value).length > INLINE_LENGTH
  );
}
