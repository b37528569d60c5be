import { constants, createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { encode, goodClaims, goodExternal, hmacToken, rsaKey, SECRET } from './signing.ts';

/**
 * What the public Wycheproof vectors for JSON Web Signatures (json_web_signature_test.json) change, made
 * again over claims and keys of the tests: theirs sign no claims, so no check here would get as far as their
 * signatures. `id` is the public vector's number (tcId).
 */
export interface Vector {
  readonly id: number;
  readonly change: string;
  readonly token: string;
  /** The check that refuses it; null: it is accepted. */
  readonly refusedAt: Refusal | null;
}

type Refusal = 'shape' | 'algorithm' | 'key' | 'signature';
export type VectorRow = readonly [change: string, token: string, refusedAt: Refusal | null];

/** Rows of vectors whose numbers follow one another. */
export const numbered = (first: number, rows: readonly VectorRow[]): readonly Vector[] =>
  rows.map(([change, token, refusedAt], at) => ({ id: first + at, change, token, refusedAt }));

export const rsa = rsaKey('wycheproof');
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const p521 = generateKeyPairSync('ec', { namedCurve: 'P-521' });
const attacker = generateKeyPairSync('ec', { namedCurve: 'P-256' });

type Signer = (data: Buffer) => Buffer;

const pkcs1 =
  (hash: string): Signer =>
  (data) =>
    sign(hash, data, rsa.privateKey);
const pss =
  (hash: string): Signer =>
  (data) =>
    sign(hash, data, {
      key: rsa.privateKey,
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
    });
const ecdsa =
  (hash: string, key: KeyObject): Signer =>
  (data) =>
    sign(hash, data, { key, dsaEncoding: 'ieee-p1363' });

const SIGNERS = {
  RS256: pkcs1('sha256'),
  RS384: pkcs1('sha384'),
  RS512: pkcs1('sha512'),
  PS256: pss('sha256'),
  PS384: pss('sha384'),
  PS512: pss('sha512'),
  ES256: ecdsa('sha256', p256.privateKey),
  ES512: ecdsa('sha512', p521.privateKey),
};

export type Algorithm = keyof typeof SIGNERS;

/** A public key and what the key set says about it. */
const jwk = ({ publicKey }: { readonly publicKey: KeyObject }, kid: string, fields: object) => ({
  ...publicKey.export({ format: 'jwk' }),
  kid,
  ...fields,
});

/** The key set of the provider. */
export const KEYS = [
  jwk(p256, 'ec', { alg: 'ES256', use: 'sig' }),
  jwk(rsa, 'rsa', { alg: 'RS256', use: 'sig' }),
  ...['RS256', 'RS384', 'RS512'].map((alg) => jwk(rsa, alg, { alg })),
  ...['PS256', 'PS384', 'PS512'].map((alg) => jwk(rsa, alg, { alg, use: 'sig' })),
  ...[{ use: 'sig' }, { key_ops: ['verify'] }].flatMap((fields, at) => [
    jwk(rsa, `figure-13-${at}`, { alg: 'RS256', ...fields }),
    jwk(rsa, `figure-20-${at}`, { alg: 'PS256', ...fields }),
    jwk(p521, `figure-27-${at}`, { alg: 'ES521', ...fields }),
  ]),
  ...[{ use: 'enc' }, { key_ops: ['encrypt'] }].flatMap((fields, at) => [
    jwk(rsa, `rsa-encrypts-${at}`, fields),
    jwk(p256, `ec-encrypts-${at}`, fields),
  ]),
];

export const messageOf = (alg: string, kid: string, claims: object = goodExternal) =>
  `${encode(JSON.stringify({ alg, kid }))}.${encode(JSON.stringify(claims))}`;

export const withSignature = (message: string, signature: Buffer) => `${message}.${encode(signature)}`;

export function signed(alg: Algorithm, kid: string, claims: object = goodExternal, by = alg): string {
  const message = messageOf(alg, kid, claims);
  return withSignature(message, SIGNERS[by](Buffer.from(message)));
}

/** Parts changed or missing, the same for each algorithm; another kid is refused at `kidCheck`. */
function changeParts(good: string, kidCheck: Refusal): readonly VectorRow[] {
  const [header = '', payload = '', signature = ''] = good.split('.');
  const changed = (part: string, from: string, to: string) =>
    encode(Buffer.from(part, 'base64url').toString().replace(from, to));
  const otherFirst = signature.startsWith('X') ? 'Y' : 'X';
  return [
    ['none', good, null],
    ['signature changed', `${header}.${payload}.${otherFirst}${signature.slice(1)}`, 'signature'],
    ['no signature', `${header}.${payload}.`, 'shape'],
    ['no signature and no dot', `${header}.${payload}`, 'shape'],
    ['payload changed', `${header}.${changed(payload, 'user-1', 'user-2')}.${signature}`, 'signature'],
    ['no payload', `${header}..${signature}`, 'shape'],
    ['no payload and no dot', `${header}.${signature}`, 'shape'],
    ['header changed', `${changed(header, '"kid":"', '"kid":"X')}.${payload}.${signature}`, kidCheck],
    ['no header', `.${payload}.${signature}`, 'shape'],
    ['no header and no dot', `${payload}.${signature}`, 'shape'],
    ['no header and no signature', `.${payload}.`, 'shape'],
    ['payload alone', payload, 'shape'],
    ['nothing', '', 'shape'],
  ];
}

const macHeader = { alg: 'HS256', kid: 'hs256' };

function moreOfHmac(): readonly VectorRow[] {
  const good = hmacToken(goodClaims, macHeader);
  const [header = '', payload = '', signature = ''] = good.split('.');
  const [unsigned = ''] = hmacToken(goodClaims, { ...macHeader, alg: 'none' }).split('.');
  const general = { payload, signatures: [{ protected: header, header: { unknown: 'x' }, signature }] };
  return [
    ['an empty part more', `${good}.`, 'shape'],
    ['a part more', `${good}.foo`, 'shape'],
    ['alg none, no signature', `${unsigned}.${payload}.`, 'shape'],
    ['JSON serialization', JSON.stringify(general), 'shape'],
  ];
}

/** Claims found by trying, whose MAC begins with three zero bytes, and with three of all ones. */
const ZEROS = { ...goodClaims, jti: '4353455' };
const ONES = { ...goodClaims, jti: '3080581' };

function changeBase64(): readonly VectorRow[] {
  // Of a length that leaves spare bits in the last letter.
  const good = hmacToken({ ...goodClaims, jti: 'x' }, macHeader);
  const [header = '', payload = '', mac = ''] = good.split('.');
  const zeros = hmacToken(ZEROS, macHeader);
  const ones = hmacToken(ONES, macHeader);
  const signedAsWritten = (first: string, second: string) =>
    withSignature(`${first}.${second}`, createHmac('sha256', SECRET).update(`${first}.${second}`).digest());
  const spare = payload.slice(0, -1) + String.fromCharCode(payload.charCodeAt(payload.length - 1) + 1);
  return [
    ['none', good, null],
    ['MAC that begins with zeros', zeros, null],
    ['MAC that begins with ones', ones, null],
    ['blanks before the MAC', `${header}.${payload}.    ${mac}`, 'shape'],
    ['"?" before the MAC', `${header}.${payload}.?${mac}`, 'shape'],
    ['"?" behind the MAC', `${good}?`, 'shape'],
    ['"?" for a zero of the MAC', zeros.replace('.AAAA', '.?AAA'), 'shape'],
    ['"?" for ones of the MAC', ones.replace('.____', '.????'), 'shape'],
    ['blanks in the header', signedAsWritten(`${header}    `, payload), 'shape'],
    ['"#" in the header', signedAsWritten(`${header}####`, payload), 'shape'],
    // The published bytes of this one and of 370 have lost their padding: they are those of 357.
    ['padded header', signedAsWritten(`${header}=`, payload), 'shape'],
    ['blanks in the payload', signedAsWritten(header, `    ${payload}`), 'shape'],
    ['"#" in the payload', signedAsWritten(header, `####${payload}`), 'shape'],
    ['padded payload', signedAsWritten(header, `${payload}=`), 'shape'],
    ['"?" in the payload', signedAsWritten(header, `?${payload}`), 'shape'],
    ['"?" put into the header', `${header.slice(0, -1)}?${header.slice(-1)}.${payload}.${mac}`, 'shape'],
    ['"?" put behind the payload', `${header}.${payload}?.${mac}`, 'shape'],
    ['spare bits of the payload set', `${header}.${spare}.${mac}`, 'shape'],
    ['spare bits of the payload set and signed', signedAsWritten(header, spare), 'shape'],
    ['blanks in the JSON header', hmacToken(goodClaims, '{ "kid" : "hs256", "alg" : "HS256" }'), null],
    ['line break in the JSON header', hmacToken(goodClaims, '{"kid":"hs256",\n\t"alg":"HS256"}'), null],
  ];
}

/** Local mode. */
export const hmacVectors = (): readonly Vector[] => [
  ...numbered(1, [...changeParts(hmacToken(goodClaims, macHeader), 'signature'), ...moreOfHmac()]),
  ...numbered(348, [['none', hmacToken(goodClaims, macHeader), null]]),
  ...numbered(352, [['none', hmacToken({ ...goodClaims, jti: '352' }, macHeader), null]]),
  ...numbered(357, changeBase64()),
];

/** Parts changed in external mode, and keys that a token brings along. */
export function partVectors(): readonly Vector[] {
  const message = messageOf('HS256', 'ec');
  const publicBytes = p256.publicKey.export({ type: 'spki', format: 'der' });
  const mac = createHmac('sha256', publicBytes).update(message).digest();
  const own = { alg: 'ES256', kid: 'ec', jwk: jwk(attacker, 'ec', { alg: 'ES256', use: 'sig' }) };
  const embedded = `${encode(JSON.stringify(own))}.${encode(JSON.stringify(goodExternal))}`;
  const signature = ecdsa('sha256', attacker.privateKey)(Buffer.from(embedded));
  return [
    ...numbered(18, [
      ...changeParts(signed('ES256', 'ec'), 'key'),
      ['HMAC with the public key', withSignature(message, mac), 'algorithm'],
      ['its own key in the header', withSignature(embedded, signature), 'shape'],
    ]),
    ...numbered(33, changeParts(signed('RS256', 'rsa'), 'key')),
  ];
}

/** Other algorithms than the key's, and none. */
export function algorithmVectors(): readonly Vector[] {
  const others: readonly Algorithm[] = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384'];
  const unsigned = (header: object) =>
    `${encode(JSON.stringify(header))}.${encode(JSON.stringify(goodExternal))}.`;
  return numbered(331, [
    ...others.flatMap((other): VectorRow[] => [
      [`${other} called PS512`, signed('PS512', 'PS512', goodExternal, other), 'signature'],
      [`${other} with a key for PS512`, signed(other, 'PS512'), 'key'],
    ]),
    ['alg none', unsigned({ alg: 'none' }), 'shape'],
    ['alg NONE', unsigned({ alg: 'NONE' }), 'shape'],
    ['alg none, kid none', unsigned({ alg: 'none', kid: 'none' }), 'shape'],
    ['alg none, a known kid', unsigned({ alg: 'none', kid: 'PS512' }), 'shape'],
  ]);
}

/** Well signed, with keys that say what they are for. */
export function keyVectors(): readonly Vector[] {
  const figures = (at: number): readonly VectorRow[] => [
    ['none', signed('RS256', `figure-13-${at}`), null],
    ['PS384 with a key for PS256', signed('PS384', `figure-20-${at}`), 'key'],
    ['ES512 with a key for "ES521"', signed('ES512', `figure-27-${at}`), 'key'],
  ];
  return [
    ...numbered(345, figures(0)),
    ...numbered(349, figures(1)),
    ...numbered(353, [
      ['use enc, RSA', signed('RS256', 'rsa-encrypts-0'), 'key'],
      ['use enc, EC', signed('ES256', 'ec-encrypts-0'), 'key'],
      ['key_ops encrypt, RSA', signed('RS256', 'rsa-encrypts-1'), 'key'],
      ['key_ops encrypt, EC', signed('ES256', 'ec-encrypts-1'), 'key'],
    ]),
  ];
}

const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

export const toInteger = (bytes: Buffer) => BigInt(`0x${bytes.toString('hex')}`);
export const toBytes = (value: bigint, bytes: number) =>
  Buffer.from(value.toString(16).padStart(2 * bytes, '0'), 'hex');

/** Values of r and s that an ECDSA verifier must look at before it computes. */
export function ecdsaVectors(): readonly Vector[] {
  const message = messageOf('ES256', 'ec');
  const sound = SIGNERS.ES256(Buffer.from(message));
  const [r, s] = [toInteger(sound.subarray(0, 32)), toInteger(sound.subarray(32))];
  const token = (first: bigint, second: bigint, bytes = 32) =>
    withSignature(message, Buffer.concat([toBytes(first, bytes), toBytes(second, bytes)]));
  const special = { '0': 0n, '1': 1n, 'n-1': P256_ORDER - 1n, n: P256_ORDER };
  const pairs = Object.entries(special).flatMap(([rName, rValue]) =>
    Object.entries(special).map(([sName, sValue]): VectorRow => {
      return [`r ${rName}, s ${sName}`, token(rValue, sValue), 'signature'];
    }),
  );
  return numbered(378, [
    ['s is n-s', token(r, P256_ORDER - s), null],
    ['a byte too long each', token(r, s, 33), 'signature'],
    ['a zero behind each', token(256n * r, 256n * s, 33), 'signature'],
    ['r plus n', token(r + P256_ORDER, s, 33), 'signature'],
    ['s plus n', token(r, s + P256_ORDER, 33), 'signature'],
    ['r plus 2^256', token(r + 2n ** 256n, s, 33), 'signature'],
    ['s plus 2^256', token(r, s + 2n ** 256n, 33), 'signature'],
    ['257 bytes each', token(r, s, 257), 'signature'],
    ...pairs,
  ]);
}
