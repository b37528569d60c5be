import { Double, Long } from 'bson';
import { type Document, isDocument, isInt32, type Value } from '../engine/values.ts';
import { EXTENDED_KEYS, readExtended, SHELL_FUNCTIONS } from './typed-values.ts';

/** Why a text is not what it should be. */
export class DocumentSyntaxError extends Error {
  /** In UTF-16 units. */
  readonly at: number;
  readonly #text: string;

  constructor(reason: string, text: string, at: number) {
    super(reason);
    this.name = 'DocumentSyntaxError';
    this.at = at;
    this.#text = text;
  }

  /** With the place, as people count. */
  describe(): string {
    const before = this.#text.slice(0, this.at).split('\n');
    return `Line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}: ${this.message}`;
  }
}

const MAX_DEPTH = 100;
const NUMBER = /-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const NAME = /[A-Za-z_$][\w$.]*/y;
const SPACE = /(?:\s+|\/\/[^\n]*|\/\*[^*]*(?:\*(?!\/)[^*]*)*\*\/)*/y;
const REGEX = /\/((?:[^\\/\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([imsxu]*)/y;
const DOUBLE_QUOTED = /"(?:[^"\\\n]|\\.)*"/y;
const SINGLE_QUOTED = /'(?:[^'\\\n]|\\.)*'/y;

/**
 * Reads Extended JSON, and what people type in MongoDB's shell: names and strings in any quotes or none,
 * `ObjectId("…")`, `ISODate("…")`, `/regular expressions/i`, comments, a comma at the end. Nothing is evaluated.
 */
class DocumentReader {
  readonly #text: string;
  #at: number;

  constructor(text: string, at = 0) {
    this.#text = text;
    this.#at = at;
  }

  /** @throws {DocumentSyntaxError} */
  document(): Document {
    this.skipSpace();
    const start = this.#at;
    const value = this.value(0);
    if (isDocument(value)) return value;
    throw this.error('a document begins with {', start);
  }

  /** Whether there is nothing but space and comments left. */
  isAtEnd(): boolean {
    this.skipSpace();
    return this.#at >= this.#text.length;
  }

  /** Goes past the character if it is next. */
  take(character: string): boolean {
    if (!this.isNext(character)) return false;
    this.#at += 1;
    return true;
  }

  isNext(character: string): boolean {
    this.skipSpace();
    return this.#text[this.#at] === character;
  }

