import type { Json, JsonObject } from '../../contract/http.ts';
import { maskAddresses, maskWholeAddress } from '../../system/addresses.ts';

/**
 * Masks secrets. Threat model: a trace is shown on projectors, copied into tickets and exported, and plugins
 * print, throw and return the caller's token. So a secret is found three ways: by the header's name, by the
 * key's name, and by value wherever it occurs, since nothing tells where a plugin will put it. Masks are
 * constant: not even a length leaks.
 */
export interface Redactor {
  /** Masks only the secrets it was told of: for data that is shown as it is. */
  known(text: string): string;
  text(text: string): string;
  json(value: Json): Json;
  /**
   * Masks a value until its JSON is `length` long, and leaves out the rest: for what is cut there in any case.
   * A client chooses how much there is, and masking it all would block everybody else.
   */
  beginning(value: Json, length: number, lengthOf?: (text: string) => number): Beginning;
  /** One value as it would be masked under that key in an object. */
  field(key: string, value: Json): Json;
  /** Names come out in lower case. */
  headers(headers: Readonly<Record<string, string | readonly string[] | undefined>>): Record<string, string>;
  /** A redactor that masks these exact values too: the bearer token of one request. */
  with(more: readonly string[]): Redactor;
  /** Masks this exact value too from now on: it was made, or read, after the start. */
  learn(secret: string): void;
}

interface Beginning {
  readonly json: Json;
  /** Nothing was left out. */
  readonly isWhole: boolean;
}

/** How much more of a value may be masked. */
interface Room {
  left: number;
  readonly lengthOf: (text: string) => number;
}

export const MASK = '(masked)';
/** Replaces a token, so that a reader still sees that there was one. */
export const TOKEN_MASK = 'eyJ…(masked)';

/** Whether something in a text was masked. */
export function isMasked(text: string): boolean {
  return text.includes(MASK);
}

/** Shorter values are not secrets, and masking them everywhere would damage ordinary text. */
const MIN_SECRET_LENGTH = 8;
/** Engines look for a text of up to this length without ever going back far. */
const MAX_SOUGHT_LENGTH = 250;
/** A signature alone still lets its holder rebuild the token, whose other parts a trace shows decoded. */
const MIN_SIGNATURE_LENGTH = 16;
/** Plugins may return any depth; deeper values are of no use on a screen and would overflow the stack. */
const MAX_DEPTH = 100;

/** A key's end tells what it holds; a client may send keys of a megabyte. */
const MAX_KEY_LENGTH = 80;

/** The same keys come with every request. */
const classifiedKeys = new Map<string, boolean>();
const MAX_CLASSIFIED_KEYS = 2_000;

/** How every JWT begins: `{"` in base64url. */
const JWT_START = 'eyJ';
/**
 * What looks like a JWT inside a text: three segments, five of an encrypted one, or two when a plugin cut or
 * split the third off. It is looked for at the start of a word (give or take one letter, `\n` in JSON text,
 * or a `%20`), or a long run of it would take quadratic time.
 */
const JWT_PATTERN =
  /(?:(?<![\w-]{2})|(?<=%[\dA-Fa-f]{2}))eyJ[\w-]{4,}\.(?:[\w-]+\.[\w-]*(?:\.[\w-]+)*|eyJ[\w-]+)/g;

const SECRET_KEY =
  /^(?:jwt|pwd|passwd|cookie|setcookie|(?:proxy)?authorization|credentials?|.*(?:password|passphrase|secret|token|apikey|userjwt|privatekey|accesskey|secretkey|sessionid))$/;
/**
 * `"password": "…"` and, as consoles print objects, `password: '…'`. Keys begin where words begin, for speed
 * on long words.
 */
