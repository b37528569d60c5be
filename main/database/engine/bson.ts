import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  Decimal128,
  Double,
  deserialize,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  serialize,
  Timestamp,
} from 'bson';
import { DatabaseError } from './errors.ts';
import { type Document, isInt32, type Value } from './values.ts';

/**
 * Between BSON and values. The library writes; it reads into objects, which would lose the order of keys that
 * look like numbers and the difference between `1` and `1.0`, so reading is our own.
 */

/** As MongoDB: deeper documents are refused, here before they can exhaust the stack. */
const MAX_DEPTH = 180;

/** 16 MB, the most a stored document may take. */
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;

/** A reply may be this much larger than a document. */
const MAX_REPLY_BYTES = MAX_DOCUMENT_BYTES + 16 * 1024;

/** @throws {DatabaseError} InvalidBSON, Overflow */
export function decode(bytes: Uint8Array): Document {
  const reader = new Reader(bytes);
  try {
    return reader.document(0);
  } catch (error) {
    if (error instanceof DatabaseError) throw error;
    // What lies beyond the end of the bytes: a length in them is wrong.
    throw new DatabaseError('InvalidBSON', 'Invalid BSON: a length goes beyond the end of the document');
  }
}

/**
 * @throws {DatabaseError} BSONObjectTooLarge: what goes beyond the library's buffer, of 17 MB, is not written
 */
export function encode(document: ReadonlyMap<string, Value>): Uint8Array {
  const bytes = trySerialize(document);
  if (bytes !== undefined && bytes.length <= MAX_REPLY_BYTES) return bytes;
  throw new DatabaseError(
    'BSONObjectTooLarge',
    `BSONObj size is invalid: larger than ${MAX_DOCUMENT_BYTES} bytes`,
  );
}

