import type { Value } from './values.ts';

/** What a command answers instead of its result: MongoDB's own codes, since programs decide by them. */

const CODES = {
  InternalError: 1,
  BadValue: 2,
  FailedToParse: 9,
  Unauthorized: 13,
  TypeMismatch: 14,
  Overflow: 15,
  InvalidLength: 16,
  IllegalOperation: 20,
  InvalidBSON: 22,
  NamespaceNotFound: 26,
  IndexNotFound: 27,
  PathNotViable: 28,
  CannotBackfillArray: 37,
  ConflictingUpdateOperators: 40,
  CursorNotFound: 43,
  NamespaceExists: 48,
  DollarPrefixedFieldName: 52,
  InvalidIdField: 53,
  NotSingleValueField: 54,
  EmptyFieldName: 56,
  CommandNotFound: 59,
  ImmutableField: 66,
  CannotCreateIndex: 67,
  InvalidOptions: 72,
  InvalidNamespace: 73,
  IndexOptionsConflict: 85,
  IndexKeySpecsConflict: 86,
  OutOfDiskSpace: 14031,
  InvalidPipelineOperator: 168,
  CannotIndexParallelArrays: 171,
  ConversionFailure: 241,
  NotImplemented: 238,
  BSONObjectTooLarge: 10334,
  DuplicateKey: 11000,
} as const;

export type CodeName = keyof typeof CODES;

export class DatabaseError extends Error {
  readonly code: number;
  readonly codeName: string;
  /** Fields that the reply has beside code and message, such as the key of a duplicate. */
  readonly details: ReadonlyMap<string, Value>;

  /**
   * @param code a name of the table above, or the number of one of MongoDB's many errors that have none
   *   (`Location40324`)
   */
  constructor(code: CodeName | number, message: string, details: ReadonlyMap<string, Value> = new Map()) {
    super(message);
    this.name = 'DatabaseError';
    this.code = typeof code === 'number' ? code : CODES[code];
    this.codeName = typeof code === 'number' ? `Location${code}` : code;
    this.details = details;
  }
}

/** For what MongoDB does and this database doesn't: it never answers as if it had. */
export function notImplemented(what: string): DatabaseError {
  return new DatabaseError(
    'NotImplemented',
    `${what} is not supported by the local database: set DATABASE_URI to use a real MongoDB`,
  );
}