const QUOTED_PAIR = /(["']?)(?<![\w-])([\w-]{2,40})\1(\s*:\s*)("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')/g;
/** The same inside a JSON string: `\"password\":\"…\"`. */
const ESCAPED_PAIR = /(\\")([\w-]{2,40})\1(\s*:\s*)(\\"(?:(?!\\")[^\n])*\\")/g;
/** `password=…`, as in a query. */
const QUERY_PAIR = /(?<![\w-])([\w-]{2,40})=([^\s&;,"'<>\\]+)/g;

/** Makes a redactor that knows these exact values, in every way of writing them that is listed below. */
export function createRedactor(secrets: readonly string[]): Redactor {
  return redactorOf(writingsOf(secrets));
}

/**
 * Thousands of short texts a second pass here, and hardly one holds a secret. So each pattern is tried only
 * on a text that has the characters without which it can't match; no mask brings in any of them that the
 * masked text did not have.
 */
function redactorOf(known: readonly string[]): Redactor {
  let values = [...new Set(known)];
  let byValue = exactMask(values);
  const text = (raw: string): string => {
    let masked = maskAddresses(byValue(raw));
    if (raw.includes(JWT_START)) masked = masked.replace(JWT_PATTERN, TOKEN_MASK);
    if (raw.includes(':') && (raw.includes('"') || raw.includes("'"))) {
      masked = masked.replace(QUOTED_PAIR, maskPair).replace(ESCAPED_PAIR, maskPair);
    }
    return raw.includes('=') ? masked.replace(QUERY_PAIR, maskQueryPair) : masked;
  };
  const within = (raw: string, room: Room): string => {
    const masked = text(raw);
    room.left -= room.lengthOf(masked);
    return masked;
  };
  const json = (value: Json, depth: number, room: Room): Json => {
    room.left -= 1;
    if (typeof value === 'string') return within(value, room);
    if (value === null || typeof value !== 'object') return value;
    if (depth >= MAX_DEPTH) return `(nested deeper than ${MAX_DEPTH} levels)`;
    return Array.isArray(value) ? list(value, depth + 1, room) : object(value, depth + 1, room);
  };
  const list = (items: readonly Json[], depth: number, room: Room): Json => {
    const masked: Json[] = [];
    for (const item of items) {
      if (room.left < 0) break;
      masked.push(json(item, depth, room));
    }
    return masked;
  };
  const object = (value: JsonObject, depth: number, room: Room): Json => {
    const masked: Record<string, Json> = {};
    for (const key of Object.keys(value)) {
      if (room.left < 0) break;
      setOwn(masked, within(key, room), field(key, value[key] as Json, depth, room));
    }
    return masked;
  };
  const field = (key: string, value: Json, depth: number, room: Room): Json =>
    isSecretKey(key) ? maskWhole(value) : json(value, depth, room);
  const redactor: Redactor = {
    known: (text) => byValue(text),
    text,
    json: (value) => json(value, 0, endless()),
    beginning(value, length, lengthOf = lengthOfText) {
      const room: Room = { left: length, lengthOf };
      const masked = json(value, 0, room);
      return { json: masked, isWhole: room.left >= 0 };
    },
    field: (key, value) => field(key, value, 1, endless()),
    headers: (headers) => redactHeaders(headers, text),
    with: (more) => (more.length === 0 ? redactor : redactorOf([...values, ...writingsOf(more)])),
    learn(secret) {
      values = [...values, ...writingsOf([secret])];
      byValue = exactMask(values);
    },
  };
  return redactor;
}

function endless(): Room {
  return { left: Number.POSITIVE_INFINITY, lengthOf: lengthOfText };
}

function lengthOfText(text: string): number {
  return text.length;
}

/**
 * Masks exact values. The pattern is made when a text holds one of them: for most requests none does. A value
 * is found by its beginning and masked as far as the text goes on like any of them: to look for the whole of a
 * long one takes quadratic time when a client chooses both the value and the text.
 */
function exactMask(values: readonly string[]): (raw: string) => string {
  const beginnings = values.map((value) => value.slice(0, MAX_SOUGHT_LENGTH));
  let pattern: RegExp | null = null;
  return (raw) => {
    if (!beginnings.some((beginning) => raw.includes(beginning))) return raw;
    pattern ??= new RegExp(beginnings.map(escapePattern).join('|'), 'g');
    const parts: string[] = [];
    let from = 0;
    for (let found = pattern.exec(raw); found !== null; found = pattern.exec(raw)) {
      const { index } = found;
      const end = Math.max(...values.map((value) => endOfCommon(raw, index, value)));
      parts.push(raw.slice(from, index), maskExact(raw.slice(index, end)));
      from = end;
      pattern.lastIndex = end;
    }
    return parts.join('') + raw.slice(from);
  };
}

/** Up to where a text goes on as `value` does, from `at` on. */
function endOfCommon(text: string, at: number, value: string): number {
  let length = 0;
  while (length < value.length && text[at + length] === value[length]) length += 1;
  return at + length;
}

/** Defines instead of assigning where that differs: a key `__proto__` stays data. */
function setOwn(target: Record<string, Json>, key: string, value: Json): void {
  if (key !== '__proto__') target[key] = value;
  else Object.defineProperty(target, key, { value, enumerable: true });
}

/**
 * Whether a key's name says that its value is a secret, in any case and with any separators: `apiKey`,
 * `API_KEY`.
 */
export function isSecretKey(key: string): boolean {
  if (key.length > MAX_KEY_LENGTH) return classifyKey(key);
  const known = classifiedKeys.get(key);
  if (known !== undefined) return known;
  const isSecret = classifyKey(key);
  // Clients choose the keys, so the memory is bounded; the few that keep coming are soon in it again.
  if (classifiedKeys.size >= MAX_CLASSIFIED_KEYS) classifiedKeys.clear();
  classifiedKeys.set(key, isSecret);
  return isSecret;
}

function classifyKey(key: string): boolean {
  return SECRET_KEY.test(
    key
      .slice(-MAX_KEY_LENGTH)
      .replace(/[^a-z0-9]/gi, '')
      .toLowerCase(),
  );
}

function redactHeaders(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  text: (raw: string) => string,
): Record<string, string> {
  const masked: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    const key = name.toLowerCase();
    const line = typeof value === 'string' ? value : value.join(', ');
    masked[key] = isSecretKey(key) ? maskHeader(line) : text(line);
  }
  return masked;
}

/** Keeps the scheme: whether it was Bearer is what one looks for when a 401 comes back. */
function maskHeader(line: string): string {
  const scheme = /^(?:bearer|basic|digest)(?=\s)/i.exec(line)?.[0];
  return scheme === undefined ? MASK : `${scheme} ${MASK}`;
}

/** Null or a boolean, such as whether a secret exists, is not a secret. */
function maskWhole(value: Json): Json {
  if (value === null || typeof value === 'boolean' || value === '') return value;
  return typeof value === 'string' ? maskOf(value) : MASK;
}

function maskPair(pair: string, quote: string, key: string, colon: string, value: string): string {
  const mark = value.startsWith('\\"') ? '\\"' : value.slice(0, 1);
  const inner = value.slice(mark.length, -mark.length);
  if (!isSecretKey(key) || inner === '') return pair;
  return `${quote}${key}${quote}${colon}${mark}${maskOf(inner)}${mark}`;
}

function maskQueryPair(pair: string, key: string): string {
  return isSecretKey(key) ? `${key}=${MASK}` : pair;
}

/** Of a database's address, what is not secret helps to find out what went wrong. */
function maskExact(value: string): string {
  return maskWholeAddress(value) ?? maskOf(value);
}

function maskOf(value: string): string {
  return value.startsWith(JWT_START) ? TOKEN_MASK : MASK;
}

/** What JSON, URLs and forms write as it is. */
const PLAIN = /^[\w.-]*$/;

function writingsOf(secrets: readonly string[]): string[] {
  return secrets.filter(({ length }) => length >= MIN_SECRET_LENGTH).flatMap(writings);
}

/** A secret as it is, as JSON, URLs and forms write it, and a token's signature alone. */
function writings(secret: string): string[] {
  const found = [secret];
  if (!PLAIN.test(secret)) found.push(...inJson(secret), ...inUrls(secret));
  const signature = secret.split('.')[2];
  if (secret.startsWith(JWT_START) && signature !== undefined && signature.length >= MIN_SIGNATURE_LENGTH) {
    found.push(signature);
  }
  return found;
}

/** Python's writer of JSON escapes whatever is not ASCII. */
function inJson(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  return [json, json.replace(/[^\x20-\x7e]/g, (unit) => `\\u${hex(unit).padStart(4, '0')}`)];
}

/** What is encoded differs: RFC 3986 leaves less than JavaScript, Python leaves slashes, forms have + for a blank. */
function inUrls(secret: string): string[] {
  const written = encodeURIComponent(secret.replace(/\p{Surrogate}/gu, '\ufffd'));
  const strict = written.replace(/[!'()*]/g, (character) => `%${hex(character).toUpperCase()}`);
  return [
    written,
    strict,
    strict.replaceAll('%2F', '/'),
    strict.replaceAll('%20', '+'),
    new URLSearchParams([['', secret]]).toString().slice(1),
  ];
}

function hex(unit: string): string {
  return unit.charCodeAt(0).toString(16);
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
