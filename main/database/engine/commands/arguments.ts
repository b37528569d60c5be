import { DatabaseError, notImplemented } from '../errors.ts';
import { isNumeric, toNumber } from '../numbers.ts';
import { type Document, isArray, isDocument, isTruthy, type Maybe, typeName, type Value } from '../values.ts';

/** What every command may have beside its own fields. */
const GENERIC = new Set([
  '$db',
  '$readPreference',
  '$clusterTime',
  'lsid',
  'comment',
  'maxTimeMS',
  'readConcern',
  'writeConcern',
  'apiVersion',
  'apiStrict',
  'apiDeprecationErrors',
  'collation',
  'stmtId',
  'stmtIds',
]);

/** A command's fields, each checked when it is asked for. */
export class Arguments {
  readonly db: string;
  readonly name: string;
  readonly body: Document;

  /** @param known the fields that the command has @throws {DatabaseError} 40415 for any other */
  constructor(db: string, name: string, body: Document, known: readonly string[]) {
    this.db = db;
    this.name = name;
    this.body = body;
    for (const field of body.keys()) {
      if (field === name || known.includes(field) || GENERIC.has(field)) continue;
      throw new DatabaseError(40415, `BSON field '${name}.${field}' is an unknown field.`);
    }
    checkCollation(body.get('collation'));
    checkWriteConcern(body.get('writeConcern'));
  }

  /** The collection that the command's first field names, with its database. */
  get namespace(): string {
    return `${this.db}.${this.collection}`;
  }

  get collection(): string {
    const value = this.body.get(this.name);
    if (typeof value !== 'string') {
      throw new DatabaseError('InvalidNamespace', `collection name has invalid type ${typeName(value)}`);
    }
    if (value === '')
      throw new DatabaseError('InvalidNamespace', `Invalid namespace specified '${this.db}.'`);
    return value;
  }

  get(name: string): Maybe {
    return this.body.get(name);
  }

  document(name: string): Document | undefined {
    const value = this.body.get(name);
    if (value === undefined || value === null || isDocument(value)) return value ?? undefined;
    throw wrongType(`${this.name}.${name}`, value, 'object');
  }

  array(name: string): readonly Value[] | undefined {
    const value = this.body.get(name);
    if (value === undefined || isArray(value)) return value;
    throw wrongType(`${this.name}.${name}`, value, 'array');
  }

  string(name: string): string {
    const value = this.body.get(name);
    if (typeof value === 'string') return value;
    if (value === undefined) {
      throw new DatabaseError(40414, `BSON field '${this.name}.${name}' is missing but a required field`);
    }
    throw wrongType(`${this.name}.${name}`, value, 'string');
  }

  /** A whole number, not below zero. */
  count(name: string): number | undefined {
    return wholeNumber(this.body.get(name), `${this.name}.${name}`);
  }

  flag(name: string, otherwise = false): boolean {
    const value = this.body.get(name);
    return value === undefined ? otherwise : isTruthy(value);
  }

  /** @throws {DatabaseError} NotImplemented when one of these is set */
  refuse(...names: readonly string[]): void {
    const set = names.find((name) => isTruthy(this.body.get(name)));
    if (set !== undefined) throw notImplemented(`The option ${set} of ${this.name}`);
  }
}

export function wholeNumber(value: Maybe, field: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isNumeric(value)) throw wrongType(field, value, 'number');
  const number = Math.trunc(toNumber(value));
  if (number >= 0) return number;
  throw new DatabaseError(51024, `BSON field '${field}' value must be >= 0, actual value '${number}'`);
}

function wrongType(field: string, value: Value, expected: string): DatabaseError {
  return new DatabaseError(
    'TypeMismatch',
    `BSON field '${field}' is the wrong type '${typeName(value)}', expected type '${expected}'`,
  );
}

/** Only the order of bytes. */
export function checkCollation(value: Maybe): void {
  if (value === undefined || value === null) return;
  if (isDocument(value) && (value.size === 0 || value.get('locale') === 'simple')) return;
  throw notImplemented('A collation');
}

function checkWriteConcern(value: Maybe): void {
  const w = isDocument(value) ? value.get('w') : undefined;
  if (isNumeric(w) && toNumber(w) > 1) {
    throw new DatabaseError('BadValue', "cannot use 'w' > 1 when a host is not replicated");
  }
}
