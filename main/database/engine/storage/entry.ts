import { checksum } from './checksum.ts';

/** One change, as the log stores it. */
export interface Entry {
  readonly kind: EntryKind;
  /** `database.collection`. */
  readonly namespace: string;
  /** What the kind says, as BSON. */
  readonly body: Uint8Array;
}

/** The numbers are in the files. */
const KINDS = {
  /** The body is the document; one with its `_id` is replaced. */
  put: 1,
  /** `{_id}` */
  remove: 2,
  /** The collection's options. */
  create: 3,
  drop: 4,
  /** `{to}`: the new namespace. */
  rename: 5,
  /** The index's specification. */
  index: 6,
  /** `{name}` */
  dropIndex: 7,
} as const;

type EntryKind = keyof typeof KINDS;

const NAMES = new Map(Object.entries(KINDS).map(([name, number]) => [number, name as EntryKind]));

/** Length and checksum of what follows. */
export const HEAD_BYTES = 8;

export function encodeEntry({ kind, namespace, body }: Entry): Buffer {
  const name = Buffer.from(namespace);
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + 3 + name.length + body.length);
  bytes.writeUInt8(KINDS[kind], HEAD_BYTES);
  bytes.writeUInt16LE(name.length, HEAD_BYTES + 1);
  name.copy(bytes, HEAD_BYTES + 3);
  bytes.set(body, HEAD_BYTES + 3 + name.length);
  bytes.writeUInt32LE(bytes.length - HEAD_BYTES, 0);
  bytes.writeUInt32LE(checksum(bytes.subarray(HEAD_BYTES)), 4);
  return bytes;
}

/**
 * The entry in what follows the head; undefined when the bytes are not what was written. The body is a part
 * of them.
 */
export function decodeEntry(content: Buffer, expected: number): Entry | undefined {
  if (content.length < 3 || checksum(content) !== expected) return undefined;
  const kind = NAMES.get(content.readUInt8(0) as (typeof KINDS)[EntryKind]);
  const nameEnd = 3 + content.readUInt16LE(1);
  if (kind === undefined || nameEnd > content.length) return undefined;
  return { kind, namespace: content.toString('utf8', 3, nameEnd), body: content.subarray(nameEnd) };
}
