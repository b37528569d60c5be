/**
 * The DigestInfo of an RS256 signature with one of its five nodes encoded wrongly: everything BER has allowed,
 * or parsers have been taken in by. A verifier must compare with the one DER form, never parse these.
 */

type Place = 'outer' | 'inner' | 'oid' | 'null' | 'octets';

interface BerNode {
  readonly tag: number;
  readonly content: Buffer;
}

type Encode = (node: BerNode) => Buffer;

const SHA256_OID = '608648016503040201';
/** Bytes of the octet string with the hash in it. */
const OCTETS = 34;

/** Bytes from hexadecimal text, single bytes and buffers. */
function join(...parts: readonly (string | number | Buffer)[]): Buffer {
  const bytes = parts.map((part) => {
    if (typeof part === 'number') return Buffer.of(part);
    return typeof part === 'string' ? Buffer.from(part, 'hex') : part;
  });
  return Buffer.concat(bytes);
}

const der = (tag: number, content: Buffer) => join(tag, content.length, content);
const plain: Encode = ({ tag, content }) => der(tag, content);

/** With the content changed and its length right. */
const holding =
  (change: (content: Buffer) => Buffer): Encode =>
  ({ tag, content }) =>
    der(tag, change(content));

/** With another length in front of the same content. */
const measured =
  (length: (size: number) => Buffer): Encode =>
  ({ tag, content }) =>
    join(tag, length(content.length), content);

const longForm = (bytes: Buffer) => join(0x80 | bytes.length, bytes);
/** A size in as few bytes as it takes: none for 0. */
const shortest = (size: number) => (size === 0 ? Buffer.alloc(0) : Buffer.of(size));
const overflow = (bytes: number) =>
  measured((size) => longForm(join(1, Buffer.alloc(bytes - 1), Buffer.of(size))));

/** Inside a constructed node of the same type. */
const composed =
  (before: string, after = ''): Encode =>
  (node) =>
    join(der(node.tag | 0x20, join(before, plain(node))), after);

const composedWithoutLength =
  (tag: (tag: number) => number): Encode =>
  ({ tag: own, content }) =>
    join(own | 0x20, '80', der(tag(own), content), '0000');

/** The content without a length, and what ends it or doesn't. */
const indefinite =
  (end: string): Encode =>
  ({ tag, content }) =>
    join(tag, '80', content, end);

const inTwo: Encode = ({ tag, content }) =>
  der(tag | 0x20, join(der(tag, content.subarray(0, 1)), der(tag, content.subarray(1))));

const flipped = (bytes: Buffer, at: number, bits: number) => {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(at) ^ bits, at);
  return copy;
};

const ALL: readonly Place[] = ['outer', 'inner', 'oid', 'null', 'octets'];
const SEQUENCES: readonly Place[] = ['outer', 'inner'];
const FILLED: readonly Place[] = [...SEQUENCES, 'oid', 'octets'];
const STRUCTURAL: readonly Place[] = [...SEQUENCES, 'oid'];
const PRIMITIVE: readonly Place[] = ['oid', 'octets'];

type Row = readonly [places: readonly Place[], change: string, encode: Encode];

const LENGTHS: readonly Row[] = [
  [ALL, 'length in long form', measured((size) => longForm(shortest(size)))],
  [ALL, 'length with a leading 0', measured((size) => longForm(join(0, shortest(size))))],
  [ALL, 'length one too large', measured((size) => Buffer.of(size + 1))],
  [FILLED, 'length one too small', measured((size) => Buffer.of(size - 1))],
  [ALL, 'length overflows 32 bits', overflow(4)],
  [ALL, 'length overflows 64 bits', overflow(8)],
  ...['7fffffff', '80000000', 'ffffffff', 'ffffffffff', 'ffffffffffffffff'].map((hex): Row => {
    return [ALL, `length ${hex}`, measured(() => longForm(join(hex)))];
  }),
  [ALL, 'length ff', measured(() => join('ff'))],
  [FILLED, 'indefinite length without end', indefinite('')],
];

