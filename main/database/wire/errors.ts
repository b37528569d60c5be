import type { Document } from 'bson';

/** MongoDB's errors that have to do with how a command arrives; those of the data are the engine's. */
const CODES = {
  Unauthorized: 13,
  ProtocolError: 17,
  AuthenticationFailed: 18,
  InvalidBSON: 22,
  InvalidOptions: 72,
  MechanismUnavailable: 334,
  UnsupportedOpQueryCommand: 352,
  Location40571: 40_571,
} as const;

export function failure(codeName: keyof typeof CODES, errmsg: string): Document {
  return { ok: 0, errmsg, code: CODES[codeName], codeName };
}
