import { compare } from '../compare.ts';
import { DatabaseError } from '../errors.ts';
import { isNumeric, toNumber } from '../numbers.ts';
import { compileRegex, isRegex, regexOf } from '../query/regex.ts';
import { isNullish, type Maybe, typeName, type Value } from '../values.ts';
import { formatValue } from './format.ts';
import { binary, unary, withNamed, withOperands } from './operator.ts';
import type { Operator, Operators } from './scope.ts';

/** Expressions over strings, by code points (`CP`) or bytes of UTF-8. */

function requireText(value: Maybe, code: number, message: string): string {
  if (typeof value === 'string') return value;
  throw new DatabaseError(code, `${message}${typeName(value)}`);
}

function concat(values: readonly Maybe[]): Maybe {
  let text = '';
  for (const value of values) {
    if (isNullish(value)) return null;
    text += requireText(value, 16702, '$concat only supports strings, not ');
  }
  return text;
}

/** Most take a number or a date for its text, and what isn't there for an empty one. */
function looseText(value: Maybe, name: string): string {
  if (isNullish(value)) return '';
  const text =
    typeof value === 'string' || isNumeric(value) || value instanceof Date ? formatValue(value) : undefined;
  if (text !== undefined) return text;
  throw new DatabaseError(16007, `can't convert from BSON type ${typeName(value)} to String (${name})`);
}

function split(value: Maybe, separator: Maybe): Maybe {
  if (isNullish(value) || isNullish(separator)) return null;
  const text = requireText(
    value,
    40085,
    '$split requires an expression that evaluates to a string as a first argument, found: ',
  );
  const by = requireText(
    separator,
    40086,
    '$split requires an expression that evaluates to a string as a second argument, found: ',
  );
  if (by === '') throw new DatabaseError(40087, '$split requires a non-empty separator');
  return text.split(by);
}

function trimmer(isStart: boolean, isEnd: boolean): Operator {
  return withNamed(['input'], ['chars'], ({ input, chars }, name) => {
    if (isNullish(input) || chars === null) return null;
    const points = [...requireText(input, 50699, `${name} requires its input to be a string, got `)];
    const set =
      chars === undefined
        ? undefined
        : new Set(requireText(chars, 50700, `${name} requires 'chars' to be a string, got `));
    const isCut = (point: string | undefined) =>
      point !== undefined && (set === undefined ? /[\s\0]/.test(point) : set.has(point));
    let [from, to] = [0, points.length];
    while (isStart && from < to && isCut(points[from])) from++;
    while (isEnd && to > from && isCut(points[to - 1])) to--;
    return points.slice(from, to).join('');
  });
}

function substringByPoints([value, start, count]: readonly Maybe[], name: string): Maybe {
  const points = [...looseText(value, name)];
  const from = requireCount(start, name);
  return points.slice(from, from + requireCount(count, name)).join('');
}

/** A negative length is the rest. */
function substringByBytes([value, start, count]: readonly Maybe[], name: string): Maybe {
  const bytes = Buffer.from(looseText(value, name));
  const [from, length] = [requireNumber(start, name), requireNumber(count, name)];
  if (from < 0) return '';
  const to = length < 0 ? bytes.length : Math.min(from + length, bytes.length);
  if (isInsideCharacter(bytes, from) || isInsideCharacter(bytes, to)) {
    throw new DatabaseError(
      28656,
      `${name}: Invalid range, starting or ending in the middle of a UTF-8 character.`,
    );
  }
  return bytes.toString('utf8', from, to);
}

function isInsideCharacter(bytes: Buffer, at: number): boolean {
  return ((bytes[at] ?? 0) & 0xc0) === 0x80;
}

function requireNumber(value: Maybe, name: string): number {
  if (isNumeric(value)) return Math.trunc(toNumber(value));
  throw new DatabaseError(
    34450,
    `${name}: starting index and length must be numeric (found BSON type ${typeName(value)})`,
  );
}

function requireCount(value: Maybe, name: string): number {
  const number = requireNumber(value, name);
  if (number >= 0) return number;
  throw new DatabaseError(34455, `${name}: the starting index and the length must be non-negative`);
}

