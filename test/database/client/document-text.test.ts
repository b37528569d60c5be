import {
  Binary,
  BSONRegExp,
  Code,
  Decimal128,
  Double,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  serialize,
  Timestamp,
  UUID,
} from 'bson';
import { describe, expect, it } from 'vitest';
import {
  DocumentSyntaxError,
  readDocument,
  readDocuments,
  readValue,
} from '../../../main/database/client/document-reader.ts';
import { formatValue } from '../../../main/database/client/document-text.ts';
import { decode, encode } from '../../../main/database/engine/bson.ts';
import type { Document } from '../../../main/database/engine/values.ts';

const id = new ObjectId('65a1b2c3d4e5f60718293a4b');

/** Every type, and fields whose order an object would lose. */
const everything: Document = new Map<string, never>([
  ['_id', id],
  ['10', 1],
  ['2', new Double(1)],
  ['double', 1.5],
  ['large', 5e9],
  ['larger', 1e21],
  ['zero', new Double(-0)],
  ['nan', Number.NaN],
  ['infinite', Number.NEGATIVE_INFINITY],
  ['long', Long.fromNumber(7)],
  ['time', Long.fromNumber(1_700_000_000_000)],
  ['huge', Long.MAX_VALUE],
  ['price', Decimal128.fromString('1.50')],
  ['at', new Date('2026-01-02T03:04:05.678Z')],
  ['early', new Date(-1)],
  ['text', 'a "b"\n\u0001 ü'],
  ['none', null],
  ['yes', true],
  ['bytes', new Binary(Buffer.from('hello'), 0)],
  ['uuid', new UUID('0f8fad5b-d9cb-469f-a165-70867728950e')],
  ['regex', new BSONRegExp('^a/b', 'i')],
  ['stamp', new Timestamp({ t: 5, i: 6 })],
  ['code', new Code('f()')],
  ['low', new MinKey()],
  ['high', new MaxKey()],
  ['__proto__', new Map([['list', [1, new Map(), []]]])],
] as never);

describe('a document as text', () => {
  it.each([true, false])('keeps order and types of everything (indented: %s)', (indented) => {
    const raw = encode(everything);
    const text = formatValue(decode(raw), { indented });
    expect(() => JSON.parse(text)).not.toThrow();
    expect(Buffer.from(encode(readDocument(text))).equals(raw)).toBe(true);
  });

  it('is cut without writing all of it', () => {
    const long: Document = new Map([['list', Array.from({ length: 1_000 }, (_, n) => n)]]);
    expect(formatValue(long, { limit: 20 })).toBe('{"list": [0, 1, 2, …');
  });
});

const bytes = (document: Document) => Buffer.from(encode(document)).toString('hex');
const expected = (document: object) => Buffer.from(serialize(document)).toString('hex');

it.each([
  ['{}', {}],
  ['  ', {}],
  [`{ _id: ObjectId("${id}"), 'a.b': { $gt: 1, }, }`, { _id: id, 'a.b': { $gt: 1 } }],
  [
    '{at: {$lt: ISODate("2026-01-02")}, x: new Date(5)}',
    { at: { $lt: new Date('2026-01-02') }, x: new Date(5) },
  ],
  [
    "{name: /^al(i|\\/)ce[/]/i, s: 'it\\'s \"x\"'}",
    { name: new BSONRegExp('^al(i|\\/)ce[/]', 'i'), s: 'it\'s "x"' },
  ],
  [
    '{n: NumberLong("9007199254740993"), d: 1.0, e: 1e3}',
    { n: Long.fromString('9007199254740993'), d: new Double(1), e: new Double(1000) },
  ],
  ['{n: NumberDecimal("1.5"), i: NumberInt(3)} // note', { n: Decimal128.fromString('1.5'), i: 3 }],
  [
    '/* who */ {id: UUID("0f8fad5b-d9cb-469f-a165-70867728950e")}',
    { id: new UUID('0f8fad5b-d9cb-469f-a165-70867728950e') },
  ],
  ['{"at": {"$date": {"$numberLong": "5"}}}', { at: new Date(5) }],
  ['{"a": {"$regex": "x", "$options": "i"}}', { a: { $regex: 'x', $options: 'i' } }],
])('reads %s', (text, document) => {
  expect(bytes(readDocument(text))).toBe(expected(document));
});

it.each([
  ['{', 'Line 1, column 2: } is missing'],
  ['{a: 1\n b: 2}', 'Line 2, column 2: , or } is missing'],
  ['{a: alice}', 'Line 1, column 5: alice is not known here: strings need quotes'],
  ['{a: "x}', 'Line 1, column 5: this string does not end'],
  ['{a: 1, a: 2}', 'Line 1, column 8: "a" appears twice'],
  ['{a: ObjectId("zz")}', /^Line 1, column 5: .*24 character hex/],
  ['{a: {$date: "soon"}}', 'Line 1, column 5: this is not a date'],
  ['{a: process.exit(1)}', 'Line 1, column 5: process.exit is not known here: strings need quotes'],
  ['[1]', 'Line 1, column 1: a document begins with {'],
  ['{} {}', 'Line 1, column 4: the text goes on after the document'],
  [`{a: ${'['.repeat(200)}`, /deeper than 100 levels$/],
  ['{a: 1 /* }', 'Line 1, column 7: , or } is missing'],
])('refuses %s', (text, message) => {
  expect(reasonOf(() => readDocument(text))).toMatch(message);
});

function reasonOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof DocumentSyntaxError) return error.describe();
    throw error;
  }
  throw new Error('it was read');
}

const readAll = (text: string) =>
  Array.from(readDocuments(text), (found) =>
    found instanceof DocumentSyntaxError ? found.describe() : Object.fromEntries(found),
  );

it.each([
  ['[{a: 1}, {a: 2},]', [{ a: 1 }, { a: 2 }]],
  ['{"a": 1}\n{"a": 2}\n', [{ a: 1 }, { a: 2 }]],
  ['{"a": 1}{"a": 2},\n{\n"a": 3\n}', [{ a: 1 }, { a: 2 }, { a: 3 }]],
  ['{"a": 1}\n{"a": }\n{"a": 3}', [{ a: 1 }, 'Line 2, column 7: a value can’t begin so', { a: 3 }]],
  ['[{a: 1}, 2]', [{ a: 1 }, 'Line 1, column 10: a document begins with {']],
  ['[{a: 1} {a: 2}]', [{ a: 1 }, 'Line 1, column 9: , or ] is missing']],
  ['', []],
])('reads the documents of %j', (text, found) => {
  expect(readAll(text)).toEqual(found);
});

it('reads a value alone, such as an id', () => {
  expect(readValue('{"$oid": "65a1b2c3d4e5f60718293a4b"}')).toEqual(id);
  expect(readValue('"a"')).toBe('a');
});