  error(reason: string, at = this.#at): DocumentSyntaxError {
    return new DocumentSyntaxError(reason, this.#text, at);
  }

  value(depth: number): Value {
    this.skipSpace();
    if (depth > MAX_DEPTH) throw this.error(`deeper than ${MAX_DEPTH} levels`);
    const character = this.#text[this.#at] ?? '';
    if (character === '{') return this.object(depth);
    if (character === '[') return this.list(']', depth);
    if (character === '"' || character === "'") return this.string();
    if (character === '/') return this.regex();
    if (/[\d.-]/.test(character)) return this.number();
    return this.word(depth);
  }

  private object(depth: number): Value {
    const start = this.#at;
    this.#at += 1;
    const found: Document = new Map();
    while (!this.take('}')) {
      if (this.isAtEnd()) throw this.error('} is missing');
      const nameAt = this.#at;
      const name = this.name();
      if (found.has(name)) throw this.error(`${JSON.stringify(name)} appears twice`, nameAt);
      if (!this.take(':')) throw this.error(`: is missing after ${JSON.stringify(name)}`);
      found.set(name, this.value(depth + 1));
      if (this.take(',')) continue;
      if (!this.take('}')) throw this.error(', or } is missing');
      break;
    }
    const [first = ''] = found.keys();
    if (!EXTENDED_KEYS.has(first)) return found;
    return this.typed(start, () => readExtended(found));
  }

  private list(close: string, depth: number): Value[] {
    this.#at += 1;
    const items: Value[] = [];
    while (!this.take(close)) {
      if (this.isAtEnd()) throw this.error(`${close} is missing`);
      items.push(this.value(depth + 1));
      if (this.take(',')) continue;
      if (!this.take(close)) throw this.error(`, or ${close} is missing`);
      break;
    }
    return items;
  }

  private name(): string {
    const character = this.#text[this.#at];
    if (character === '"' || character === "'") return this.string();
    const name = this.match(NAME)?.[0] ?? this.match(/\d+/y)?.[0];
    if (name === undefined) throw this.error('a field’s name is missing');
    return name;
  }

  private string(): string {
    const start = this.#at;
    const found = this.match(this.#text[start] === '"' ? DOUBLE_QUOTED : SINGLE_QUOTED)?.[0];
    if (found === undefined) throw this.error('this string does not end', start);
    const inner = found.slice(1, -1);
    const json = found.startsWith('"') ? inner : inner.replace(/\\'/g, "'").replace(/(?<!\\)"/g, '\\"');
    try {
      return JSON.parse(`"${json.replace(/\t/g, '\\t')}"`) as string;
    } catch {
      throw this.error('this string has an escape or a character that JSON does not know', start);
    }
  }

  private regex(): Value {
    const [, pattern, options] = this.match(REGEX) ?? [];
    if (pattern === undefined) throw this.error('a value is missing');
    return this.typed(this.#at, () =>
      readExtended(new Map([['$regularExpression', regexOf(pattern, options)]])),
    );
  }

  private number(): Value {
    const start = this.#at;
    if (this.#text.startsWith('-Infinity', start)) {
      this.#at += '-Infinity'.length;
      return Number.NEGATIVE_INFINITY;
    }
    const text = this.match(NUMBER)?.[0];
    if (text === undefined) throw this.error('this is not a number', start);
    return numberOf(text);
  }

  private word(depth: number): Value {
    const start = this.#at;
    const first = this.match(NAME)?.[0];
    if (first === undefined)
      throw this.error(this.isAtEnd() ? 'a value is missing' : 'a value can’t begin so');
    const word = first === 'new' ? this.constructorName() : first;
    const constant = CONSTANTS.get(word);
    if (constant !== undefined) return constant;
    const make = SHELL_FUNCTIONS.get(word);
    if (make === undefined) throw this.error(`${word} is not known here: strings need quotes`, start);
    this.skipSpace();
    if (this.#text[this.#at] !== '(') throw this.error(`( is missing after ${word}`);
    const given = this.list(')', depth);
    return this.typed(start, () => make(...given));
  }

  private constructorName(): string {
    this.skipSpace();
    return this.match(NAME)?.[0] ?? '';
  }

  /** What can't be made is the text's fault, as an id with too few digits. */
  private typed(start: number, make: () => Value): Value {
    try {
      return make();
    } catch (error) {
      throw this.error(error instanceof Error ? error.message : String(error), start);
    }
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found !== null) this.#at = pattern.lastIndex;
    return found;
  }

  private skipSpace(): void {
    this.match(SPACE);
  }
}

const CONSTANTS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['undefined', null],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
]);

function regexOf(pattern: string, options = ''): Value {
  return new Map([
    ['pattern', pattern],
    ['options', [...options].sort().join('')],
  ]);
}

const INT64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };

/** As it is written: `1` is an int, or an int64 where it needs one, `1.0` a double. */
function numberOf(text: string): Value {
  const number = Number(text);
  if (!/^-?\d+$/.test(text) || text === '-0') {
    return isInt32(number) || Object.is(number, -0) ? new Double(number) : number;
  }
  if (isInt32(number)) return number;
  const whole = BigInt(text);
  return whole >= INT64.min && whole <= INT64.max ? Long.fromBigInt(whole) : number;
}

/** @throws {DocumentSyntaxError} for anything but one document; none at all is an empty one */
export function readDocument(text: string): Document {
  const reader = new DocumentReader(text);
  if (reader.isAtEnd()) return new Map();
  const document = reader.document();
  if (reader.isAtEnd()) return document;
  throw reader.error('the text goes on after the document');
}

/** Any one value, such as an `_id`. @throws {DocumentSyntaxError} */
export function readValue(text: string): Value {
  const reader = new DocumentReader(text);
  const value = reader.value(0);
  if (reader.isAtEnd()) return value;
  throw reader.error('the text goes on after the value');
}

/**
 * The documents of an array, or those that follow each other, with or without commas: of what can't be read, why.
 * Beyond such a one it goes on with the next line that begins a document; an array ends there.
 */
export function* readDocuments(text: string): Generator<Document | DocumentSyntaxError> {
  let reader = new DocumentReader(text);
  const isArray = reader.take('[');
  while (!reader.isAtEnd() && !(isArray && reader.take(']'))) {
    try {
      yield reader.document();
      if (!reader.take(',') && isArray && !reader.isNext(']')) throw reader.error(', or ] is missing');
    } catch (error) {
      if (!(error instanceof DocumentSyntaxError)) throw error;
      yield error;
      const next = isArray ? -1 : text.indexOf('\n{', error.at);
      if (next < 0) return;
      reader = new DocumentReader(text, next + 1);
    }
  }
}
