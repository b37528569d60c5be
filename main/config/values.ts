import { isIP } from 'node:net';
import type { HmacAlgorithm } from './types.ts';

/** Parsers for the text of one variable: its value, or what would be right. */
type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly remedy: string };
export type Parse<T> = (text: string) => Parsed<T>;

const good = <T>(value: T): Parsed<T> => ({ ok: true, value });
const bad = (remedy: string): { readonly ok: false; readonly remedy: string } => ({ ok: false, remedy });

/** `setTimeout` fires at once beyond 2^31 − 1 ms. */
const MAX_TIMEOUT_SECONDS = 2_147_483;

/** Text of 1–256 characters without control characters. */
export const text: Parse<string> = (value) =>
  value.length <= 256 && !hasControl(value)
    ? good(value)
    : bad('give 1 to 256 characters without control characters');

/** A path as the system can take it. */
export const path: Parse<string> = (value) => (value.includes('\0') ? bad('give a path') : good(value));

/** A whole number in decimal digits, both ends included. */
export function wholeNumber(from: number, to: number): Parse<number> {
  return (value) => {
    const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    return number >= from && number <= to ? good(number) : bad(`give a whole number from ${from} to ${to}`);
  };
}

/** Seconds as decimal digits, fractions allowed; the value is in milliseconds, at least 1. */
export const seconds: Parse<number> = (value) => {
  const number = /^(\d+\.?\d*|\.\d+)$/.test(value) ? Number(value) : Number.NaN;
  return number > 0 && number <= MAX_TIMEOUT_SECONDS
    ? good(Math.max(1, Math.round(number * 1000)))
    : bad(`give seconds above 0 and up to ${MAX_TIMEOUT_SECONDS}, such as 30 or 0.5`);
};

export const flag: Parse<boolean> = (value) => {
  if (/^(true|1|yes|on)$/i.test(value)) return good(true);
  if (/^(false|0|no|off)$/i.test(value)) return good(false);
  return bad('give true or false');
};

/** One of a closed list; case-sensitive. */
export function oneOf<T extends string>(choices: readonly T[]): Parse<T> {
  return (value) => {
    const found = choices.find((choice) => choice === value);
    return found === undefined ? bad(`give one of ${choices.join(', ')}`) : good(found);
  };
}

/** Entries between commas; empty ones are dropped, duplicates too; one invalid entry refuses the list. */
export function listOf<T extends string>(parse: Parse<T>): Parse<readonly T[]> {
  return (value) => {
    const entries = value
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '')
      .map((entry) => ({ entry, parsed: parse(entry) }));
    const values: T[] = [];
    for (const { entry, parsed } of entries) {
      if (!parsed.ok) return bad(`"${entry}": ${parsed.remedy}`);
      values.push(parsed.value);
    }
    return values.length === 0 ? bad('give at least one entry') : good([...new Set(values)]);
  };
}

/** An address or a host name; `localhost` means 127.0.0.1, since a name could resolve to something wider. */
export const host: Parse<string> = (value) => {
  const bare = value.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (bare === 'localhost') return good('127.0.0.1');
  if (isIP(bare) !== 0) return good(bare);
  return isHostName(bare) && !/^[\d.]+$/.test(bare) ? good(bare) : bad('give an address such as 127.0.0.1');
};

/** Whether only this machine can reach what is bound to this address. */
export function isLoopback(address: string): boolean {
  return address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));
}

/** A Host header to accept: `name` or `name:port`, compared whole. Wildcards are refused. */
export const allowedHost: Parse<string> = (value) => {
  const [, name = '', port] = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(value.toLowerCase()) ?? [];
  const known = isHostName(name) || isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0;
  return known && Number(port ?? 1) >= 1 && Number(port ?? 1) <= 65_535
    ? good(value.toLowerCase())
    : bad(
        'give host names as a client sends them, such as workbench.test or workbench.test:8080; no wildcard',
      );
};

/** An origin exactly as a browser sends it: no path, no slash at the end, no default port. */
export const origin: Parse<string> = (value) => {
  const url = parseUrl(value);
  if (!url || url.host === '' || url.host.includes('*')) return bad(ORIGIN_REMEDY);
  return url.origin === value ? good(value) : bad(`give the origin alone: ${url.origin}`);
};
const ORIGIN_REMEDY = 'give an exact http: or https: origin, such as http://localhost:5173; never * or null';

/** An http(s) address without credentials in it. */
export const httpUrl: Parse<string> = (value) => {
  const url = parseUrl(value);
  return url && url.username === '' && url.password === '' && url.hash === ''
    ? good(value)
    : bad('give an http: or https: address without credentials');
};

/** Repeated letters are as long as a random secret, and guessed at once. */
const LEAST_DIFFERENT_BYTES = 8;

/**
 * Key material for HMAC, at least as long as the hash (RFC 7518 §3.2). Public or private keys are refused:
 * verifying HS256 with a public key is the classic forgery (SECURITY.md §4).
 */
export function hmacSecret(algorithm: HmacAlgorithm): Parse<string> {
  const least = HASH_BYTES[algorithm];
  return (value) => {
    if (/-----BEGIN|^ssh-/.test(value)) return bad('this looks like a PEM or SSH key; give a random secret');
    if (/^\s*[{[]/.test(value)) return bad('this looks like a JWK; give a random secret');
    const bytes = Buffer.from(value);
    if (bytes.length < least) {
      return bad(`${bytes.length} bytes long; ${algorithm} takes at least ${least} random bytes`);
    }
    const different = new Set(bytes).size;
    if (different >= LEAST_DIFFERENT_BYTES) return good(value);
    return bad(`only ${different} different bytes; give at least ${least} random bytes`);
  };
}

const HASH_BYTES: Readonly<Record<HmacAlgorithm, number>> = { HS256: 32, HS384: 48, HS512: 64 };

function parseUrl(value: string): URL | null {
  if (!/^https?:\/\//i.test(value) || /\s/.test(value)) return null;
  try {
    return new URL(value);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

function isHostName(name: string): boolean {
  return name.length <= 253 && /^(?!-)[a-z\d-]{1,63}(?<!-)(\.(?!-)[a-z\d-]{1,63}(?<!-))*$/.test(name);
}

/** Control characters, line separators included. */
function hasControl(value: string): boolean {
  return /[\p{Cc}\p{Zl}\p{Zp}]/u.test(value);
}
