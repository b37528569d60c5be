import { createHash } from 'node:crypto';
import { changedDigestInfos } from './ber.ts';
import { type PssChanges, pkcs1Block, pssBlock, saltOf, signBlock } from './rsa-blocks.ts';
import { goodExternal } from './signing.ts';
import {
  type Algorithm,
  messageOf,
  numbered,
  rsa,
  signed,
  toBytes,
  toInteger,
  type Vector,
  type VectorRow,
  withSignature,
} from './vectors.ts';

/** The RSA vectors: the block under the signature changed, and signed as it is. See `Vector`. */

const TEXTS = ['', '\0'.repeat(20), 'a', 'àáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ'];

/** Good tokens whose claims hold each text: as payloads, those of the public vectors. */
const valid = (alg: Algorithm, texts: readonly string[]) =>
  texts.map((text): VectorRow => ['none', signed(alg, alg, { ...goodExternal, jti: text }), null]);

export function pkcs1Vectors(): readonly Vector[] {
  const message = messageOf('RS256', 'rsa');
  const changed = changedDigestInfos(createHash('sha256').update(message).digest());
  const rows = changed.map(({ change, bytes }): VectorRow => {
    return [change, withSignature(message, signBlock(pkcs1Block(bytes), rsa.privateKey)), 'signature'];
  });
  return [
    ...numbered(46, rows),
    ...numbered(259, valid('RS256', [...TEXTS, 'Test'])),
    ...numbered(264, valid('RS384', TEXTS)),
    ...numbered(268, valid('RS512', TEXTS)),
  ];
}

const xor = (at: number, bits: number) => (bytes: Buffer) => {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(at) ^ bits, at);
  return copy;
};
const put = (at: number, value: number, end = at + 1) => {
  return (bytes: Buffer) => Buffer.from(bytes).fill(value, at, end);
};
const inverted = (bytes: Buffer) => Buffer.from(bytes.map((byte) => byte ^ 0xff));
const filled = (value: number) => (bytes: Buffer) => Buffer.alloc(bytes.length, value);
const followedBy = (end: Buffer) => (bytes: Buffer) => Buffer.concat([bytes, end]);

/** Where the 1 is in a data block of PS256, between the zeros and the salt. */
const ONE_AT = 190;

type PssRow = readonly [change: string, changes: PssChanges, isAccepted?: true];

const PSS_CHANGES: readonly PssRow[] = [
  ['hash: first byte, lowest bit', { mHash: xor(0, 0x01) }],
  ['hash: first byte, highest bit', { mHash: xor(0, 0x80) }],
  ['hash: last byte, lowest bit', { mHash: xor(31, 0x01) }],
  ['hash: last byte, highest bit', { mHash: xor(31, 0x80) }],
  ['hash: inverted', { mHash: inverted }],
  ...[0, 1, 20, 31, 33, 222].map((bytes): PssRow => [`salt of ${bytes} bytes`, { salt: saltOf(bytes) }]),
  ['salt of zeros', { salt: Buffer.alloc(32) }, true],
  ['salt of ones', { salt: Buffer.alloc(32, 0xff) }, true],
  ['zeros before the hash: first changed', { zeros: xor(0, 0x01) }],
  ['zeros before the hash: last changed', { zeros: xor(7, 0x80) }],
  ['zeros before the hash: all 1', { zeros: filled(1) }],
  ['H: first byte, lowest bit', { h: xor(0, 0x01) }],
  ['H: first byte, highest bit', { h: xor(0, 0x80) }],
  ['H: last byte, lowest bit', { h: xor(31, 0x01) }],
  ['H: last byte, highest bit', { h: xor(31, 0x80) }],
  ['H: zeros', { h: filled(0) }],
  ['H: ones', { h: filled(0xff) }],
  ['H: inverted', { h: inverted }],
  ['H: the hash itself', { h: (_, mHash) => mHash }],
  ['block: first zero is 1', { db: put(0, 1) }],
  ['block: last zero is 1', { db: put(ONE_AT - 1, 1) }],
  ['block: zeros are ff', { db: put(0, 0xff, ONE_AT) }],
  ['block: zeros are 80', { db: put(0, 0x80, ONE_AT) }],
  ['block: the 1 is 0', { db: put(ONE_AT, 0) }],
  ['block: the 1 is ff', { db: put(ONE_AT, 0xff) }],
  ['salt followed by zeros', { blockSalt: followedBy(Buffer.alloc(8)) }],
  ['salt followed by 0 to 7', { blockSalt: followedBy(Buffer.of(0, 1, 2, 3, 4, 5, 6, 7)) }],
  ['first byte 0', { block: put(0, 0) }],
  ...[0, 0x3c, 0xff].map((last): PssRow => [`last byte ${last}`, { block: put(255, last) }]),
];

const pssToken = (alg: Algorithm, hash: string, changes: PssChanges) => {
  const message = messageOf(alg, alg);
  return withSignature(message, signBlock(pssBlock(message, hash, changes), rsa.privateKey));
};

/** The signature itself is special, or a good one changed. */
function changeSignature(): readonly VectorRow[] {
  const message = messageOf('PS256', 'PS256');
  const good = signBlock(pssBlock(message, 'sha256'), rsa.privateKey);
  const modulus = toInteger(Buffer.from(String(rsa.jwk.n), 'base64url'));
  const special: readonly (readonly [string, Buffer])[] = [
    ['signature is 0', toBytes(0n, 256)],
    ['signature is 1', toBytes(1n, 256)],
    ['signature is n-1', toBytes(modulus - 1n, 256)],
    ['signature is n', toBytes(modulus, 256)],
    ['signature plus 106 n', toBytes(toInteger(good) + 106n * modulus, 257)],
    ['zeros before the signature', Buffer.concat([Buffer.alloc(2), good])],
    ['zeros behind the signature', Buffer.concat([good, Buffer.alloc(2)])],
    ['signature cut off', good.subarray(0, -2)],
  ];
  return special.map(([change, signature]) => [change, withSignature(message, signature), 'signature']);
}

export function pssVectors(): readonly Vector[] {
  const changed = PSS_CHANGES.map(([change, changes, isAccepted]): VectorRow => {
    return [change, pssToken('PS256', 'sha256', changes), isAccepted ? null : 'signature'];
  });
  const first = { mHash: xor(0, 0x01) };
  return [
    ...numbered(272, valid('PS256', TEXTS)),
    ...numbered(276, [...changed, ...changeSignature()]),
    ...numbered(320, valid('PS384', TEXTS)),
    ...numbered(324, [['hash: first byte', pssToken('PS384', 'sha384', first), 'signature']]),
    ...numbered(325, valid('PS512', TEXTS)),
    ...numbered(329, [
      ['hash: first byte', pssToken('PS512', 'sha512', first), 'signature'],
      ['hash: last byte', pssToken('PS512', 'sha512', { mHash: xor(63, 0x01) }), 'signature'],
    ]),
  ];
}