const CONTENTS: readonly Row[] = [
  [STRUCTURAL, 'removed', () => Buffer.alloc(0)],
  [FILLED, 'tag alone', ({ tag }) => join(tag)],
  [ALL, 'zeros appended', holding((content) => join(content, '0000'))],
  [FILLED, 'zeros prepended', holding((content) => join('0000', content))],
  [STRUCTURAL, 'zeros appended outside its length', (node) => join(plain(node), '0000')],
  [ALL, 'NULL appended', holding((content) => join(content, '0500'))],
  [ALL, 'composed with garbage before', composed('498177')],
  [ALL, 'composed with an empty composition before', composed('2500')],
  [ALL, 'composed with garbage behind', composed('', '0004deadbeef')],
  [ALL, 'composed with undefined tags', composed('aa00bb00cd00')],
  [ALL, 'length cut off', ({ tag }) => join(tag, '81')],
  [ALL, 'composed with an undefined tag in it', composed('aa02aabb')],
  [ALL, 'composed with indefinite length', composedWithoutLength((tag) => tag)],
  [ALL, 'composed with a wrong tag', composedWithoutLength((tag) => tag ^ 1)],
  [FILLED, 'NULL in its place', () => join('0500')],
  ...[-2, -1, 1, 2].map((by): Row => {
    return [ALL, `tag changed by ${by}`, ({ tag, content }) => der(tag + by, content)];
  }),
  [ALL, 'tag ff', ({ content }) => der(0xff, content)],
  [FILLED, 'content dropped', holding(() => Buffer.alloc(0))],
  [FILLED, 'composed of two', inTwo],
  [PRIMITIVE, 'first byte changed', holding((content) => flipped(content, 0, 0x02))],
  [PRIMITIVE, 'last byte changed', holding((content) => flipped(content, content.length - 1, 0x80))],
  [FILLED, 'last byte cut off', holding((content) => content.subarray(0, -1))],
  [FILLED, 'first byte cut off', holding((content) => content.subarray(1))],
];

const OF_SEQUENCES: readonly Row[] = [
  [SEQUENCES, 'indefinite length', indefinite('0000')],
  [SEQUENCES, 'indefinite length, half an end', indefinite('00')],
  [SEQUENCES, 'indefinite length, an element more', indefinite('05000000')],
  [SEQUENCES, 'indefinite length, a cut element more', indefinite('060811220000')],
  [SEQUENCES, 'indefinite length, garbage behind', indefinite('0000fe02beef')],
  [SEQUENCES, 'indefinite length, an end with content', indefinite('0002beef')],
  [SEQUENCES, 'empty sequence prepended', holding((content) => join('3000', content))],
  [SEQUENCES, 'empty sequence appended', holding((content) => join(content, '3000'))],
  [SEQUENCES, 'integer 0 appended', holding((content) => join(content, '020100'))],
  [SEQUENCES, 'a high tag number appended', holding((content) => join(content, 'bf7f00'))],
  [SEQUENCES, 'NULL with an explicit tag appended', holding((content) => join(content, 'a0020500'))],
  [SEQUENCES, 'NULL with an implicit tag appended', holding((content) => join(content, 'a000'))],
  [SEQUENCES, 'in another sequence', (node) => der(node.tag, plain(node))],
  [['outer'], 'hash removed', holding((content) => content.subarray(0, -OCTETS))],
  [['outer'], 'hash twice', holding((content) => join(content, content.subarray(-OCTETS)))],
];

const OF_PRIMITIVES: readonly Row[] = [
  [['oid'], 'OID of SHA-1', holding(() => join('2b0e03021a'))],
  [['oid'], 'OID longer by a node', holding((content) => join(content, '01'))],
  [['oid'], 'last node 17', holding((content) => flipped(content, content.length - 1, 0x10))],
  [['oid'], 'last node plus 2^31', holding((content) => join(content.subarray(0, -1), '8880808001'))],
  [
    ['oid'],
    'last node plus 2^64',
    holding((content) => join(content.subarray(0, -1), '82808080808080808001')),
  ],
  [['oid'], 'unfinished node', holding((content) => join(content, 'e0'))],
  [
    ['oid'],
    'node with a leading 0',
    holding((content) => join(content.subarray(0, 1), '80', content.subarray(1))),
  ],
  [['null'], 'NULL composed of undefined tags', () => join('2580aa00bb000000')],
  [['null'], 'a high tag before NULL', (node) => join('1f', plain(node))],
];

const ROWS = [...LENGTHS, ...CONTENTS, ...OF_SEQUENCES, ...OF_PRIMITIVES];

/** Every change at every node it can be made to, node by node, with the DigestInfo it gives for a hash. */
export function changedDigestInfos(
  hash: Buffer,
): readonly { readonly change: string; readonly bytes: Buffer }[] {
  return ALL.flatMap((place) =>
    ROWS.filter(([places]) => places.includes(place)).map(([, change, encode]) => ({
      change: `${place}: ${change}`,
      bytes: digestInfo(hash, place, encode),
    })),
  );
}

function digestInfo(hash: Buffer, changed: Place, encode: Encode): Buffer {
  const at = (place: Place, tag: number, content: Buffer) =>
    (place === changed ? encode : plain)({ tag, content });
  const algorithm = join(at('oid', 0x06, join(SHA256_OID)), at('null', 0x05, Buffer.alloc(0)));
  return at('outer', 0x30, join(at('inner', 0x30, algorithm), at('octets', 0x04, hash)));
}
