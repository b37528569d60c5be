import type { Json, JsonObject } from '../contract/http.ts';

/**
 * What a token must look like before anything cryptographic looks at it. Everything here is
 * attacker-controlled text: it is measured, decoded strictly and otherwise left alone.
 */

/** Bytes of one token (SECURITY.md §4). */
const MAX_TOKEN_BYTES = 8192;

/** Header parameters that would let a token name its own key, or change how it is read. */
const REFUSED_PARAMETERS = ['jku', 'jwk', 'x5u', 'x5c', 'crit', 'b64', 'enc', 'zip'];
const MAX_DEPTH = 100;

export type Authorization =
  | { readonly kind: 'none' }
  | { readonly kind: 'bearer'; readonly token: string }
  /** `token` is what followed the scheme, for masking. */
  | { readonly kind: 'malformed'; readonly detail: string; readonly token: string | null };

/** Reads the raw Authorization header values of one request; more than one header is never accepted. */
export function readAuthorization(values: readonly string[]): Authorization {
  const [value] = values;
  if (value === undefined) return { kind: 'none' };
  const sent = value.replace(/^\s*[^\s]*\s+/, '').trim() || null;
  if (values.length > 1) {
    return { kind: 'malformed', detail: 'Send exactly one Authorization header', token: sent };
  }
  const [, token] = /^bearer +([^\s]+)$/i.exec(value.trim()) ?? [];
  if (token !== undefined) return { kind: 'bearer', token };
  return { kind: 'malformed', detail: 'The Authorization header must be "Bearer <token>"', token: sent };
}

/** What could be decoded, and why not more; `reason` is null when the shape is right. */
export interface DecodedToken {
  readonly header: JsonObject | null;
  readonly claims: JsonObject | null;
  readonly reason: string | null;
}

/**
 * Decodes compact JWS strictly: three segments, canonical base64url, UTF-8, JSON objects of bounded depth.
 */
export function decodeToken(token: string): DecodedToken {
  const bytes = Buffer.byteLength(token);
  if (bytes > MAX_TOKEN_BYTES) {
    return refused(`The token has ${bytes} bytes; at most ${MAX_TOKEN_BYTES} are accepted.`);
  }
  const segments = token.split('.');
  const [head = '', body = '', signature = ''] = segments;
  if (segments.length === 5)
    return refused('This is an encrypted token (JWE); only signed ones are accepted.');
  if (segments.length !== 3) {
    return refused(`A token has 3 parts between dots; this one has ${segments.length}.`);
  }
  const header = decodePart(head);
  const claims = decodePart(body);
  const found = {
    header: typeof header === 'string' ? null : header,
    claims: typeof claims === 'string' ? null : claims,
  };
  if (typeof header === 'string') return { ...found, reason: `The header ${header}.` };
  if (typeof claims === 'string') return { ...found, reason: `The payload ${claims}.` };
  if (signature === '') {
    return { ...found, reason: 'The signature is empty; unsigned tokens are never accepted.' };
  }
  if (!isCanonical(signature)) return { ...found, reason: 'The signature is not canonical base64url.' };
  const refusedName = REFUSED_PARAMETERS.find((name) => Object.hasOwn(header, name));
  if (refusedName === undefined) return { ...found, reason: null };
  return {
    ...found,
    reason: `The header parameter ${refusedName} is not accepted: keys and rules come from the settings alone.`,
  };
}

function refused(reason: string): DecodedToken {
  return { header: null, claims: null, reason };
}

/** The JSON object in a segment, or what is wrong with it. */
function decodePart(segment: string): JsonObject | string {
  if (!isCanonical(segment)) return 'is not canonical base64url';
  try {
    const value: Json = JSON.parse(
      new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(segment, 'base64url')),
    );
    if (!isObject(value)) return 'is not a JSON object';
    return isDeeper(value, MAX_DEPTH) ? `is nested deeper than ${MAX_DEPTH}` : value;
  } catch (error) {
    if (error instanceof SyntaxError) return 'is not JSON';
    if (error instanceof TypeError) return 'is not UTF-8';
    throw error;
  }
}

/**
 * One text per value: no padding, no foreign letters, no spare bits; else one token would have many
 * spellings.
 */
function isCanonical(segment: string): boolean {
  return /^[\w-]+$/.test(segment) && Buffer.from(segment, 'base64url').toString('base64url') === segment;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Level by level, so that hostile nesting costs no stack. */
function isDeeper(value: Json, limit: number): boolean {
  let level: Json[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > limit) return true;
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
  }
  return false;
}
