/**
 * The members of a JSON object as they are written: so that keys can be added to a text, or taken out of it,
 * without changing any other value. A round through values would round large numbers and turn `1.0` into `1`.
 */
export interface JsonMember {
  readonly key: string;
  /** The value as it is written. */
  readonly text: string;
}

const [QUOTE, BACKSLASH, COMMA, COLON, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [
  ...'"\\,:[]{}',
].map((character) => character.charCodeAt(0));

/** Those of the outermost object, in order, repeated keys included. `text` must be a JSON object. */
export function membersOf(text: string): readonly JsonMember[] {
  const members: JsonMember[] = [];
  let depth = 0;
  let from = 0;
  let key: string | null = null;
  const take = (to: number) => {
    if (key !== null) members.push({ key, text: text.slice(from, to).trim() });
    key = null;
  };
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      const end = endOfString(text, at);
      if (depth === 1 && key === null) key = decodeString(text.slice(at, end));
      at = end - 1;
      continue;
    }
    depth += levelsOpenedBy(code);
    if (depth === 1 && code === COLON) from = at + 1;
    const isEnd = (depth === 1 && code === COMMA) || (depth === 0 && code === CLOSE_OBJECT);
    if (isEnd) take(at);
  }
  return members;
}

/** What a JSON string says; most keys are written without escapes, and a body may have a hundred thousand. */
function decodeString(written: string): string {
  return written.includes('\\') ? String(JSON.parse(written)) : written.slice(1, -1);
}

/** Of a bracket: 1 or -1; of any other character 0. */
export function levelsOpenedBy(code: number): number {
  if (code === OPEN_OBJECT || code === OPEN_LIST) return 1;
  return code === CLOSE_OBJECT || code === CLOSE_LIST ? -1 : 0;
}

/** The text of the object that they are the members of. */
export function joinMembers(members: readonly JsonMember[]): string {
  return `{${members.map(({ key, text }) => `${JSON.stringify(key)}:${text}`).join(',')}}`;
}

/**
 * A JSON text of the first values of another one, which has at least `length` characters if that has: it ends after
 * a whole value and the brackets that are open there.
 */
export function beginningOf(text: string, length: number): string {
  const open: string[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at) - 1;
    else if (code === OPEN_OBJECT) open.push('}');
    else if (code === OPEN_LIST) open.push(']');
    else if (code === CLOSE_OBJECT || code === CLOSE_LIST) open.pop();
    else if (code === COMMA && at >= length) return text.slice(0, at) + open.reverse().join('');
  }
  return text;
}

/** Past the closing quote of the string that begins at `at`. */
export function endOfString(text: string, at: number): number {
  let end = at + 1;
  while (end < text.length && text.charCodeAt(end) !== QUOTE) {
    end += text.charCodeAt(end) === BACKSLASH ? 2 : 1;
  }
  return end + 1;
}

const [MINUS, ZERO, NINE] = [...'-09'].map((character) => character.charCodeAt(0)) as [
  number,
  number,
  number,
];
const NUMBER = /-?\d[\d.eE+-]*/y;

/** Replaces each number of a JSON text; what is in strings is left alone. */
export function replaceNumbers(text: string, replace: (literal: string) => string): string {
  const parts: string[] = [];
  let from = 0;
  for (const { at, literal } of numbersIn(text)) {
    parts.push(text.slice(from, at), replace(literal));
    from = at + literal.length;
  }
  return parts.join('') + text.slice(from);
}

/** Whether JavaScript would write each number of a JSON text as it is written there. */
export function hasOnlyPlainNumbers(text: string): boolean {
  for (const { literal } of numbersIn(text)) if (String(Number(literal)) !== literal) return false;
  return true;
}

function* numbersIn(text: string): Generator<{ readonly at: number; readonly literal: string }> {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at) - 1;
    else if (code === MINUS || (code >= ZERO && code <= NINE)) {
      NUMBER.lastIndex = at;
      const literal = NUMBER.exec(text)?.[0] ?? '-';
      yield { at, literal };
      at += literal.length - 1;
    }
  }
}

/**
 * The numbers of a JSON text that JavaScript can't hold, as they are written: parsing them there gives other
 * numbers. `1.0` is not one of them: it is the same number. At most `limit`.
 */
export function numbersLostInJavaScript(text: string, limit = 5): readonly string[] {
  const lost: string[] = [];
  for (const { literal } of numbersIn(text)) {
    if (EXACT.test(literal)) continue;
    if (digitsOf(literal) !== digitsOf(String(Number(literal)))) lost.push(literal);
    if (lost.length === limit) break;
  }
  return lost;
}

/** Fifteen digits are what JavaScript holds of any number. */
const EXACT = /^-?[\d.]{1,15}$/;

/**
 * A number's sign, digits and exponent in one form, so that two ways of writing the same number are equal.
 * Zero has no sign; Infinity, which no JSON text holds, is zero here, and so another number than was written.
 */
function digitsOf(literal: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(literal) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.slice(0, endWithoutZeros(digits));
  if (significant === '') return '0';
  const power = Number(exponent) - fraction.length + (digits.length - significant.length);
  return `${sign}${significant}e${power}`;
}

/** Not by an expression: `0+$` takes quadratic time where the zeros are not at the end. */
function endWithoutZeros(digits: string): number {
  let end = digits.length;
  while (end > 0 && digits.charCodeAt(end - 1) === ZERO) end -= 1;
  return end;
}