/** @param toUnits the text as the units that positions count */
function indexOf(toUnits: (text: string) => number): Operator {
  return withOperands(2, 4, ([value, sought, start = 0, end], name) => {
    if (isNullish(value)) return null;
    const text = requireText(value, 40091, `${name} requires a string as the first argument, found: `);
    const part = requireText(sought, 40092, `${name} requires a string as the second argument, found: `);
    const from = requireCount(start, name);
    const to = end === undefined ? Number.POSITIVE_INFINITY : requireCount(end, name);
    for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
      const position = toUnits(text.slice(0, at));
      if (position >= from) return position + toUnits(part) <= to ? position : -1;
    }
    return -1;
  });
}

function byteLength(text: string): number {
  return Buffer.byteLength(text);
}

function pointLength(text: string): number {
  return [...text].length;
}

function length(measure: (text: string) => number): Operator {
  return unary((value, name) =>
    measure(requireText(value, 34471, `${name} requires a string argument, found: `)),
  );
}

function replacer(replace: (text: string, find: string, by: string) => string): Operator {
  return withNamed(['input', 'find', 'replacement'], [], ({ input, find, replacement }, name) => {
    for (const [key, value] of Object.entries({ input, find, replacement })) {
      if (!isNullish(value)) requireText(value, 51746, `${name} requires that '${key}' be a string, found: `);
    }
    if (typeof input !== 'string' || typeof find !== 'string' || typeof replacement !== 'string') return null;
    return replace(input, find, replacement);
  });
}

interface Match {
  readonly text: string;
  readonly at: number;
  readonly captures: readonly (string | undefined)[];
}

function regexOperator(answer: (matches: Iterable<Match>, input: string) => Maybe, onNull: Maybe): Operator {
  return withNamed(['input', 'regex'], ['options'], ({ input, regex, options }, name) => {
    if (isNullish(input) || isNullish(regex)) return onNull;
    const text = requireText(input, 51104, `${name} needs 'input' to be of type string, found: `);
    return answer(matchesOf(text, toRegex(regex, options, name)), text);
  });
}

function toRegex(regex: Value, options: Maybe, name: string): RegExp {
  if (isRegex(regex)) {
    return typeof options === 'string' ? compileRegex(regex.pattern, options) : regexOf(regex);
  }
  const pattern = requireText(regex, 51105, `${name} needs 'regex' to be of type string or regex, found: `);
  return compileRegex(pattern, typeof options === 'string' ? options : '');
}

function* matchesOf(text: string, regex: RegExp): Generator<Match> {
  for (const match of text.matchAll(new RegExp(regex, `${regex.flags}g`))) {
    const [whole, ...captures] = match;
    yield { text: whole, at: match.index, captures };
  }
}

function describeMatch({ text, at, captures }: Match, input: string): Value {
  return new Map<string, Value>([
    ['match', text],
    ['idx', pointLength(input.slice(0, at))],
    ['captures', captures.map((capture) => capture ?? null)],
  ]);
}

function firstMatch(matches: Iterable<Match>, input: string): Maybe {
  for (const match of matches) return describeMatch(match, input);
  return null;
}

export const strings: Operators = {
  $concat: withOperands(0, Number.POSITIVE_INFINITY, concat),
  $toLower: unary((value, name) => looseText(value, name).toLowerCase()),
  $toUpper: unary((value, name) => looseText(value, name).toUpperCase()),
  $strcasecmp: binary((a, b, name) =>
    Math.sign(compare(looseText(a, name).toUpperCase(), looseText(b, name).toUpperCase())),
  ),
  $split: binary(split),
  $trim: trimmer(true, true),
  $ltrim: trimmer(true, false),
  $rtrim: trimmer(false, true),
  $substr: withOperands(3, 3, substringByBytes),
  $substrBytes: withOperands(3, 3, substringByBytes),
  $substrCP: withOperands(3, 3, substringByPoints),
  $strLenBytes: length(byteLength),
  $strLenCP: length(pointLength),
  $indexOfBytes: indexOf(byteLength),
  $indexOfCP: indexOf(pointLength),
  $replaceOne: replacer((text, find, by) => text.replace(find, () => by)),
  $replaceAll: replacer((text, find, by) => text.replaceAll(find, () => by)),
  $regexMatch: regexOperator((matches, input) => firstMatch(matches, input) !== null, false),
  $regexFind: regexOperator(firstMatch, null),
  $regexFindAll: regexOperator(
    (matches, input) => Array.from(matches, (match) => describeMatch(match, input)),
    [],
  ),
};
