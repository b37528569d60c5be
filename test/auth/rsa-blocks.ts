import { constants, createHash, type KeyObject, privateEncrypt } from 'node:crypto';

/** Blocks of RSA signatures built by hand, so that each part of them can be wrong. For keys of 2048 bits. */

const BLOCK_BYTES = 256;

/** The signature whose verifier finds just these bytes. */
export function signBlock(block: Buffer, key: KeyObject): Buffer {
  return privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, block);
}

/** EMSA-PKCS1-v1_5 (RFC 8017 §9.2) around any DigestInfo. */
export function pkcs1Block(digestInfo: Buffer): Buffer {
  const padding = Buffer.alloc(BLOCK_BYTES - 3 - digestInfo.length, 0xff);
  return Buffer.concat([Buffer.of(0, 1), padding, Buffer.of(0), digestInfo]);
}

type Change = (bytes: Buffer) => Buffer;

/** What differs from EMSA-PSS (RFC 8017 §9.1): each part is changed before what depends on it is made. */
export interface PssChanges {
  readonly salt?: Buffer;
  /** The message's hash. */
  readonly mHash?: Change;
  /** The eight zeros before it. */
  readonly zeros?: Change;
  /** The hash of both and the salt; it is given the message's hash too. */
  readonly h?: (h: Buffer, mHash: Buffer) => Buffer;
  /** The salt as it is in the data block. */
  readonly blockSalt?: Change;
  /** The data block: zeros, 1, salt. */
  readonly db?: Change;
  readonly block?: Change;
}

const same: Change = (bytes) => bytes;

export function pssBlock(message: string, hash: string, changes: PssChanges = {}): Buffer {
  const digest = (...parts: readonly Buffer[]) => createHash(hash).update(Buffer.concat(parts)).digest();
  const { mHash = same, zeros = same, h = same, blockSalt = same, db = same, block = same } = changes;
  const sound = digest(Buffer.from(message));
  const salt = changes.salt ?? saltOf(sound.length);
  const hashed = h(digest(zeros(Buffer.alloc(8)), mHash(sound), salt), sound);
  const inBlock = blockSalt(salt);
  const padding = Buffer.alloc(BLOCK_BYTES - 2 - hashed.length - inBlock.length);
  const data = db(Buffer.concat([padding, Buffer.of(1), inBlock]));
  const mask = maskOf(hashed, data.length, digest);
  const masked = Buffer.from(data.map((byte, at) => byte ^ mask.readUInt8(at)));
  masked.writeUInt8(masked.readUInt8(0) & 0x7f, 0);
  return block(Buffer.concat([masked, hashed, Buffer.of(0xbc)]));
}

/** The same salt each time. */
export const saltOf = (bytes: number) => Buffer.alloc(bytes, 'any salt will do, as long as it is the same');

/** MGF1 (RFC 8017 §B.2.1). */
function maskOf(seed: Buffer, bytes: number, digest: (...parts: readonly Buffer[]) => Buffer): Buffer {
  const count = Math.ceil(bytes / digest(seed).length);
  const parts = Array.from({ length: count }, (_, at) => digest(seed, Buffer.of(0, 0, 0, at)));
  return Buffer.concat(parts).subarray(0, bytes);
}