function trySerialize(document: ReadonlyMap<string, Value>): Uint8Array | undefined {
  try {
    return serialize(document);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Type and name of the first elements of an array of documents. */
const ELEMENT_HEADS = Array.from({ length: 1000 }, (_, index) => elementHead(index));

function elementHead(index: number): Buffer {
  return Buffer.from(`\x03${index}\0`, 'latin1');
}

/** What an array of these documents is in BSON, without reading them. */
export function encodeArray(documents: readonly Uint8Array[]): Uint8Array {
  const parts: Uint8Array[] = [Buffer.alloc(4)];
  for (const [index, document] of documents.entries()) {
    parts.push(ELEMENT_HEADS[index] ?? elementHead(index), document);
  }
  parts.push(Buffer.alloc(1));
  const bytes = Buffer.concat(parts);
  bytes.writeInt32LE(bytes.length, 0);
  return bytes;
}

/** The document with one more field at its end, which holds `bytes`: an array when `type` is 4. */
export function appendEncoded(
  document: Uint8Array,
  name: string,
  type: 3 | 4,
  bytes: Uint8Array,
): Uint8Array {
  const head = Buffer.concat([Buffer.from([type]), Buffer.from(name, 'utf8'), Buffer.from([0])]);
  const whole = Buffer.concat([document.subarray(0, -1), head, bytes, Buffer.from([0])]);
  whole.writeInt32LE(whole.length, 0);
  return whole;
}

class Reader {
  private readonly bytes: Buffer;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  document(depth: number): Document {
    const result: Document = new Map();
    this.elements(depth, (name, value) => result.set(name, value));
    return result;
  }

  private elements(depth: number, add: (name: string, value: Value) => void): void {
    if (depth > MAX_DEPTH) {
      throw new DatabaseError('Overflow', `BSONObj exceeded maximum nested object depth: ${MAX_DEPTH}`);
    }
    const end = this.at + this.bytes.readInt32LE(this.at);
    this.at += 4;
    while (this.at < end - 1) {
      const start = this.at;
      const type = this.bytes.readUInt8(this.at++);
      const name = this.cstring();
      add(name, this.value(type, depth, start));
    }
    if (this.at !== end - 1 || this.bytes.readUInt8(this.at++) !== 0) {
      throw new DatabaseError('InvalidBSON', 'Invalid BSON: a document does not end where its length says');
    }
  }

  private value(type: number, depth: number, start: number): Value {
    switch (type) {
      case 0x01:
        return this.double();
      case 0x02:
        return this.string();
      case 0x03:
        return this.document(depth + 1);
      case 0x04: {
        const items: Value[] = [];
        this.elements(depth + 1, (_, value) => items.push(value));
        return items;
      }
      case 0x07:
        return new ObjectId(this.take(12));
      case 0x08:
        return this.take(1)[0] === 1;
      case 0x09:
        return new Date(Number(this.take(8).readBigInt64LE(0)));
      case 0x0a:
        return null;
      case 0x10:
        return this.take(4).readInt32LE(0);
      case 0x12:
        return Long.fromBigInt(this.take(8).readBigInt64LE(0));
      default:
        return this.rareValue(type, start);
    }
  }

  private rareValue(type: number, start: number): Value {
    switch (type) {
      case 0x05:
        return this.binary();
      case 0x06:
        return null;
      case 0x0b:
        return new BSONRegExp(this.cstring(), this.cstring());
      case 0x0d:
        return new Code(this.string());
      case 0x0e:
        return new BSONSymbol(this.string());
      case 0x0f:
        return this.codeWithScope(start);
      case 0x11:
        return new Timestamp(this.take(8).readBigUInt64LE(0));
      case 0x13:
        return new Decimal128(this.take(16));
      case 0xff:
        return new MinKey();
      case 0x7f:
        return new MaxKey();
      default:
        throw new DatabaseError('InvalidBSON', `Invalid BSON: unknown type 0x${type.toString(16)}`);
    }
  }

  private double(): Value {
    const value = this.take(8).readDoubleLE(0);
    return isInt32(value) || Object.is(value, -0) ? new Double(value) : value;
  }

  private string(): string {
    const length = this.bytes.readInt32LE(this.at);
    const start = this.at + 4;
    const end = start + length - 1;
    if (length < 1 || this.bytes.readUInt8(end) !== 0) {
      throw new DatabaseError('InvalidBSON', 'Invalid BSON: a string does not end where its length says');
    }
    this.at = end + 1;
    return this.bytes.toString('utf8', start, end);
  }

  private cstring(): string {
    const end = this.bytes.indexOf(0, this.at);
    if (end < 0) throw new DatabaseError('InvalidBSON', 'Invalid BSON: a field name has no end');
    const text = this.bytes.toString('utf8', this.at, end);
    this.at = end + 1;
    return text;
  }

  private binary(): Binary {
    const length = this.bytes.readInt32LE(this.at);
    const subtype = this.bytes.readUInt8(this.at + 4);
    this.at += 5;
    // Of the old subtype 2 the library writes a second length itself.
    const skipped = subtype === Binary.SUBTYPE_BYTE_ARRAY ? 4 : 0;
    return new Binary(this.take(length).subarray(skipped), subtype);
  }

  /** So rare that the library reads it: as a document with this one field. */
  private codeWithScope(start: number): Code {
    const nameEnd = this.bytes.indexOf(0, start + 1);
    const body = this.take(this.bytes.readInt32LE(this.at));
    const element = Buffer.concat([this.bytes.subarray(start, nameEnd + 1), body]);
    const whole = documentOf(element);
    const [code] = Object.values(deserialize(whole, { promoteValues: false }));
    if (code instanceof Code) return code;
    throw new DatabaseError('InvalidBSON', 'Invalid BSON: code with scope could not be read');
  }

  /** The next bytes, not copied: what a value holds of them lives as long as they do. */
  private take(length: number): Buffer {
    if (length < 0 || this.at + length > this.bytes.length) {
      throw new DatabaseError('InvalidBSON', 'Invalid BSON: a value goes beyond the end of the document');
    }
    const start = this.at;
    this.at += length;
    return this.bytes.subarray(start, this.at);
  }
}

function documentOf(element: Uint8Array): Uint8Array {
  const whole = Buffer.concat([Buffer.alloc(4), element, Buffer.from([0])]);
  whole.writeInt32LE(whole.length, 0);
  return whole;
}
